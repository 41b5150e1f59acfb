"""Tests of newsbot.extract.letters: counting kinds of characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.letters import (
    COMMA,
    DIGIT,
    KINDS,
    LONGEST,
    LOWER,
    QUOTE,
    SPACE,
    STOP,
    UPPER,
    WIDE,
    count_kinds,
)


def test_kinds_are_counted_for_each_text_alone() -> None:
    counts, words, capitals, kinds, starts = count_kinds(["He said: “No!”", "12 boats"])
    assert counts.shape == (2, KINDS)
    first = counts[0]
    assert (first[UPPER], first[LOWER], first[STOP], first[COMMA], first[QUOTE], first[SPACE]) == (
        2,
        6,
        1,
        1,
        2,
        2,
    )
    assert counts[1][DIGIT] == 2
    assert words.tolist() == [3, 2]
    assert capitals.tolist() == [2, 0]
    assert kinds[starts[0]] == UPPER
    assert kinds[starts[1]] == DIGIT


def test_scripts_without_spaces_count_a_character_a_word() -> None:
    counts, words, *_ = count_kinds(["東京の船", "กรุง"])
    assert words.tolist() == [4, 4]
    assert counts[0][WIDE] == 4


def test_characters_beyond_the_basic_plane_and_lone_surrogates_are_counted_as_one() -> None:
    counts, *_ = count_kinds(["a🚢b", "a\ud800b"])
    assert counts.sum(axis=1).tolist() == [3, 3]


def test_a_text_without_end_is_looked_at_to_a_limit() -> None:
    counts, words, *_ = count_kinds(["a" * (LONGEST + 5), "b"])
    assert counts.sum(axis=1).tolist() == [LONGEST, 1]
    assert words.tolist() == [1, 1]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
def test_every_character_has_one_kind(texts: list[str]) -> None:
    counts, words, capitals, *_ = count_kinds(texts)
    assert counts.sum(axis=1).tolist() == [len(text) for text in texts]
    assert (words >= capitals).all()
