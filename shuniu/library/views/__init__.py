"""Pages of the library, by what they show."""
