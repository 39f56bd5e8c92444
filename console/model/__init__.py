"""Plain frozen values that everything on the host shares. Imports nothing but msgspec."""
