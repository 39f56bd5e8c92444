"""The link protocol as pure code: frames, messages and both ends of a session. docs/protocol.md is\nits specification; nothing in here reads a clock or a port."""
