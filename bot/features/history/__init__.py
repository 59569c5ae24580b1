"""History: what followed events of one kind before, with counts, base rates and intervals."""
