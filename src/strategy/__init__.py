"""The ICT strategy: closed candles in, structure and setups out; pure, no clock, no network."""
