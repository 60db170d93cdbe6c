"""Pages of surveys: the office, the rated, whoever holds a ticket."""
