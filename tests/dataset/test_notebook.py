"""docs/dataset.ipynb runs from top to bottom over a dataset of the demo newspaper, and its pictures show something.

Its code cells are run one by one in one namespace: that needs no kernel, and a warning is an error here as everywhere.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from newsbot.dataset.compact import compact
from newsbot.dataset.stream import RowStream
from newsbot.demo.newspaper import Newspaper

NOTEBOOK = json.loads((Path(__file__).parents[2] / "docs" / "dataset.ipynb").read_text(encoding="utf-8"))
CELLS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a dataset of two editions of the demo newspaper, compacted."""
    files: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for edition in ("", "b"):
        for number, truth in enumerate(Newspaper(3, 80, edition=edition).truths()):
            published = datetime.fromisoformat(str(truth["date_published"]))
            name = f"edition-{edition or 'a'}"
            row = {
                **truth,
                "article_id": f"{name}{number}",
                "version": 1,
                "publisher": name,
                "date_published": published,
            }
            row.update(
                date_modified=None, first_seen_at=published, word_count=len(str(truth["body"]).split())
            )
            files[str(truth["date"]), name].append(row)
    for (day, name), rows in files.items():
        path = tmp_path / "articles" / f"date={day}" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            stream = RowStream(file)
            assert [wrong for row in rows if (wrong := stream.add(row))] == []
            stream.close()
    assert compact(tmp_path, date(9999, 1, 1)).clustered > 20
    return tmp_path


def _run(code: str, space: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line, as a notebook shows it."""
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "a cell ends in what it shows"
    exec(compile(tree, "dataset.ipynb", "exec"), space)
    return eval(compile(ast.Expression(last.value), "dataset.ipynb", "eval"), space)


def test_the_notebook_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.figure import Figure

    monkeypatch.setenv("NEWSBOT_OUTPUT", str(root))
    space: dict[str, Any] = {}
    shown = [_run(code, space) for code in CELLS]
    figures = [value for value in shown if isinstance(value, Figure)]
    for figure in figures:
        figure.canvas.draw()
        (axes,) = figure.axes
        assert axes.get_title()
        assert axes.patches or axes.lines, "something is drawn"
    plt.close("all")
    assert len(figures) == 4
    assert len(space["articles"]) == 160
    assert int(space["by_day"].to_numpy().sum()) == 160
    assert set(space["stories"]["publishers"]) == {2}


def test_the_notebook_is_stored_without_outputs() -> None:
    for cell in NOTEBOOK["cells"]:
        assert not cell.get("outputs"), "outputs hold text of articles, and change with every run"
        assert cell.get("execution_count") is None
