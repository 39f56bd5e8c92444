"""A process that plays the screen until it is stopped or killed: connects, starts a freeze, and
says on stdout, a line of JSON each, which control process it has and when the freeze is well on.

Arguments: the port, the folder of the records.
"""

import json
import sys
from pathlib import Path

from e2e_screen import Screen


def main() -> None:
    screen = Screen(sys.argv[1], Path(sys.argv[2]))
    _say(control=screen.pid)
    screen.freeze()
    _say(freezing=True)
    sys.stdin.read()
    screen.close()


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
