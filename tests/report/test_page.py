"""The page of runs: the worst publisher first, each with its last runs, names escaped."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsbot.exceptions import OutputUnwritable
from newsbot.record import RunRecord
from newsbot.report import write_page


def put(runs: Path, publisher: str, hour: int, verdict: str, **outcomes: int) -> None:
    made = RunRecord(
        f"{publisher}-20201201T{hour:02}0000Z-abcdef", publisher, "news", f"2020-12-01T{hour:02}:00:00+00:00"
    )
    made.ended_at, made.verdict, made.verdict_reason = made.started_at, verdict, "<because>"
    made.outcomes = outcomes
    made.write(runs)


def test_the_worst_comes_first_with_its_figures(tmp_path: Path) -> None:
    put(tmp_path / "runs", "alder", 1, "healthy", new=4)
    put(tmp_path / "runs", "alder", 2, "healthy", new=2, changed=1, fetch_failed=3)
    put(tmp_path / "runs", "tarn", 1, "blocked", blocked=9)
    page = LexborHTMLParser(write_page(tmp_path / "runs", tmp_path / "report").read_text(encoding="utf-8"))
    rows = [[cell.text(strip=True) for cell in row.css("td")] for row in page.css("tbody tr")]
    assert [row[0] for row in rows] == ["tarn", "alder"]
    assert rows[1][1:6] == ["healthy", "2020-12-01 02:00", "2", "1", "3"]
    assert rows[0][7] == "<because>", "escaped, so it reads as written"
    assert [bar.attributes["style"] for bar in page.css("tr:last-child i")] == ["height:100%", "height:50%"]


def test_a_page_of_no_runs_is_a_page(tmp_path: Path) -> None:
    assert "0 publishers" in write_page(tmp_path / "runs", tmp_path / "report").read_text(encoding="utf-8")


def test_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "runs", "alder", 1, "healthy", new=4)
    write_page(tmp_path / "runs", tmp_path / "report")
    assert [path.name for path in (tmp_path / "report").iterdir()] == ["index.html"]


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file in its place")
    with pytest.raises(OutputUnwritable, match="NEWSBOT_OUTPUT"):
        write_page(tmp_path / "runs", tmp_path / "report")
