"""The members with the most crowded shorts: a screen with its score laid open, not a list to buy."""
