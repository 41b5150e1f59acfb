"""What the project has is named in its documentation, and what is generated there is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsbot import settings
from newsbot.dataset.schema import COLUMNS
from newsbot.outcomes import ExitStatus, Outcome

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    path.name: path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}
SETTINGS = sorted(name for name in dir(settings) if name.startswith("NEWSBOT_"))
COMMANDS = sorted(
    path.stem
    for path in (ROOT / "newsbot" / "commands").glob("*.py")
    if "class Command(" in path.read_text(encoding="utf-8")
)


def test_generated_tables_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/generate_docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_operations(setting: str) -> None:
    assert f"`{setting}`" in PAGES["OPERATIONS.md"]


@pytest.mark.parametrize("status", list(ExitStatus), ids=lambda status: status.name)
def test_every_exit_status_is_in_operations(status: ExitStatus) -> None:
    assert re.search(rf"^\| {status.value} \| {status.name.lower()} \|", PAGES["OPERATIONS.md"], re.MULTILINE)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_in_operations(outcome: Outcome) -> None:
    assert f"| {outcome.value} |" in PAGES["OPERATIONS.md"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_in_the_data_dictionary(column: str) -> None:
    assert f"`{column}`" in PAGES["DATASET.md"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_operations(command: str) -> None:
    assert f"scrapy {command}" in PAGES["OPERATIONS.md"], "name it, and say what it is for"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_in_the_documentation(command: str) -> None:
    code = (ROOT / "newsbot" / "commands" / f"{command}.py").read_text(encoding="utf-8")
    text = "".join(PAGES.values())
    for option in re.findall(r'"(--[a-z-]+)"', code):
        assert re.search(rf"{option}\b", text), option


def test_there_are_commands() -> None:
    assert {"crawl", "crawlall", "dataset", "extract", "publishers"} <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_and_files_that_are_named_exist(name: str) -> None:
    text = PAGES[name]
    for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text):
        assert (ROOT / "docs" / target if name != "README.md" else ROOT / target).exists(), target
    for target in re.findall(r"`((?:docs|newsbot|tests|scripts|benchmarks)/[\w./-]*\.\w+)`", text):
        assert (ROOT / target).exists(), target


def test_the_readme_names_every_page() -> None:
    for page in PAGES.keys() - {"README.md"}:
        assert f"docs/{page}" in PAGES["README.md"]
