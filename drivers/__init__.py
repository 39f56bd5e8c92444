"""The link to a gas console: its protocol, its ports, its driver."""
