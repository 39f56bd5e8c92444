"""A process that records as fast as it can and says which entries are on disk, until it is killed.

Arguments: the folder of the session, the seed of what it puts.
"""

import random
import sys
from itertools import count
from pathlib import Path

from records_kit import frame, header

from console.records import Recorder


def main() -> None:
    rng = random.Random(int(sys.argv[2]))
    recorder = Recorder(Path(sys.argv[1]), header(), _say, _say)
    for number in count():
        recorder.put(frame(number), durable=number if rng.random() < 0.2 else None)
        if number % 50 == 49:
            recorder.flush()


def _say(what: object) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    main()
