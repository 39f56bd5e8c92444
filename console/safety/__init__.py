"""What must never happen: interlocks as rows, watched by pure code that can only make things safer.

The device protects itself by code of its own; nothing in here is shared with it.
"""
