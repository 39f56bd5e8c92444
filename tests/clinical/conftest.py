"""The core on its bench is that of tests/control; records are written as in tests/report."""

import sys
from pathlib import Path

for _folder in ("control", "report"):
    sys.path.append(str(Path(__file__).parents[1] / _folder))
