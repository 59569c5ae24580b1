"""Rates: where they are, where futures see them, and what they have done to small caps against large."""
