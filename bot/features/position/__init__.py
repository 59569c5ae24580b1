"""Position: how many shares a stated risk allows, and how long it takes to leave."""
