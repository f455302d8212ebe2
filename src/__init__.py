"""The trading system's Python rooms.

Compiled kernels are cached under `.cache/numba/<hash>`, where the hash covers every
source file that can become part of a kernel: those that compile, and all they import.
Numba's own cache checks only the file of the calling kernel, so a change in a callee
elsewhere would otherwise run stale code. The variable is set before numba is first
imported; importing this package stays cheap.
"""

import hashlib
import os
import re
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("src/strategy", "src/engine", "src/exchange/paper", "src/analytics", "src/backtest")
_KERNEL = re.compile(r"^@(?:compiled|inlined|njit)\b", re.M)
_IMPORT = re.compile(r"^from (src[\w.]*) import (\([^)]*\)|[^\n]*)", re.M)
_NAME = re.compile(r"\w+")


def compiled_sources(root: Path = _ROOT) -> list[Path]:
    """The files whose text decides what the kernels below `root` do, sorted.

    Found in the text, without importing: a kernel uses what its module imports at its top.
    """
    texts = {
        path: path.read_text(encoding="utf-8")
        for room in _ROOMS
        for path in sorted((root / room).glob("**/*.py"))
    }
    found: set[Path] = set()
    waiting = [path for path, text in texts.items() if _KERNEL.search(text)]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for module, names in _IMPORT.findall(texts[path]):
            place = root / module.replace(".", "/")
            candidates = [
                place.with_suffix(".py"),
                *(place / f"{n}.py" for n in _NAME.findall(names)),
            ]
            waiting += [imported for imported in candidates if imported in texts]
    return sorted(found)


def _compiled_source_hash() -> str:
    digest = hashlib.sha256()
    for source in compiled_sources():
        digest.update(source.relative_to(_ROOT).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


os.environ.setdefault("NUMBA_CACHE_DIR", str(_ROOT / ".cache" / "numba" / _compiled_source_hash()))
