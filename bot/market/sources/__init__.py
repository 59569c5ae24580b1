"""Vendors: one module each, from their answers to typed rows."""
