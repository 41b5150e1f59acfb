"""docs/CLEANING.md names every rule."""

from __future__ import annotations

from pathlib import Path

from newsbot.clean.rules import RULES


def test_the_documentation_names_every_rule() -> None:
    text = (Path(__file__).parents[2] / "docs" / "CLEANING.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"| `{rule.__name__}` |" in text
