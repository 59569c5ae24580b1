"""Calendar years: what each side returned, year by year, and who was ahead."""
