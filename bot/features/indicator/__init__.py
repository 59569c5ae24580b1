"""One indicator: where it stands, and where that is in its own history."""
