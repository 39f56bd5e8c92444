"""The plot of a session: what it keeps, what it shows, how it is painted."""
