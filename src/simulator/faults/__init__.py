"""Faults on demand: what goes wrong on the simulated exchange, when, and how often."""
