"""Pure metrics over trades and equity: one implementation for the dashboard and the backtest."""
