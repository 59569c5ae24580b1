"""The rotation graph: where funds stand against a benchmark, and which way they move."""
