"""Imported once by the process that trading processes are forked from."""

# Loaded here so that no trading process has to.
import bench.crash.command  # noqa: F401
import services.trading_account  # noqa: F401
import src.database.migrate
import src.exchange.bybit
import src.monitors.monitor  # noqa: F401
from bench.crash.trader import compile_everything

compile_everything()
