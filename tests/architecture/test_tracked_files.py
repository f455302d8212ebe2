"""What may stand in a tracked file, and how long it may be."""

import re
from pathlib import Path

from tests.architecture.repository import ROOT, text_of, tracked_files

MAX_LINES = 320
CODE = {".py", ".js", ".jsx", ".css", ".sh", ".mjs"}
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|home|Users|work|farm|workspace)/[\w.]")
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|file:")


def is_code(path: Path) -> bool:
    return path.suffix in CODE or path.parts[0] == ".ci"


def test_code_files_are_short_enough_to_read_in_one_go() -> None:
    long = {
        path.as_posix(): lines
        for path in tracked_files()
        if is_code(path) and (lines := len((text_of(path) or "").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    offences = [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in tracked_files()
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert offences == []


def test_requirements_and_locks_name_packages_and_never_a_host() -> None:
    offences = [
        f"{path}:{number}: {line.strip()}"
        for path in tracked_files()
        if path.name.startswith("requirements")
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if ADDRESS.search(line)
    ]
    assert offences == []


def test_the_dashboard_lock_names_packages_and_never_a_host() -> None:
    lock = text_of(Path("frontend/package-lock.json"))
    assert lock is not None
    assert '"resolved"' not in lock


def test_secrets_and_recorded_candles_stay_out() -> None:
    unwanted = [
        path.as_posix()
        for path in tracked_files()
        if path.name == ".env" or path.suffix in {".db", ".csv", ".parquet", ".sqlite"}
    ]
    assert unwanted == []


def test_scripts_that_people_start_are_executable() -> None:
    shell = [path for path in tracked_files() if path.suffix == ".sh" or path.parts[0] == ".ci"]
    assert shell
    for path in shell:
        assert (ROOT / path).stat().st_mode & 0o111, f"{path} is not executable"
