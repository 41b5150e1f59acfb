"""Tests of newsbot.extract.endless: tags that would keep the parser busy for a minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.endless import LIMIT, OPTIONS, without_endless_lists, without_endless_tags
from newsbot.extract.tree import parse

MANY = " ".join(f"a{number}={number}" for number in range(LIMIT * 30))


@pytest.mark.parametrize(
    "attributes",
    [
        MANY,
        MANY.replace(" ", "/"),
        MANY.replace("=", "='").replace(" ", "' ") + "'",
        MANY.replace("=", "x"),
        MANY.replace("=", " = "),
    ],
    ids=["plain", "slashes", "quoted", "names", "spaced"],
)
def test_a_tag_is_cut_after_some_attributes_and_the_page_goes_on(attributes: str) -> None:
    page = f"<p>before</p><p {attributes}>in it</p><p>behind</p>"
    paragraphs = parse(page).css("p")
    assert [node.text() for node in paragraphs] == ["before", "in it", "behind"]
    assert 0 < len(paragraphs[1].attributes) <= LIMIT


def test_every_endless_tag_is_cut_even_one_without_end() -> None:
    page = f"<i {MANY}>x</i> and <b {MANY}>y</b> and <u {MANY}".encode()
    assert len(without_endless_tags(page)) < len(page) / 10


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<p>" + "A long text without any mark-up in it. " * 10_000,
        f"<script>var list = [{'1, 2, 3, ' * 10_000}]</script><p>x</p>",
        f"<img alt='a' src='data:image/png;base64,{'iVBORw0KGgo/AAAA+' * 20_000}' title=b>",
        "<p " + " ".join(f"a{number}" for number in range(LIMIT - 1)) + ">x",
        "< " * 10_000,
    ],
    ids=["empty", "text", "script", "picture", "fewer", "signs"],
)
def test_other_pages_stay_as_they_are(page: str) -> None:
    given = page.encode()
    assert without_endless_tags(given) is given


@given(
    st.lists(st.sampled_from(["<p ", ">", "<", "a=b ", "'", '"', "/", "=", " ", "text"]), max_size=50),
    st.integers(1, 400),
)
def test_any_page_only_loses_characters_inside_a_tag(pieces: list[str], times: int) -> None:
    page = "".join(pieces).encode() * times
    cut = without_endless_tags(page)
    assert len(cut) <= len(page)
    assert cut.count(b">") == page.count(b">")


def test_options_without_end_lose_their_tags() -> None:
    page = b"<select>" + b"<option value=x>Country</option>" * (OPTIONS + 1) + b"</select><p>Text"
    assert without_endless_lists(page).count(b"option") == 0
    assert without_endless_lists(page).endswith(b"</select><p>Text")
    assert without_endless_lists(page.replace(b"<option", b"<OPTION")).count(b"OPTION") == 0
    few = b"<select>" + b"<OPTION>Country" * OPTIONS + b"</select>"
    assert without_endless_lists(few) is few
    bare = b"<option" * OPTIONS
    assert without_endless_lists(bare) is bare
    others = b"<ol><li>Text</ol>" * OPTIONS * 2 + b"<"
    assert without_endless_lists(others) is others
