"""Pages of the review's people: pool, committees, draws, undertakings, declarations."""
