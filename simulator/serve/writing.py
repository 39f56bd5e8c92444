"""Whole writes to a blocking descriptor."""

import os


def write_all(descriptor: int, data: bytes) -> None:
    """Writes all of `data`, blocking as long as it takes. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
