"""What the tests of this room share."""

import threading
import time
from collections.abc import Callable

import pytest


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object], str], None]:
    """Poll a condition until it holds; fails naming what was waited for."""

    def wait(condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + 20
        pause = threading.Event()
        while not condition():
            assert time.monotonic() < deadline, f"waited 20 s for {what}"
            pause.wait(0.005)

    return wait
