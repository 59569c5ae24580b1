"""Style: growth against value among small caps."""
