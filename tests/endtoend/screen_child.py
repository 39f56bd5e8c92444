"""A process that plays the screen until it is stopped or killed: connects, goes on to a step of a
treatment, and says on stdout, a line of JSON each, which control process it has and when it is
there. On a line of stdin it asks for the freeze.

Arguments: the port, the folder of the records, the step.
"""

import json
import sys
from pathlib import Path

from e2e_screen import Screen, Step


def main() -> None:
    screen = Screen(sys.argv[1], Path(sys.argv[2]))
    _say(control=screen.pid)
    step = Step(sys.argv[3])
    screen.reach(step)
    _say(reached=step)
    if sys.stdin.readline():
        screen.begin()
        sys.stdin.read()
    screen.close()


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
