"""How cheap small caps are against large: the relative price since 2000, and multiples with and without losers."""
