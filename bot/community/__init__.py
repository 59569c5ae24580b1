"""What servers and people have configured, and what was posted for them."""
