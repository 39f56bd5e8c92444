"""The control process: it owns the port and the clock, runs the session, evaluates the interlocks,
leases the device and writes the record. It never blocks."""
