"""Who is short: an index by every weighting and denominator, a fund beside its members, a share."""
