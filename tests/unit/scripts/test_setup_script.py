"""`scripts/setup.sh`: says what is missing, and installs only what changed."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ("bash", "cmp", "cp", "dirname", "find", "mkdir", "rm", "touch")

NOW = time.time()
YESTERDAY, TOMORROW = NOW - 86_400, NOW + 86_400


class Machine:
    """A folder with the scripts, and a PATH that holds only what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.project, self.programs = folder / "project", folder / "programs"
        (self.project / "scripts").mkdir(parents=True)
        (self.project / "frontend" / "node_modules").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copy(ROOT / "scripts" / "setup.sh", self.project / "scripts")
        for tool in TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        self.calls = folder / "calls"
        self.calls.touch()

    def program(self, path: Path, body: str) -> None:
        """Put a program there that notes how it was called."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "$0 $*" >>"{self.calls}"\n{body}\n', encoding="utf-8")
        path.chmod(0o755)

    def run(self, *steps: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "scripts/setup.sh", *steps],
            cwd=self.project,
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self, word: str) -> int:
        return sum(word in line for line in self.calls.read_text(encoding="utf-8").splitlines())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_old_python_is_refused_with_what_to_install(machine: Machine) -> None:
    machine.program(machine.programs / "python3", "exit 1")
    result = machine.run("runtime")
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "apt install" in result.stderr


@pytest.mark.parametrize("version", ["18.20.0", "20.18.3"])
def test_an_old_node_is_refused_with_its_version(machine: Machine, version: str) -> None:
    machine.program(machine.programs / "npm", "")
    machine.program(
        machine.programs / "node", f'[ "$1" = --version ] && echo v{version} && exit 0; exit 1'
    )
    result = machine.run("frontend")
    assert result.returncode == 1
    assert f"Node.js 20.19 or newer is needed; this is v{version}" in result.stderr


def test_a_missing_node_is_refused(machine: Machine) -> None:
    result = machine.run("frontend")
    assert result.returncode == 1
    assert "Node.js 20.19 or newer with npm is needed and was not found" in result.stderr


def test_python_packages_are_installed_once_per_lock(machine: Machine) -> None:
    lock = machine.project / "requirements.lock"
    machine.program(machine.project / ".venv" / "bin" / "python", "exit 0")
    lock.write_text("flask==3.1.3\n", encoding="utf-8")
    for installations in (1, 1):
        assert machine.run("runtime").returncode == 0
        assert machine.called("--require-hashes --requirement requirements.lock") == installations
    lock.write_text("flask==3.1.4\n", encoding="utf-8")
    machine.run("runtime")
    assert machine.called("--require-hashes --requirement requirements.lock") == 2


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    (machine.project / "requirements.lock").write_text("flask==3.1.3\n", encoding="utf-8")
    machine.program(
        machine.project / ".venv" / "bin" / "python", 'case "$*" in *pip*) exit 1;; esac'
    )
    for attempts in (1, 2):
        assert machine.run("runtime").returncode == 1
        assert machine.called("pip install") == attempts


def test_dashboard_packages_are_installed_once_per_lock(machine: Machine) -> None:
    (machine.project / "frontend" / "package-lock.json").write_text("{}", encoding="utf-8")
    machine.program(machine.programs / "npm", "")
    machine.program(machine.programs / "node", "exit 0")
    for _ in range(2):
        assert machine.run("frontend").returncode == 0
    assert machine.called("npm ci") == 1


def test_the_dashboard_is_built_where_its_sources_changed(machine: Machine) -> None:
    frontend = machine.project / "frontend"
    for file in (
        "package-lock.json",
        "vite.config.js",
        "src/App.jsx",
        "src/old.js",
        "public/a.svg",
    ):
        (frontend / file).parent.mkdir(exist_ok=True)
        (frontend / file).write_text("{}", encoding="utf-8")
    machine.program(machine.programs / "node", "exit 0")
    machine.program(
        machine.programs / "npm", 'case "$*" in *build) mkdir -p dist; touch dist/index.html;; esac'
    )

    def built(*changed: Path) -> int:
        for path in changed:
            os.utime(path, (TOMORROW, TOMORROW))
        assert machine.run("build").returncode == 0
        # The file system's clock goes on only now and then.
        for path in (*frontend.rglob("*"), frontend):
            os.utime(path, (YESTERDAY, YESTERDAY))
        return machine.called("run --silent build")

    assert [built(), built()] == [1, 1]
    assert built(frontend / "src" / "App.jsx") == 2
    assert built(frontend / "vite.config.js") == 3
    assert built(frontend / "public" / "a.svg") == 4
    (frontend / "src" / "old.js").unlink()
    assert [built(), built()] == [5, 5]


def test_a_failed_build_is_tried_again(machine: Machine) -> None:
    frontend = machine.project / "frontend"
    for folder in ("src", "public", "dist"):
        (frontend / folder).mkdir()
    (frontend / "dist" / "index.html").touch()
    (frontend / "package-lock.json").write_text("{}", encoding="utf-8")
    machine.program(machine.programs / "node", "exit 0")
    machine.program(machine.programs / "npm", 'case "$*" in *build) exit 1;; esac')
    os.utime(frontend / "src", (TOMORROW, TOMORROW))
    assert [machine.run("build").returncode for _ in range(2)] == [1, 1]
    os.utime(frontend / "src", (YESTERDAY, YESTERDAY))
    assert machine.run("build").returncode == 1
    assert machine.called("run --silent build") == 3


def test_the_browser_is_not_installed_twice(machine: Machine) -> None:
    machine.program(machine.programs / "chromium", "")
    assert machine.run("chromium").returncode == 0


def test_an_unknown_step_is_named(machine: Machine) -> None:
    result = machine.run("everything")
    assert result.returncode == 1
    assert "there is no step 'everything'" in result.stderr
