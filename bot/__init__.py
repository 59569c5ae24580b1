"""Handoff: a Discord bot that measures who leads the market, small caps or large."""
