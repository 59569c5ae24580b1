"""How the community database came to its present form, step by step."""
