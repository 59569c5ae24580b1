"""Commands: each parses, asks for a report and replies."""
