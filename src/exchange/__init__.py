"""Venue adapters, side by side: Bybit and the paper venue."""
