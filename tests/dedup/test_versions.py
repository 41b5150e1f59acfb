"""newsbot.dedup.versions: what is new in a fetched article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newsbot.dedup.exact import content_hash
from newsbot.dedup.near import sketch
from newsbot.dedup.versions import fingerprint, judge
from newsbot.items import Article

BODY = " ".join(f"Sentence {number} says something else about boat {number * 7}." for number in range(40))
FIRST = fingerprint(Article(headline="Ferry bought", body=BODY, extractor_version="1"))


def other(**fields: str | None) -> Article:
    values: dict[str, Any] = {"headline": "Ferry bought", "body": BODY, "extractor_version": "1", **fields}
    return Article(**values)


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({}, None),
        ({"headline": "FERRY BOUGHT"}, None),
        ({"extractor_version": "2"}, None),
        ({"headline": "Ferry sold"}, "headline"),
        ({"headline": "Ferry sold", "body": "All new."}, "headline"),
        ({"body": BODY.replace("Sentence 7 says", "Sentence 7 said")}, "minor"),
        ({"body": BODY[: len(BODY) // 2]}, "body"),
        ({"body": None}, "body"),
        ({"headline": "Ferry sold", "extractor_version": "2"}, "reprocessed"),
    ],
)
def test_what_changed(fields: dict[str, str | None], change: str | None) -> None:
    assert judge(FIRST, fingerprint(other(**fields))) == change


def test_the_first_sight_and_the_return_of_a_removed_article() -> None:
    assert judge(None, FIRST) == "first"
    assert judge(replace(FIRST, page_hash=None, headline_hash=None, sketch=None), FIRST) == "body"


def test_the_fingerprint_holds_the_hashes_of_its_parts() -> None:
    made = fingerprint(other())
    assert made.page_hash == content_hash("Ferry bought", BODY)
    assert made.headline_hash == content_hash("Ferry bought", None)
    assert made.sketch == sketch(BODY).hex()
    assert fingerprint(Article()).page_hash is None
