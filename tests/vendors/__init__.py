"""Local vendors: a TLS server on a Unix socket that answers as Yahoo, FINRA, iShares and FRED do, faults included."""
