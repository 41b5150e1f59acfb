"""Tests of benchmarks.predict and speed: lines for any folder, as a module and as a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.predict import body_of
from newsbot.items import Article, Block
from tests.benchmarks.test_pages import ROW, write_corpus
from tests.extract.blocks import SENTENCE, news_page

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("command", [["benchmarks/predict.py"], ["-m", "benchmarks.predict"]])
def test_each_page_gives_a_line(command: list[str], tmp_path: Path) -> None:
    write_corpus(tmp_path / "isles", [ROW], news_page())
    done = subprocess.run(
        [sys.executable, *command, str(tmp_path / "isles")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (line,) = done.stdout.splitlines()
    row = json.loads(line)
    assert sorted(row) == ["authors", "body", "date", "id", "title"]
    assert (row["id"], row["title"], row["date"], row["authors"]) == ("a", "Ferry leaves", None, [])
    assert row["body"].count(SENTENCE.strip()) == 6


def test_a_page_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    write_corpus(tmp_path / "isles", [ROW], "")
    output = tmp_path / "lines"
    subprocess.run(
        [sys.executable, "benchmarks/predict.py", str(tmp_path / "isles"), "--output", str(output)],
        cwd=ROOT,
        check=True,
        timeout=120,
    )
    assert "is empty" in json.loads(output.read_text())["error"]


def test_a_shown_standfirst_stands_first() -> None:
    blocks = [
        Block("Head", role="headline"),
        Block("Text.", role="body"),
        Block("Lead.", role="standfirst"),
        Block("Gone.", role="standfirst", kept=False),
        Block("More.", role="quote"),
    ]
    assert body_of(Article(blocks=blocks)) == "Lead.\n\nText.\n\nMore."


def test_the_text_is_as_the_page_wrote_it() -> None:
    article = Article(body="Fährmann", blocks=[Block("Fa\u0308hr\u00admann")])
    assert body_of(article) == "Fa\u0308hr\u00admann"
