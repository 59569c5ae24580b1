"""The scoreboard: every measurable part of the claim, then, now and since."""
