"""Pages of the check desk: the list, the desk, the second person, late entries."""
