"""When: what the calendar of the markets holds next."""
