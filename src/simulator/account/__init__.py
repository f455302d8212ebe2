"""The private side of the simulated exchange: one account, its orders, positions and streams."""
