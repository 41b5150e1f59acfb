"""Tests of newsbot.extract.wordings: what the words of short blocks tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.wordings import LONGEST, WORDINGS, all_wording_bits, wording_bits


def told(text: str) -> tuple[set[str], set[str], int]:
    start, every, count = wording_bits(text)
    names = [{name for place, name in enumerate(WORDINGS) if bits >> place & 1} for bits in (start, every)]
    return names[0], names[1], count


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Share on Facebook", "share"),
        ("Subscribe to our newsletter", "subscribe"),
        ("Lesen Sie auch: Die Fähre", "related"),
        ("Photo: A. Person/Agency", "credit"),
        ("Читайте также", "related"),
        ("© 2024 Herald", "rights"),
        ("Publié le 3 mai", "date"),
    ],
)
def test_a_short_block_tells_its_kind(text: str, concept: str) -> None:
    assert concept in told(text)[1]


def test_the_start_counts_three_words() -> None:
    start, every, count = told("The boat people share")
    assert start == set()
    assert every == {"share"}
    assert count == 1


def test_long_text_and_other_words_tell_nothing() -> None:
    assert told("The ferry left noon") == (set(), set(), 0)
    assert wording_bits("share " * LONGEST) == (0, 0, 0)


def together(texts: list[str]) -> list[tuple[int, ...]]:
    return [tuple(row) for row in zip(*(column.tolist() for column in all_wording_bits(texts)), strict=True)]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["Share", "read", "more ", " 🚢", "𝒜", "l’e-mail", "_", "|", "©", "\0", ""]),
            max_size=9,
        ),
        min_size=1,
    )
)
def test_the_blocks_of_a_page_tell_together_what_each_tells_alone(pieces: list[list[str]]) -> None:
    texts = [" ".join(words) for words in pieces] + ["".join(words) for words in pieces]
    assert together(texts) == [wording_bits(text) for text in texts]


def test_a_long_text_between_short_ones_tells_nothing() -> None:
    assert together(["Share", "share " * LONGEST, "Share"]) == [
        wording_bits("Share"),
        (0, 0, 0),
        wording_bits("Share"),
    ]
