"""The window at the bedside. Shows snapshots, sends requests; knows no driver and no simulator."""
