"""How a check ends when it does not pass, and what it says."""

from drivers.link.codes import Result


class FailedError(Exception):
    """The device does not do what the document demands; the message says what it did."""


class BlockedError(FailedError):
    """The check could not begin, for a cause that others will meet as well: told once."""


class NotApplicableError(Exception):
    """The check cannot be made on this device, or not now; the message says why."""


class PortGoneError(Exception):
    """The port was lost; nothing more can be checked."""


def named(result: Result | int) -> str:
    """The name of an answer's result."""
    return result.name if isinstance(result, Result) else f"unknown code {result}"


def expect(so: bool, otherwise: str) -> None:
    """Raises FailedError with `otherwise` unless `so`."""
    if not so:
        raise FailedError(otherwise)
