"""The host: what runs beside the bed."""
