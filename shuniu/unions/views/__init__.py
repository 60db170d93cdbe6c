"""Pages of unions, by noun."""
