"""Pages of scoring: the expert's desk, closing, the meeting."""
