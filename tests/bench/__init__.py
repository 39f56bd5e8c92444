"""`make bench`: every figure that the project claims, measured in one run."""
