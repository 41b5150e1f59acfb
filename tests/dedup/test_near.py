"""Sketches: similarity, containment, and the pairs found among many."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.dedup.near import (
    SKETCH_BYTES,
    containment,
    pairs,
    shingles,
    signature,
    similarity,
    sketch,
    sketch_folded,
    small_change,
    unpack,
)

RNG = random.Random(7)
WORDS = [f"word{number}" for number in range(4000)]


def text(count: int = 400) -> str:
    """Return text of random words: two have no shingle in common."""
    return " ".join(RNG.choice(WORDS) for _ in range(count))


def cut(whole: str, share: float) -> str:
    """Return the first `share` of a text."""
    words = whole.split()
    return " ".join(words[: round(len(words) * share)])


def test_a_sketch_is_the_same_for_the_same_words() -> None:
    whole = text()
    assert len(sketch(whole)) == SKETCH_BYTES
    assert sketch(whole) == sketch(whole.upper().replace(" ", ",  "))
    assert similarity(sketch(whole), sketch(text())) < 0.05


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5])
def test_similarity_is_the_share_of_common_shingles(share: float) -> None:
    whole = text(1000)
    part = cut(whole, share)
    near = similarity(sketch(whole), sketch(part))
    assert near == pytest.approx(share, abs=0.15), "four standard errors"
    sizes = len(shingles(whole)), len(shingles(part))
    assert containment(near, *sizes) > 0.85


def test_containment_of_strangers_and_of_nothing() -> None:
    assert containment(0.0, 100, 50) == 0
    assert containment(1.0, 0, 0) == 0
    assert containment(np.array([1.0, 0.5]), np.array([10, 100]), np.array([10, 50])).tolist() == [1.0, 1.0]


def test_a_typo_is_small_and_a_new_paragraph_is_not() -> None:
    whole = text(600)
    assert small_change(sketch(whole), sketch(whole.replace(" ", " typo ", 1)))
    assert not small_change(sketch(whole), sketch(f"{whole} {text(200)}"))


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    signs = [chr(0x4E00 + number) for number in range(800)]
    whole = "".join(RNG.choice(signs) for _ in range(300))
    changed = f"{whole[:250]}，{whole[250:]}。"
    assert similarity(sketch(whole), sketch(changed)) > 0.9
    assert similarity(sketch(whole), sketch("".join(RNG.choice(signs) for _ in range(300)))) < 0.1


def test_short_and_empty_texts_have_a_sketch() -> None:
    assert similarity(sketch("Two words"), sketch("two WORDS!")) == 1
    assert len(sketch("")) == SKETCH_BYTES


def _found(one: list[str], other: list[str]) -> dict[tuple[int, int], float]:
    left, right = unpack(map(sketch, one)), unpack(map(sketch, other))
    return {
        (int(a), int(b)): float(near)
        for rows, columns, similar in pairs(left, right)
        for a, b, near in zip(rows, columns, similar, strict=True)
    }


def test_pairs_are_found_among_many_and_each_once() -> None:
    many = [text(300) for _ in range(200)]
    cuts = [cut(many[number], 0.55) for number in (3, 77, 150)] + [text(300)]
    found = _found(cuts, many)
    near = {pair: value for pair, value in found.items() if value > 0.3}
    assert set(near) == {(0, 3), (1, 77), (2, 150)}
    assert len(found) < 10, "strangers hardly meet"


def test_pairs_of_equal_texts_are_all_found() -> None:
    whole = text()
    assert set(_found([whole] * 3, [whole] * 4)) == {(a, b) for a in range(3) for b in range(4)}


def test_pairs_of_nothing() -> None:
    assert _found([], [text()]) == {}
    assert _found([text()], []) == {}


@given(st.lists(st.sampled_from(["tide", "été", "boat", "ἁλς", "ß", "港", "ท"]), max_size=40))
def test_a_sketch_is_that_of_the_set_of_runs(words: list[str]) -> None:
    folded = " ".join(words)
    assert sketch_folded(folded) == signature(shingles(folded))
