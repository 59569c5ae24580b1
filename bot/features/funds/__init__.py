"""Funds side by side: what they cost, hold, returned and risked."""
