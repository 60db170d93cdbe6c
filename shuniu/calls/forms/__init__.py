"""One noun, one file: see README.md."""
