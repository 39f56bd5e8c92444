"""Gas, probe, thermocouple and tissue."""
