"""The documents are tested: settings, commands, addresses and links must exist."""

import json
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from src.cli import create_cli_app
from src.config import VARIABLES, load_settings
from src.setting_values import PLACEHOLDERS
from tests.architecture.repository import ROOT, text_of, tracked_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / ".env.example"
SETTING_ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \| (.+) \|$", re.MULTILINE)
ASSIGNMENT = re.compile(r"^([A-Z_]+)=(.*)$")


def commands(document: str) -> list[str]:
    """Commands shown in a document: lines of its bash blocks and inline code."""
    blocks = re.findall(r"```bash\n(.*?)```", document, re.DOTALL)
    lines = [line.strip() for block in blocks for line in re.split(r"\n|&&", block)]
    return lines + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", document)


class TestSettings:
    def test_every_setting_is_in_the_readme_and_nothing_else(self) -> None:
        assert {name for name, _, _ in SETTING_ROW.findall(README)} == set(VARIABLES)

    def test_the_readme_shows_the_defaults_that_the_code_has(self) -> None:
        shown = {name: default.strip("`–") for name, default, _ in SETTING_ROW.findall(README)}
        assert shown == {name: setting.default for name, setting in VARIABLES.items()}

    def test_every_setting_is_in_the_example_and_nothing_else(self) -> None:
        assert set(dotenv_values(EXAMPLE)) == set(VARIABLES)

    def test_every_setting_in_the_example_has_its_line_of_meaning(self) -> None:
        lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            if match := ASSIGNMENT.match(line):
                assert re.match(r"# \w.{10,}", before), f"{match[1]} has no line of meaning"

    def test_the_example_holds_placeholders_examples_and_the_defaults(self) -> None:
        example = {
            name: value or ""
            for name, value in dotenv_values(EXAMPLE).items()
            if value not in PLACEHOLDERS | {"smtp.gmail.com"}
        }
        defaults = {name: setting.default for name, setting in VARIABLES.items()}
        assert example.items() <= defaults.items()

    def test_the_example_is_accepted_in_development(self) -> None:
        example = {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}
        load_settings({**example, "FLASK_ENV": "development"})


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
class TestCommands:
    def test_scripts_exist(self, document: str) -> None:
        for command in commands((ROOT / document).read_text(encoding="utf-8")):
            if match := re.match(r"(\./[\w./-]+\.sh|\.ci/run|scripts/[\w.]+)", command):
                assert (ROOT / match[1]).is_file(), command

    def test_programs_exist(self, document: str) -> None:
        for command in commands((ROOT / document).read_text(encoding="utf-8")):
            if match := re.match(r"(?:\.venv/bin/)?python -m (scripts\.\w+)", command):
                assert (ROOT / f"{match[1].replace('.', '/')}.py").is_file(), command

    def test_make_targets_exist(self, document: str) -> None:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z0-9]+):", makefile, re.MULTILINE))
        for command in commands((ROOT / document).read_text(encoding="utf-8")):
            if command.startswith("make "):
                named = {word for word in command.split()[1:] if "=" not in word}
                assert named <= targets, command

    def test_flask_commands_exist(self, document: str) -> None:
        known = set(create_cli_app().cli.commands)
        for command in commands((ROOT / document).read_text(encoding="utf-8")):
            if match := re.match(r"(?:\.venv/bin/)?flask ([\w-]+)", command):
                assert match[1] in known, command

    def test_npm_scripts_exist(self, document: str) -> None:
        package = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
        for command in commands((ROOT / document).read_text(encoding="utf-8")):
            if match := re.match(r"npm (?:run )?(\w+)", command):
                assert match[1] in {"install", "ci", *package["scripts"]}, command


def served_paths() -> set[str]:
    """Every `/api` path that a blueprint of the web room serves."""
    paths = set()
    for path in tracked_files():
        if path.parent == Path("src/web"):
            text = text_of(path) or ""
            for prefix in re.findall(r'url_prefix="([^"]+)"', text):
                routes = re.findall(r'@blueprint\.(?:get|post|put|delete)\(\s*"([^"]*)"', text)
                paths |= {prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each) for each in routes}
    return paths


def test_the_readme_describes_exactly_the_api_that_is_served() -> None:
    described = set(re.findall(r"`(?:GET|POST|PUT|DELETE) (/api/[\w/{}.-]+)`", README))
    called = set(re.findall(r"localhost:5001(/api/[\w/-]+)", README))
    assert described == served_paths()
    assert called <= described


def test_links_between_documents_lead_somewhere() -> None:
    for path in tracked_files():
        if path.suffix != ".md":
            continue
        text = text_of(path) or ""
        for target in re.findall(r"\]\(([^)]+)\)", text):
            file, _, anchor = target.partition("#")
            if "://" in file:
                continue
            assert not file or (ROOT / path.parent / file).exists(), f"{path}: {target}"
            if anchor and not file:
                headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
                assert anchor in {head.lower().replace(" ", "-") for head in headings}, target
