"""What stands at an article's URL and is no article, and pages built to hurt."""

from __future__ import annotations

import json
import re

import pytest

from newsbot.demo.server import Server
from tests.demo.nasty.visiting import meet


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("error_page", 200, "can’t be found"),
        ("server_error_page", 200, "Internal Server Error"),
        ("consent_wall", 200, "We value your privacy"),
        ("bot_challenge", 200, "Just a moment..."),
        ("bot_block", 403, "Just a moment..."),
        ("login_wall", 200, 'type="password"'),
        ("paywalled", 200, '"isAccessibleForFree":false'),
        ("index_page", 200, "front-item"),
        ("json_ld_broken", 200, "// a comment"),
        ("json_ld_strangers", 200, "Another story, number 5"),
        ("date_future", 200, "2199-01-01"),
        ("date_epoch", 200, "1970-01-01"),
        ("date_absurd", 200, "2025-13-45"),
        ("hostile_strings", 200, "=HYPERLINK("),
    ],
)
def test_pages_say_what_they_should(server: Server, name: str, status: int, says: str) -> None:
    got = meet(server, name)
    assert got.status == status
    assert says in got.text
    truth = server.newspaper.truth(0)
    if not name.startswith("json_ld"):
        assert str(truth["body"]).split("\n\n")[-1] not in got.text


def test_a_paywalled_page_has_the_first_paragraph_only(server: Server) -> None:
    index = next(i for i in range(160) if str(server.newspaper.truth(i)["body"]).isascii())
    first, *others = str(server.newspaper.truth(index)["body"]).split("\n\n")
    page = meet(server, "paywalled", server.newspaper.path(index)).text
    assert first in page
    assert not any(paragraph in page for paragraph in others)
    assert meet(server, "paywalled", "/rss.xml").body == server.site.answer("/rss.xml").body


@pytest.mark.parametrize(
    ("name", "size", "pattern", "count"),
    [
        ("huge_page", 60_000_000, b"Room for more", 2_500_000),
        ("deep_nesting", 140_000, b"<div>", 10_000),
        ("many_nodes", 1_000_000, b"<b>x</b>", 50_000),
        ("long_text", 20_000_000, b"lorem", 2_900_000),
        ("regex_bait", 300_000, b"((((", 5000),
        ("json_ld_deep", 290_000, b"[" * 50_000, 1),
        ("json_ld_huge", 5_000_000, b"Person", 130_000),
    ],
)
def test_pages_are_as_large_as_they_say(
    server: Server, name: str, size: int, pattern: bytes, count: int
) -> None:
    got = meet(server, name)
    assert len(got.body) >= size
    assert got.body.count(pattern) >= count


@pytest.mark.parametrize(
    "name", ["huge_page", "deep_nesting", "many_nodes", "long_text", "json_ld_deep", "json_ld_broken"]
)
def test_the_article_is_still_in_them(server: Server, name: str) -> None:
    page = meet(server, name).text
    assert all(p in page for p in re.findall(r"[\w ,]{30,}", str(server.newspaper.truth(0)["body"]))[:5])


def test_json_ld_of_5_mb_is_json(server: Server) -> None:
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', meet(server, "json_ld_huge").text, re.DOTALL
    )
    assert len(json.loads(blocks[-1])["knows"]) == 130_000


def test_media_that_are_no_page(server: Server) -> None:
    assert meet(server, "binary").body.startswith(b"\x89PNG")
    assert meet(server, "binary").headers["content-type"].startswith("text/html")
    assert meet(server, "pdf").headers["content-type"] == "application/pdf"
    assert "content-type" not in meet(server, "no_media").headers
