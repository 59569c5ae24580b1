"""Many alerts at once: what fired together, the rarest first."""
