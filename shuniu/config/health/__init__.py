"""Is it well? For the operator and for `make run`."""
