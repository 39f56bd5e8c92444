"""One interlock a file: its limits, its watch, its words. `registry.py` puts them in order."""
