"""The components, by what they show; `templatetags/ui.py` gathers them into one library."""
