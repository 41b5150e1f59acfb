"""docs/DATASET.md is true: its dictionary is the schema's, its snippets run and read the same rows."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsbot.dataset.schema import SCHEMA

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "DATASET.md").read_text(encoding="utf-8")
GENERATOR = runpy.run_path(str(ROOT / "scripts" / "generate_dataset_docs.py"))
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_dictionary_is_up_to_date() -> None:
    assert GENERATOR["generate"](PAGE) == PAGE, "run python scripts/generate_dataset_docs.py"


def test_every_column_has_its_type_and_meaning() -> None:
    table = re.findall(r"^\| `(\w+)` \| `?([^|]+?)`? \| (.{20,}) \|$", PAGE, flags=re.MULTILINE)
    assert [name for name, _, _ in table] == [*SCHEMA.names, "date"]
    types = {name: kind for name, kind, _ in table}
    assert types["keywords"] == "list<string>"
    assert types["date_published"] == "timestamp[us, tz=UTC]"


def test_a_changed_page_is_told(tmp_path: Path) -> None:
    changed = PAGE.replace("Names of persons", "Names of cats")
    assert changed != PAGE
    assert GENERATOR["generate"](changed) == PAGE


def _run(code: str) -> Any:
    """Run a snippet; return the value of its last line."""
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    space: dict[str, Any] = {}
    exec(compile(tree, "DATASET.md", "exec"), space)
    return eval(compile(ast.Expression(last.value), "DATASET.md", "eval"), space)


@pytest.mark.parametrize("code", SNIPPETS, ids=[code.split()[1] for code in SNIPPETS])
def test_the_snippets_read_the_rows(
    code: str,
    put: Callable[..., Path],
    article: Callable[..., dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demo = {"publisher": "demo", "word_count": 600}
    put("2026-02-01", "a", [article("a", **demo), article("b", **demo)], root=tmp_path / "output")
    put("2026-02-02", "b", [article("c", **demo)], root=tmp_path / "output")
    monkeypatch.chdir(tmp_path)
    rows = _run(code)
    assert (len(rows) if hasattr(rows, "__len__") else rows.height) == 3
    names = list(rows.column_names if hasattr(rows, "column_names") else rows.columns)
    assert names == [*SCHEMA.names, "date"]
