"""JSON-LD blocks as pages have them: whole, wrapped, escaped, unfinished, hostile."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.json_blocks import REPAIR_LIMIT, parse

WHOLE = {
    "@type": "NewsArticle",
    "headline": "Bridge opens",
    "author": [{"@type": "Person", "name": "Ada Quill"}],
}
TEXT = json.dumps(WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\n\t{TEXT}\n",
        f"<!-- {TEXT} -->",
        f"//<![CDATA[\n{TEXT}\n//]]>",
        f"/*<![CDATA[*/{TEXT}/*]]>*/",
        f"<![CDATA[{TEXT}]]>",
        f"{TEXT};",
        "\ufeff" + TEXT,
        TEXT.replace('"', "&quot;"),
        TEXT.replace("{", "{ /* the article */ ", 1),
        TEXT.replace("{", "{ // the article\n", 1),
        TEXT[:-1] + ",}",
        TEXT.replace("}]", "},]"),
    ],
    ids=[
        "whole",
        "padded",
        "html comment",
        "cdata lines",
        "cdata comment",
        "cdata",
        "semicolon",
        "bom",
        "escaped",
        "comment",
        "line comment",
        "trailing comma",
        "trailing comma in list",
    ],
)
def test_one_value_however_wrapped(text: str) -> None:
    assert parse(text) == [WHOLE]


def test_line_feeds_and_tabs_within_strings_are_let_through() -> None:
    assert parse('{"headline": "Bridge\n\topens"}') == [{"headline": "Bridge\n\topens"}]


def test_several_values_in_one_block() -> None:
    assert parse(f"{TEXT}\n{TEXT}") == [WHOLE, WHOLE]


def test_a_slash_in_a_url_begins_no_comment() -> None:
    assert parse('{"url": "https://example.org/a", "tags": ["x",]}') == [
        {"url": "https://example.org/a", "tags": ["x"]}
    ]


def test_a_comma_in_a_string_stays() -> None:
    assert parse('{"headline": "So, ] it goes",}') == [{"headline": "So, ] it goes"}]


def test_single_fields_are_rescued_from_an_unreadable_article() -> None:
    author = '"author": {"@type": "Person", "name": "Ada Quill"}'
    text = '{"@type": "NewsArticle", "headline": "He said \\"no\\"", ' + author + ', "x": oops }'
    assert parse(text) == [{"@type": "NewsArticle", "headline": 'He said "no"', "author": "Ada Quill"}]


def test_nothing_is_rescued_from_what_is_no_article() -> None:
    assert parse('{"@type": "Organization", "name": "Herald", "x": oops }') == []


@pytest.mark.parametrize("text", ["", "   ", "null and void", "{", "[[[[", '"', "undefined"])
def test_rubbish_is_no_value(text: str) -> None:
    assert [value for value in parse(text) if isinstance(value, dict | list)] == []


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "' + '\\"' * 200_000,
        "/*" * 300_000,
        '"' * 400_001 + "x",
        "[" * 100_000,
        ",   " * 200_000,
        "{" * REPAIR_LIMIT + "x",
    ],
    ids=["escaped quotes", "open comments", "quotes", "brackets", "commas", "over the limit"],
)
def test_a_hostile_block_takes_no_quadratic_time(text: str) -> None:
    started = time.monotonic()
    parse(text)
    assert time.monotonic() - started < 20


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    assert isinstance(parse(text), list)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )
)
def test_what_json_can_say_is_read_as_said(value: object) -> None:
    assert parse(json.dumps(value)) == [value]
