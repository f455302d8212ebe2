"""Who may import whom, and who may touch the environment and the clock."""

import ast

import pytest
from importlinter import cli

from tests.architecture.repository import ROOT, imported_names, product_modules

PURE_ROOMS = ("src/domain/", "src/strategy/", "src/engine/", "src/analytics/")
COMPOSITION = (
    "api_server.py",
    "src/backtest_queue.py",
    "src/cli",
    "src/trading_rules.py",
    "src/database/migrations/env.py",
)


def test_the_import_contracts_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    # It would switch off every logger there is, for all tests that follow in this process.
    monkeypatch.setattr("logging.config.dictConfig", lambda _configuration: None)
    kept = cli.lint_imports(no_cache=True, no_logo=True) == 0
    assert kept, capsys.readouterr().out


def test_only_the_composition_imports_the_settings() -> None:
    readers = {
        path for path, module in product_modules().items() if "src.config" in imported_names(module)
    }
    strangers = {path for path in readers if not path.startswith(COMPOSITION)}
    assert strangers == set()


def test_the_settings_know_the_domain_only() -> None:
    for path in ("src/config.py", "src/setting_values.py"):
        ours = {name for name in imported_names(product_modules()[path]) if name.startswith("src.")}
        assert all(name.startswith(("src.domain.", "src.setting_values")) for name in ours), path


def test_nothing_imports_the_composition_root_but_the_command_line() -> None:
    users = {
        path for path, module in product_modules().items() if "api_server" in imported_names(module)
    }
    assert {path for path in users if not path.startswith("src/cli")} == set()


def test_only_the_composition_reads_the_environment() -> None:
    """`src/__init__.py` sets the folder of compiled code before numba is imported."""
    allowed = {"api_server.py", "src/config.py", "src/__init__.py"}
    readers = {
        path
        for path, module in product_modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and ast.unparse(node.value) == "os"
    }
    assert {path for path in readers - allowed if not path.startswith("src/cli")} == set()


def test_the_core_never_reads_a_clock() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    offences = []
    for path, module in product_modules().items():
        if not path.startswith(PURE_ROOMS):
            continue
        if imported_names(module) & {"time", "asyncio", "sched"}:
            offences.append(f"{path} imports a clock")
        offences += [
            f"{path}:{node.lineno} {ast.unparse(node)}"
            for node in ast.walk(module)
            if isinstance(node, ast.Attribute)
            and any(ast.unparse(node).endswith(clock) for clock in clocks)
        ]
    assert offences == []
