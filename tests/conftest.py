"""No run of tests stands still for ever; pyproject.toml holds the limit for a single test."""

import faulthandler

import pytest

_LONGEST_GOODBYE_SECONDS = 60


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """A thread that outlives its test would keep the process: say where it is, and end."""
    faulthandler.dump_traceback_later(_LONGEST_GOODBYE_SECONDS, exit=True)
