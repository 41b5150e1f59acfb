"""The two pages the project started from, and the repository's own pages of the same build, through the whole chain."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from newsbot import publishers
from newsbot.chain import read
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher

FIXTURES = Path(__file__).parent / "fixtures"
SEEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RT = publishers.load("rt", [], {})
TIDE = replace(RT, name="tide", site="https://www.tidewater.example", title="Tidewater")


def page_of(body: bytes, url: str | None = None) -> Page:
    return Page(url=url, body=body, fetched_at=SEEN, status=None, media="html" if url else "text")


def value(article: Article, field: str) -> Any:
    found = getattr(article, field)
    return f"{found:%Y-%m-%dT%H:%M:%SZ}" if isinstance(found, datetime) else found


def differences(article: Article, expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return field -> (found, expected) of every field of an expected record that is not met."""
    fields = expected.keys() - {"partition", "removed"}
    found = {field: (value(article, field), expected[field]) for field in fields}
    if "partition" in expected:
        found["partition"] = f"date={article.date_published:%Y-%m-%d}", expected["partition"]
    return {field: pair for field, pair in found.items() if pair[0] != pair[1]}


def leaves(article: Article) -> str:
    return "\n".join(filter(None, (article.headline, article.description, article.body)))


def test_the_seed_dump_gives_its_expected_record(shared: Path) -> None:
    article = read(page_of((shared / "seed" / "article.txt").read_bytes()), RT)
    expected = orjson.loads((shared / "seed" / "article.expected.json").read_bytes())
    assert not differences(article, expected)
    assert leaves(article).count(expected["headline"]) == 1
    for removed in (*expected["removed"][:1], *expected["removed"][2:]):
        assert removed not in leaves(article)
    assert not article.problems


def test_the_seed_page_gives_its_expected_record(shared: Path) -> None:
    expected = orjson.loads((shared / "seed" / "rt-2019-11-20.expected.json").read_bytes())
    body = gzip.decompress((shared / "seed" / "rt-2019-11-20.html.gz").read_bytes())
    article = read(page_of(body, expected["url"]), RT)
    assert not differences(article, expected)
    assert article.kind == "article"


def test_our_own_dump_of_the_same_build() -> None:
    article = read(page_of((FIXTURES / "dumps" / "ferry.txt").read_bytes()), TIDE)
    assert not differences(
        article,
        {
            "headline": "Harbour board ‘will not wait’ for new ferry, but islanders doubt the old one lasts the winter",
            "description": (
                "The port’s governing body says crossings go on with the ferry it has until a replacement is bought. "
                "Islanders point to three breakdowns since New Year."
            ),
            "date_published": "2019-03-14T08:05:00Z",
            "date_published_raw": "14 Mar, 2019 08:05",
            "date_precision": "minute",
            "authors": [],
            "in_language": "en",
            "publisher": "tide",
            "url": None,
            "partition": "date=2019-03-14",
        },
    )
    assert article.body is not None and article.body.startswith("In a statement read out on Wednesday")
    assert article.body.endswith("“sharp words on the quay.”")
    assert article.body.count("\n\n") == 4
    assert "Also on" not in article.body and "Share" not in article.body and "icon" not in article.body


def test_our_own_page_of_the_same_build() -> None:
    url = "https://www.tidewater.example/isles/4711-second-hand-ferry/"
    article = read(page_of((FIXTURES / "pages" / "ferry.html").read_bytes(), url), TIDE)
    lead = (
        "A boat bought second-hand has reached the island after four winters without a night crossing, to the relief of "
        "pilots and bakers alike."
    )
    assert not differences(
        article,
        {
            "headline": "‘It floats and it is ours’: islanders greet second-hand ferry after four winters of waiting",
            "description": lead,
            "date_published": "2019-03-14T08:05:00Z",
            "date_modified": "2019-03-14T09:31:12Z",
            "section": "Isles",
            "keywords": ["Ferry"],
            "authors": [],
            "canonical_url": url,
            "image_url": "https://cdn.tidewater.example/files/2019.03/ferry.jpg",
            "in_language": "en",
            "partition": "date=2019-03-14",
        },
    )
    assert article.body is not None
    assert [part.split()[0] for part in article.body.split("\n\n")] == ["The", "Board", "A", "“It"]


@pytest.mark.parametrize(
    "closer",
    [
        "Think your friends would be interested? Share this story!",
        "Like this story? Share it with a friend!",
        "If you like this story, share it with a friend!",
        "Subscribe to our newsletter to get stories like this to your mailbox.",
    ],
)
def test_the_last_prompts_wording_changes_from_page_to_page(closer: str) -> None:
    text = (FIXTURES / "dumps" / "ferry.txt").read_text(encoding="utf-8")
    asked = "Think your neighbours would be interested? Share this story!"
    assert asked in text
    article = read(page_of(text.replace(asked, closer).encode()), TIDE)
    assert article.body is not None and article.body.endswith("“sharp words on the quay.”")


def test_a_dump_names_no_url_so_its_content_makes_its_id() -> None:
    body = (FIXTURES / "dumps" / "ferry.txt").read_bytes()
    one, again = (read(page_of(body), TIDE) for _ in range(2))
    other = read(page_of(body.replace(b"Harbour board", b"Port board")), TIDE)
    elsewhere = read(page_of(body), Publisher(name="elsewhere", site="https://elsewhere.example"))
    assert one.article_id == again.article_id and len(one.article_id or "") == 32
    assert len({one.article_id, other.article_id, elsewhere.article_id}) == 3
