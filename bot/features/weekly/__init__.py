"""The weekly summary: what the week was, what changed, what comes next, in one picture."""
