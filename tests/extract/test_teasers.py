"""newsbot.extract.teasers: lists of teasers told from text."""

from __future__ import annotations

import pytest

from newsbot.extract.teasers import (
    is_linked,
    is_list_of_teasers,
    is_menu,
    leads_elsewhere,
    words_in,
    words_in_all,
)
from newsbot.items import Block

SAYS = "The board bought a ferry on Monday, after four years of talks."


def link(text: str = "Board and pilots quarrel over a boat", place: str = "div.item>h2>a") -> Block:
    return Block(text, "h2", place, "heading")


def text(words: str = SAYS, *, kept: bool = True) -> Block:
    return Block(words, "p", "div.item>p", "body", kept)


@pytest.mark.parametrize(
    ("place", "linked"),
    [("li>a", True), ("li>a.more", True), ("h2>a>span", True), ("li>abbr", False), ("a>p.x>b.a", False)],
)
def test_a_block_all_of_which_stands_in_a_link(place: str, linked: bool) -> None:
    assert is_linked(Block("x", "p", place, "body")) is linked


@pytest.mark.parametrize(("said", "words"), [("two words", 2), ("渡轮终于来了", 3), ("a " * 40_000, 13_333)])
def test_words_are_counted_in_any_script(said: str, words: int) -> None:
    assert words_in(said) == words


def test_linked_headlines_with_a_sentence_behind_each_are_a_list() -> None:
    assert is_list_of_teasers([link(), text()] * 5)
    assert is_list_of_teasers([link(), text(), text()] * 3)


def test_text_behind_the_last_related_link_is_no_teaser() -> None:
    related = [link(place="aside>li>a") for _ in range(5)]
    assert not is_list_of_teasers([*related, *[text() for _ in range(12)]])
    assert not is_list_of_teasers([text(), *related, text(), text(), *[text() for _ in range(12)]])


def test_long_texts_behind_linked_headings_are_an_article_in_parts() -> None:
    assert not is_list_of_teasers([link(), text(SAYS * 8)] * 5)


def test_two_teasers_are_no_list() -> None:
    assert not is_list_of_teasers([link(), text()] * 2)


def test_what_was_dropped_is_no_text() -> None:
    assert not is_list_of_teasers([link(), text(kept=False)] * 5)


def test_linked_lines_outweigh_other_text() -> None:
    assert leads_elsewhere([link() for _ in range(12)], 0)
    assert not leads_elsewhere([link() for _ in range(12)], 500)
    assert not leads_elsewhere([*[link() for _ in range(12)], text("word " * 200)], 0)


def test_a_list_of_names_leads_elsewhere_where_there_is_no_text() -> None:
    names = [link("Jane Doe") for _ in range(40)]
    assert leads_elsewhere(names, 0)
    assert not leads_elsewhere(names, 20)


def test_menus_are_a_dozen_links() -> None:
    assert is_menu([link("Home") for _ in range(12)])
    assert not is_menu([link("Home") for _ in range(11)])


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["two words", "été’s\nb"],
        ["港口の船", "two words"],
        ["สวัสดี"],
        ["x " * 30_000 + "x", "a\nb"],
        ["नाव"],
    ],
)
def test_words_of_texts_are_counted_together_as_each_alone(texts: list[str]) -> None:
    assert words_in_all(texts) == sum(map(words_in, texts))
