"""newsbot.adapt: items of users' own spiders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pydantic
import pytest
from scrapy import Field, Item

from newsbot.adapt import adapt
from newsbot.exceptions import InputError
from newsbot.items import Article

VALUES: dict[str, Any] = {
    "headline": "Ferry bought",
    "body": "A body.",
    "url": "https://tide.example/a",
    "authors": ["Jane Doe"],
}


@attrs.define
class Attrs:
    headline: str
    body: str
    url: str
    authors: list[str]


@dataclass
class Plain:
    headline: str
    body: str
    url: str
    authors: list[str] = field(default_factory=list)


class Model(pydantic.BaseModel):
    headline: str
    body: str
    url: str
    authors: list[str]


class Scrapy(Item):
    headline = Field()
    body = Field()
    url = Field()
    authors = Field()


@pytest.mark.parametrize("kind", [dict, Attrs, Plain, Model, Scrapy], ids=lambda kind: kind.__name__)
def test_every_kind_of_item_is_taken(kind: Any) -> None:
    article = adapt(kind(**VALUES))
    assert isinstance(article, Article)
    assert {name: getattr(article, name) for name in VALUES} == VALUES
    assert article.provenance["headline"] == article.provenance["authors"] == "item"


def test_single_texts_become_lists_and_unknown_fields_are_counted() -> None:
    article = adapt(
        {
            **VALUES,
            "authors": "Jane Doe",
            "keywords": ("a", 1),
            "mood": "good",
            "kind": "index",
            "section": None,
        }
    )
    assert article.authors == ["Jane Doe"] and article.keywords == ["a", "1"]
    assert article.kind == "article" and article.section is None
    assert article.counters == {"normalize/item/unknown_field": 2}


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("3 May 2024", "3 May 2024"),
        (datetime(2024, 5, 3, 4, tzinfo=UTC), "2024-05-03T04:00:00+00:00"),
        (date(2024, 5, 3), "2024-05-03"),
        (1714708800, "1714708800"),
    ],
)
def test_dates_are_left_to_normalize(value: Any, raw: str) -> None:
    article = adapt({**VALUES, "date_published": value})
    assert (article.date_published, article.date_published_raw) == (None, raw)


def test_what_is_no_item_is_refused() -> None:
    with pytest.raises(InputError, match="a spider yielded int"):
        adapt(5)
