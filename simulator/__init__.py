"""A gas console with a probe in a patient, as a process of its own that speaks the real bytes."""
