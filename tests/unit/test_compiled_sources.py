"""Which source files decide whether compiled code on disk is still current."""

from pathlib import Path

from src import compiled_sources

STRATEGY = "src/strategy"


def write(root: Path, name: str, text: str) -> None:
    path = root / STRATEGY / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def names(root: Path) -> list[str]:
    return [path.name for path in compiled_sources(root)]


def test_a_kernel_counts_and_so_does_all_it_imports(tmp_path: Path) -> None:
    write(tmp_path, "kernel.py", "from src.strategy.zones import touch\n@compiled\ndef f(): ...\n")
    write(tmp_path, "zones.py", "from src.strategy import (\n    codes,\n    records,\n)\n")
    for name in ("codes.py", "records.py"):
        write(tmp_path, name, "")
    assert names(tmp_path) == ["codes.py", "kernel.py", "records.py", "zones.py"]


def test_a_file_that_only_uses_kernels_may_change_without_compiling_anew(tmp_path: Path) -> None:
    write(tmp_path, "kernel.py", "@njit(cache=True)\ndef f(): ...\n")
    write(tmp_path, "report.py", "from src.strategy.kernel import f\n")
    assert names(tmp_path) == ["kernel.py"]


def test_the_products_own_kernels_and_their_tables_are_found() -> None:
    found = {path.name for path in compiled_sources()}
    assert {"advance.py", "records.py", "codes.py", "state.py"} <= found
    assert "certificate.py" not in found
