"""Where log lines go: everything to standard error, the monitor's also to its own file.

`start_dev.sh` sends standard error to logs/api.log. The engine's rooms log under the name
`monitor`, so `tail -f logs/monitor.log` shows what is traded and why, and nothing else.
"""

import logging
import logging.handlers
from pathlib import Path

FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
CONSOLE = "product-console"
ENGINE_LOGGERS = ("monitor", "src.exchange", "src.engine", "pybit")


def configure_logging(directory: Path) -> None:
    """Install the handlers once per process. Creates `directory` if needed."""
    root = logging.getLogger()
    if any(handler.get_name() == CONSOLE for handler in root.handlers):
        return
    formatter = logging.Formatter(FORMAT)
    console = logging.StreamHandler()
    console.setFormatter(formatter)
    console.set_name(CONSOLE)
    root.addHandler(console)
    root.setLevel(logging.INFO)
    directory.mkdir(parents=True, exist_ok=True)
    file = logging.handlers.WatchedFileHandler(directory / "monitor.log")
    file.setFormatter(formatter)
    for name in ENGINE_LOGGERS:
        logging.getLogger(name).addHandler(file)
