"""Alerts: rules on indicators, tried on history before they are switched on."""
