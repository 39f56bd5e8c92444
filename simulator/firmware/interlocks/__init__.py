"""The device's own interlocks: a table of rows, and what runs it. Nothing in here is shared with
the host's."""
