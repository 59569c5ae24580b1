"""Risks: four gauges from calm to stressed, each with its inputs in view."""
