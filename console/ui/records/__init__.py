"""Records: sessions found, read, added to, and their freezes over time."""
