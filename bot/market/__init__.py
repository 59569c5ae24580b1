"""Market data: where it comes from, where it is kept, what was known on a day."""
