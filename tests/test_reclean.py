"""newsbot.reclean and the chain's way with learned boilerplate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from newsbot.chain import forget_learned, read
from newsbot.clean.boilerplate import Sightings, texts_of
from newsbot.dedup.exact import content_hash
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher
from newsbot.reclean import pack, reclean

TIDE = Publisher(name="tide", site="https://tide.example")
PROMPT = "Hang your lantern\u00a0beside ours before the tide turns."


def page(number: int) -> Page:
    own = [
        f"<p>In paragraph {number}.{part} the board says, once more, what no other paragraph ever said.</p>"
        for part in range(9)
    ]
    text = f"<h1>Boat {number} is bought</h1>{''.join(own[:4])}<p>{PROMPT}</p>{''.join(own[4:])}"
    html = f"<html lang=en><body><article>{text}</article></body></html>"
    url = f"https://tide.example/isles/{number}-boat/"
    return Page(url=url, body=html.encode(), fetched_at=datetime(2024, 5, 6, tzinfo=UTC))


def articles() -> tuple[list[Article], Sightings]:
    found, sightings = [], Sightings()
    for number in range(30):
        found.append(read(page(number), TIDE))
        sightings.add(found[-1])
    return found, sightings


def row_of(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in ("headline", "body", "word_count", "content_hash")}


def test_a_spooled_row_comes_out_as_if_the_run_had_known_before() -> None:
    found, sightings = articles()
    learned = sightings.learned()
    row = row_of(found[0])
    assert "lantern beside ours" in row["body"]
    cleaned = reclean(row, pack(texts_of(found[0])), learned)
    assert "lantern" not in cleaned["body"]
    assert cleaned["word_count"] == row["word_count"] - 9
    assert cleaned["content_hash"] == content_hash(row["headline"], cleaned["body"]) != row["content_hash"]
    assert cleaned == row_of(read(page(0), TIDE, learned))


def test_a_row_without_boilerplate_or_blocks_is_returned_as_it_is() -> None:
    found, sightings = articles()
    row = {"headline": "H", "body": "B", "word_count": 1, "content_hash": None}
    assert reclean(row, b"", sightings.learned()) is row
    assert reclean(row, pack(texts_of(found[0])), Sightings().learned()) is row


def test_learning_more_makes_no_new_version() -> None:
    _, sightings = articles()
    before, after = read(page(3), TIDE), read(page(3), TIDE, sightings.learned())
    assert before.body != after.body
    assert before.fingerprint == after.fingerprint
    assert before.article_id == after.article_id
    assert after.counters["clean/learned"] == 1
    assert after.content_hash == content_hash(after.headline, after.body)


def test_a_page_served_again_and_again_is_left_with_what_opens_it() -> None:
    article = read(page(1), TIDE)
    sightings = Sightings()
    for _ in range(4):
        sightings.add(article)
    opening = (
        article.blocks[0].text
        if article.blocks[0].kept
        else next(block.text for block in article.blocks if block.kept)
    )
    forget_learned(article, sightings.learned())
    assert article.body == opening
    assert article.counters["clean/learned"] == 9
