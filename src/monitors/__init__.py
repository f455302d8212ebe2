"""Drives the engine with real time: market feed, one worker thread, lease and health."""
