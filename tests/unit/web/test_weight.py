"""A web worker stays small: what computes and what trades is loaded elsewhere."""

import subprocess
import sys

HEAVY = ("numba", "pandas", "pybit", "eventlet", "src.strategy", "src.engine", "src.exchange")


def test_importing_the_web_face_loads_nothing_heavy() -> None:
    program = (
        "import sys, src.web, services.auth; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
