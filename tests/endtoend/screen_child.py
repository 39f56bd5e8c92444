"""A process that plays the screen until it is stopped or killed: connects, goes on to a phase of a
treatment, and says on stdout, a line of JSON each, which control process it has and when it is
there.

Arguments: the port, the folder of the records, the phase.
"""

import json
import sys
from pathlib import Path

from e2e_screen import Screen

from console.model.snapshot import Phase


def main() -> None:
    screen = Screen(sys.argv[1], Path(sys.argv[2]))
    _say(control=screen.pid)
    phase = Phase(sys.argv[3])
    screen.reach(phase)
    _say(reached=phase)
    sys.stdin.read()
    screen.close()


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
