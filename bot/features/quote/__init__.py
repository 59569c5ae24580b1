"""One symbol at a glance: close, changes, distance from its high, short interest, size and index membership."""
