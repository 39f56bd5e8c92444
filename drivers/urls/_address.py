"""What a `sim://` URL says, as arguments of `python -m simulator`."""

from drivers.inputs.address import AddressError, simulator


def arguments(url: str) -> list[str]:
    """Arguments for the simulator of `url`. Raises ValueError with one line for a person."""
    found = simulator(url)
    if found is None:
        raise AddressError(f"{url}: not a sim:// address")
    options = [f"--{name.replace('_', '-')}={value}" for name, value in found.options]
    return ["--stdio", "--gas", found.gas, *options]
