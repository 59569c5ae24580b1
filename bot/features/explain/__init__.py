"""What a figure means: its definition, and where the latest card has it."""
