"""A Bybit-V5-compatible exchange on loopback, fed by recorded candles or a seeded market."""
