"""History: the live strategy, engine and paper venue over stored candles, only faster."""
