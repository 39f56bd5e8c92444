"""Alarms as they are seen and heard."""
