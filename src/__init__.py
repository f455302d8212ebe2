"""The trading system's Python rooms.

Compiled kernels are cached under `.cache/numba/<hash>`, where the hash covers every
source file of the rooms that compile. Numba's own cache checks only the file of the
calling kernel, so a change in a callee elsewhere would otherwise run stale code.
The variable is set before numba is first imported; importing this package stays cheap.
"""

import hashlib
import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_COMPILED_ROOMS = ("strategy", "exchange/paper", "analytics")


def _compiled_source_hash() -> str:
    digest = hashlib.sha256()
    for room in _COMPILED_ROOMS:
        for source in sorted((_ROOT / "src" / room).glob("**/*.py")):
            digest.update(source.relative_to(_ROOT).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


os.environ.setdefault("NUMBA_CACHE_DIR", str(_ROOT / ".cache" / "numba" / _compiled_source_hash()))
