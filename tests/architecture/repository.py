"""The repository as text: tracked files, and Python modules as syntax trees."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every tracked file that exists, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    paths = (Path(name) for name in listed.split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def text_of(path: Path) -> str | None:
    """The file's text; None when it is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def product_modules() -> dict[str, ast.Module]:
    """Syntax trees of the product's own Python, by path relative to the root."""
    modules = {}
    for path in tracked_files():
        if path.suffix == ".py" and path.parts[0] in {"src", "services", "api_server.py"}:
            modules[path.as_posix()] = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return modules


def imported_names(module: ast.Module) -> set[str]:
    """Dotted names of everything a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names
