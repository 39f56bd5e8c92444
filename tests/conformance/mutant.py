"""One mutant of the simulator as a process: `python -m tests.conformance.mutant NAME --pty LINK`.

Several NAMEs with a + between them are planted together. NAME `healthy` is
the simulator as it is, `real` the same but for its word that it is simulated.
"""

import sys

from simulator.firmware import settings
from simulator.options import main
from tests.conformance.mutants import MUTANTS
from tests.conformance.mutation import replace


def run(arguments: list[str]) -> int:
    """The simulator's exit status; 2 for a name that is not known."""
    name, *rest = arguments or [""]
    if name == "real":
        _pretend()
    elif name != "healthy":
        for one in name.split("+"):
            if one not in MUTANTS:
                print(f"{one}: no such mutant; there are {', '.join(MUTANTS)}", file=sys.stderr)
                return 2
            MUTANTS[one].patch()
    return main(rest)


def _pretend() -> None:
    from simulator import station

    before = settings.settings_for
    station.settings_for = lambda gas, **named: replace(before(gas, **named), simulated=False)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
