"""How gunicorn serves this app; loaded by itself from the working directory.

One serving mode (docs/adr): gthread workers with WebSocket-only Socket.IO. The master prepares the
database once before any worker forks and runs the market simulator as its child when the market is
simulated; every worker then stands by for the engine and exactly one is elected.
"""

import json
import os
import subprocess
import sys
from typing import Any

bind = "0.0.0.0:5001"
workers = 1
worker_class = "gthread"
threads = 256
timeout = 60
graceful_timeout = 5
keepalive = 15
control_socket_disable = True

_simulator: list[subprocess.Popen[bytes]] = []


def on_starting(server: Any) -> None:
    """Migrate, settle the market, compile; then start the simulator if it is the market."""
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "prepare"], check=True)
    market = json.loads(
        subprocess.run(
            [*flask, "market", "show", "--json"], check=True, stdout=subprocess.PIPE
        ).stdout
    )
    if market["market"] == "simulator" and not market["simulator_answers"]:
        port = market["simulator_url"].rsplit(":", 1)[1]
        server.log.info("starting the market simulator on port %s", port)
        where = ["--port", port, "--data-directory", market["data_directory"]]
        what = ["--symbols", market["symbols"], "--exit-with-parent"]
        what += ["--account"] if market["account"] else []
        _simulator.append(subprocess.Popen([*flask, "simulator", *where, *what]))


def post_worker_init(worker: Any) -> None:
    """Start the event relay and stand by for the engine, after the fork."""
    worker.wsgi.extensions["runtime"].start()


def worker_exit(_server: Any, worker: Any) -> None:
    """Hand the engine over before the process ends."""
    application = getattr(worker, "wsgi", None)
    if application is not None:
        application.extensions["runtime"].stop()


def on_exit(server: Any) -> None:
    """End the simulator with the server that started it."""
    if os.getpid() != server.pid:
        return
    for child in _simulator:
        child.terminate()
        child.wait(timeout=10)
