"""Tests of newsbot.extract.elements: what the walk does with an element, by its name."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsbot.extract.elements import BLOCK_TAGS, BR, KINDS, SKIPPED_TAGS, TEXT, kind_of


def number_of(tag: str) -> int:
    return LexborHTMLParser("").create_node(tag).tag_id


@pytest.mark.parametrize("tag", [*BLOCK_TAGS, *SKIPPED_TAGS, "a", "span"])
def test_a_name_and_its_number_tell_the_same(tag: str) -> None:
    assert KINDS.get(number_of(tag), kind_of(tag)) == kind_of(tag)


def test_names_unknown_to_the_parser_have_no_number_that_lasts() -> None:
    assert number_of("ferry-times") not in KINDS
    assert kind_of("ferry-times").is_block
    assert not kind_of("blink").is_block
    assert not kind_of("blink").is_skipped


def test_text_and_line_breaks_are_no_elements_to_enter() -> None:
    assert TEXT not in KINDS
    assert BR not in KINDS
    assert kind_of("-comment").is_skipped
