"""How many take part: shares above their averages, equal against cap weight, the seven against small caps."""
