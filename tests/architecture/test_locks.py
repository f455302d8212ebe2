"""The locks: complete, hashed, and one a subset of the other."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.repository import ROOT

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*])?==(?P<version>[^ ;]+)")


def pins(lock: str) -> set[tuple[str, str]]:
    """(name, version) of every package in a lock; a package may have one version per Python."""
    found: set[tuple[str, str]] = set()
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := PINNED.match(line):
            found.add((canonicalize_name(match["name"]), match["version"]))
    return found


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_requirement_is_locked_within_its_bounds(name: str) -> None:
    locked = pins(f"{name}.lock")
    for line in Path(ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "-")):
            continue
        wanted = Requirement(line)
        versions = [version for key, version in locked if key == canonicalize_name(wanted.name)]
        assert versions, f"{line} is not in {name}.lock: run make lock"
        assert all(wanted.specifier.contains(version) for version in versions), line


def test_the_development_lock_holds_everything_that_production_runs() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_carries_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, entry
