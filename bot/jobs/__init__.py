"""Work that falls due: schedules, deliveries, alerts."""
