"""Allocation: what a portfolio holds by size of company, and where its risk comes from."""
