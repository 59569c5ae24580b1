"""An alert: what its rule would have done since its indicator began, and what it looks like when it fires."""
