"""The simulator as a process."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.ports import free_port
from src.cli import simulator
from src.domain.errors import InvalidInput, Unavailable
from src.exchange.bybit.simulator_control import SimulatorStatus, market_status
from src.simulator.command import simulator_command
from src.simulator.state import STATE_FILE
from tests.integration.simulator.following import wait_until

SERVE = (
    "import sys, logging; from pathlib import Path; "
    "from src.simulator.command import simulator_command; "
    "logging.basicConfig(level=logging.INFO); "
    "simulator_command(int(sys.argv[1]), [], None, 9, False, None, Path(sys.argv[2]), "
    "{exit_with_parent}, ['BTCUSDT'])"
)


def status_of(port: int) -> SimulatorStatus | None:
    try:
        return market_status(f"http://127.0.0.1:{port}")
    except Unavailable:
        return None


@contextmanager
def killed_at_the_end(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """A test that fails must not wait for a process that nobody ends."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_sigterm_ends_it_cleanly_and_seed_is_kept(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", SERVE.format(exit_with_parent=False), str(port), str(tmp_path)]
    with killed_at_the_end(subprocess.Popen(command, stderr=subprocess.PIPE, text=True)) as process:
        wait_until(lambda: status_of(port) is not None)
        status = status_of(port)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert status is not None
    assert (status.mode, status.seed) == ("realtime", 9)
    assert process.returncode == 0
    assert "synthetic market with seed 9; BTCUSDT, realtime; market time" in said
    assert "Simulated exchange stopped." in said
    assert (tmp_path / STATE_FILE).exists()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput, match=f"cannot listen on 127.0.0.1:{port}"):
            simulator_command(port, [], None, 9, False, None, tmp_path, False, ["BTCUSDT"])


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    port = free_port()
    child = [sys.executable, "-c", SERVE.format(exit_with_parent=True), str(port), str(tmp_path)]
    parent = f"import subprocess, time; subprocess.Popen({child!r}); time.sleep(600)"
    with killed_at_the_end(
        subprocess.Popen([sys.executable, "-c", parent], stderr=subprocess.DEVNULL, text=True)
    ) as process:
        wait_until(lambda: status_of(port) is not None)
        process.kill()
    wait_until(lambda: status_of(port) is None)


def test_a_fault_script_that_cannot_be_read_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text("faults: [{fault: gremlin}]")
    told = CliRunner().invoke(
        simulator, ["--faults", str(script), "--data-directory", str(tmp_path)]
    )
    assert told.exit_code == 1
    assert "A fault is one of: timeout" in told.output
    assert list(tmp_path.iterdir()) == [script]
