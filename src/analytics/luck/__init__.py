"""How much of a result may be luck: pure functions, every random one with a seed."""
