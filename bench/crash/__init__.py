"""Kill the trading process, and the exchange, at chosen points; compare both books afterwards."""
