"""How a headless run comes to hear the simulated patient."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from console.simulated_patient import (
    OpenChannel,
    SimulatedPatient,
    UnheardError,
    control_of,
    with_control,
)
from drivers.inputs.address import is_simulator


@contextmanager
def listening(
    url: str, control: Path | None, open_channel: OpenChannel
) -> Iterator[tuple[str, SimulatedPatient]]:
    """The patient of the simulator at `url`, and the address to open so that it can be heard.

    A simulator that the run starts itself (sim://) opens its control channel at a place of its own,
    unless the address names one. One that runs already is heard at `control`. Raises UnheardError
    when nothing says where.
    """
    if not is_simulator(url):
        if control is None:
            raise UnheardError(
                f"{url}: [stimulation] takes the answer of the simulated patient of a sim:// port; "
                "a simulator that runs already is asked by --control LINK"
            )
        with closing(SimulatedPatient(control, open_channel)) as patient:
            patient.open()
            yield url, patient
        return
    if control is not None:
        raise UnheardError(f"--control: write control={control} in the address, {url}")
    named = control_of(url)
    with tempfile.TemporaryDirectory(prefix="cryoprobe-") as folder:
        link = named or Path(folder) / "control"
        with closing(SimulatedPatient(link, open_channel)) as patient:
            yield url if named else with_control(url, link), patient
