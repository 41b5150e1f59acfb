"""Tests of newsbot.extract: the stage as a whole."""

from __future__ import annotations

import re

import pytest

from newsbot.exceptions import UnreadablePage
from newsbot.extract import extract, extractor_version
from newsbot.publishers.model import Publisher
from tests.extract.blocks import SENTENCE, news_page, read
from tests.extract.reading import page_of


def test_a_page_becomes_an_article_with_metadata_blocks_and_version() -> None:
    article = read(news_page())
    assert (article.headline, article.in_language, article.kind) == ("Ferry leaves", "en", "article")
    assert article.blocks
    assert article.replacement_characters == 0
    assert article.extractor_version == extractor_version()


def test_the_version_names_release_and_code() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", extractor_version())


def test_bytes_that_are_no_page_are_refused() -> None:
    page = page_of("")
    page.body = b"%PDF-1.4"
    with pytest.raises(UnreadablePage):
        extract(page, Publisher(name="herald", site=""))


def test_a_dump_is_read_as_text() -> None:
    other = "Their boats had been kept in port by the storm for a week, the harbour master said."
    article = read(f"Ferry leaves\n\n{SENTENCE}\n\n{other}", media="text")
    assert article.extractor_version == extractor_version()
    assert article.headline == "Ferry leaves"
    assert [block.text for block in article.blocks if block.kept] == [SENTENCE.strip(), other]


@pytest.mark.parametrize(
    "html",
    [
        "<p>NUL \0 and \u202e bidi \u2066 marks</p>" + f"<p>{SENTENCE}</p>" * 4,
        "<p>&#xD800; &#0; &#x110000; lone</p>" + f"<p>{SENTENCE}</p>" * 4,
        "\ud800<p>" + SENTENCE * 3,
        "<" * 1000,
        "<table><tr><td>" * 300 + "x",
        "<p>" + "e\u0301" * 1000,
    ],
)
def test_odd_characters_come_out_as_valid_text(html: str) -> None:
    for block in read(html).blocks:
        block.text.encode("utf-8")


def test_bad_bytes_are_counted_on_the_article() -> None:
    page = page_of(news_page().replace("<title>", "<meta charset=utf-8><title>"))
    page.body = page.body.replace(b"noon", b"no\xffon")
    assert extract(page, Publisher(name="herald", site="")).replacement_characters == 6


@pytest.mark.parametrize(
    "body",
    [
        "<p>word word</p>" * 50_000,
        "<p>" + "<b>word</b> <a href=x>y</a> " * 25_000,
        "<div class='a b'>word " * 10_000,
        "<p>" + "<i>x " * 10_000,
        "<p>" + "word, and more. " * 1_250_000,
        "<p>" + "w" * 20_000_000,
        "<p>" + "word<br>" * 50_000,
        '<script>"articleBody":"' + "\\\\" * 2_000_000 + "</script><p>x",
        "<p>x" + '"articleBody":"x' * 100_000,
    ],
    ids=[
        "paragraphs",
        "inline",
        "deep",
        "deep_inline",
        "long_text",
        "one_word",
        "breaks",
        "backslashes",
        "declared_bodies",
    ],
)
def test_a_hostile_page_is_walked_and_judged_in_time(body: str) -> None:
    # Generous: idle these take less than 0.7 s each; the worst of the first version took a minute.
    import time

    from newsbot.extract.body import article_body, make_blocks
    from newsbot.extract.hinted import Hints
    from newsbot.extract.model import load_model
    from newsbot.extract.tree import parse, walk

    parser = parse(body)
    start = time.process_time()
    tree = walk(parser)
    make_blocks(tree)
    load_model().judge(tree, Hints(article_body=article_body(body)))
    assert time.process_time() - start < 8
