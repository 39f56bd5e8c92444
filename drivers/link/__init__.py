"""The link protocol as pure code: frames, messages and both ends of a session.

docs/protocol.md is its specification. Nothing in here reads a clock or a port.
"""
