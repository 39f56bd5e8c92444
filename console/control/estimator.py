"""The door to the estimate's process: samples in, estimates out. It can be late or dead; the loop
neither waits for it nor needs it."""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from console.model.estimate import Estimate
from console.model.snapshot import Sample

_END_S: Final = 2.0


class Estimator:
    """`on_estimate` is called on a thread of its own for each estimate, in order."""

    def __init__(self, on_estimate: Callable[[Estimate], None]) -> None:
        self._on_estimate = on_estimate
        self._change = threading.Condition()
        self._queue: deque[Sample | None] = deque()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "console.estimate"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=os.name == "posix",
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._reader = threading.Thread(target=self._read, name="estimate reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="estimate writer", daemon=True)
        self._reader.start()
        self._writer.start()

    def feed(self, sample: Sample) -> None:
        """Gives one sample; never blocks."""
        with self._change:
            self._queue.append(sample)
            self._change.notify()

    def finish(self, within_s: float) -> bool:
        """Waits until every sample fed is reckoned, at most `within_s`; whether it was."""
        with self._change:
            self._queue.append(None)
            self._change.notify()
        self._reader.join(within_s)
        done = not self._reader.is_alive()
        self.close()
        return done

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait(_END_S)

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        encode = msgspec.json.Encoder().encode
        try:
            while True:
                with self._change:
                    self._change.wait_for(lambda: len(self._queue) > 0)
                    samples = list(self._queue)
                    self._queue.clear()
                for sample in samples:
                    if sample is None:
                        pipe.close()
                        return
                    pipe.write(encode(sample) + b"\n")
                pipe.flush()
        except (OSError, ValueError):
            return  # it is dead: no more estimates, and the screen shows none

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        decoder = msgspec.json.Decoder(Estimate)
        try:
            with pipe:
                for line in pipe:
                    self._on_estimate(decoder.decode(line))
        except (OSError, ValueError) as error:
            print(f"cryoprobe: the estimate ended: {error}", file=sys.stderr)
