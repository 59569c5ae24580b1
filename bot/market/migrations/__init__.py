"""The history of the market store's tables."""
