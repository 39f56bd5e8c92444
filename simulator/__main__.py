"""The simulated device as a program of its own."""

import sys

from simulator.options import main

sys.exit(main())
