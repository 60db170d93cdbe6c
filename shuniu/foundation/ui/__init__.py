"""The look: base templates, components, tokens, scripts. Knows nothing of unions."""
