"""The core on its bench is that of tests/control."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "control"))
