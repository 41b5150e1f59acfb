"""Tests of benchmarks.pages: folders of labelled pages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.pages import corpus_hash, read_folder, read_folders


def write_corpus(folder: Path, rows: Sequence[Mapping[str, str]], html: str = "<p>x") -> None:
    folder.mkdir(parents=True)
    # A line separator of Unicode in a text is no end of a line.
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "truth.jsonl").write_text(text + "\n", encoding="utf-8")
    for row in rows:
        (folder / f"{row['id']}.html.gz").write_bytes(gzip.compress(html.encode()))


ROW = {"id": "a", "url": "https://www.herald.co.uk/a", "body": "one\u2028two", "encoding": "utf-8"}


def test_a_page_comes_with_its_declared_charset_and_domain(tmp_path: Path) -> None:
    write_corpus(tmp_path / "isles", [ROW])
    (labelled,) = read_folder(tmp_path / "isles")
    page = labelled.page()
    assert (labelled.corpus, labelled.domain) == ("isles", "herald.co.uk")
    assert (page.url, page.body, page.header("content-type")) == (
        ROW["url"],
        b"<p>x",
        "text/html; charset=utf-8",
    )
    assert labelled.truth["body"] == "one\u2028two"


def test_folders_are_read_in_order(tmp_path: Path) -> None:
    write_corpus(tmp_path / "b", [ROW])
    write_corpus(tmp_path / "a", [ROW, {**ROW, "id": "c"}])
    assert [(page.corpus, page.truth["id"]) for page in read_folders(tmp_path)] == [
        ("a", "a"),
        ("a", "c"),
        ("b", "a"),
    ]


def test_the_hash_tells_other_pages(tmp_path: Path) -> None:
    write_corpus(tmp_path / "one" / "a", [ROW])
    write_corpus(tmp_path / "two" / "a", [ROW], "<p>other")
    assert corpus_hash(tmp_path / "one") == corpus_hash(tmp_path / "one")
    assert corpus_hash(tmp_path / "one") != corpus_hash(tmp_path / "two")


def test_a_folder_without_truth_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"truth\.jsonl is missing"):
        read_folder(tmp_path)
    with pytest.raises(SystemExit, match="holds no folder"):
        read_folders(tmp_path)
