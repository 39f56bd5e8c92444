"""pyserial's handlers for URLs of our own; `drivers.transport` registers this package."""
