"""The garbage collector does not stop a test process for long: what is imported lives on, and to
walk through all of it takes a quarter of a second."""

import gc


def pytest_configure() -> None:
    """Hardly anything dies while tests are collected."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on only what comes later is looked through."""
    gc.freeze()
    gc.enable()
