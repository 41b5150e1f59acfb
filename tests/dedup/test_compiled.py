"""Tests of newsbot.dedup.compiled: what is written in C does the same as what is written in Python."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.dedup import exact, near
from newsbot.dedup.compiled import texts_in_c
from newsbot.extract import digits
from newsbot.normalize import text as normal

built = pytest.mark.skipif(texts_in_c is None, reason="not built here: no C compiler, or NEWSBOT_PURE is set")
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("ab ß½é’“”-_.,:'\n\0\u00a0\u0301\u0940ทกあ語가🚢")),
    max_size=60,
)


@built
@given(st.lists(TEXTS, max_size=6), st.sampled_from([1, 40]))
def test_texts_fold_the_same(texts: list[str], times: int) -> None:
    texts = [text * times for text in texts]
    in_c = exact.fold_all(texts)
    with patch.object(exact, "texts_in_c", None):
        assert exact.fold_all(texts) == in_c
        assert [exact.fold(text) for text in texts] == in_c


@built
def test_every_character_folds_the_same() -> None:
    texts = [f"É{chr(code)}b {chr(code)}" for code in range(0x11000)]
    in_c = exact.fold_all(texts)
    with patch.object(exact, "texts_in_c", None):
        assert [exact.fold(text) for text in texts] == in_c


@built
@given(st.lists(st.sampled_from(["tide", "été", "ἁλς", "港", "ท", "x" * 80]), max_size=40))
def test_runs_are_the_same(words: list[str]) -> None:
    in_c = near.sketch_folded(" ".join(words))
    with patch.object(near, "texts_in_c", None):
        assert near.sketch_folded(" ".join(words)) == in_c


@built
@given(TEXTS, st.sampled_from([1, 30]))
def test_normal_texts_and_their_words_are_the_same(text: str, times: int) -> None:
    text *= times
    in_c = normal.fold_paragraphs(text), normal.count_words(text)
    with patch.object(normal, "texts_in_c", None):
        assert (normal.fold_paragraphs(text), normal.count_words(text)) == in_c


@built
@given(st.lists(TEXTS), st.lists(st.sampled_from(["ab", "b-", "fn", "abb", "--"]), min_size=1, max_size=4))
def test_texts_that_hold_a_word_are_found(texts: list[str], words: list[str]) -> None:
    assert texts_in_c is not None
    lowered = ["".join(char.lower() if char.isascii() else char for char in text) for text in texts]
    expected = [place for place, text in enumerate(lowered) if any(word in text for word in words)]
    assert texts_in_c.holding(texts, tuple(words)) == expected


@built
@given(st.lists(st.text(st.sampled_from("12 a٣é३-𝟗\n"), max_size=8)))
def test_texts_that_hold_numbers_are_found(texts: list[str]) -> None:
    in_c = digits.with_numbers(texts)
    with patch.object(digits, "texts_in_c", None):
        assert digits.with_numbers(texts) == in_c


@built
def test_what_is_no_text_or_table_is_refused() -> None:
    assert texts_in_c is not None
    folds, odd = np.zeros(0x10000, np.uint16), np.zeros(0x10000, np.uint8)
    with pytest.raises(TypeError, match="str"):
        texts_in_c.fold(["a", 1], folds)
    with pytest.raises(ValueError, match="size"):
        texts_in_c.fold(["a"], odd)
    with pytest.raises(ValueError, match="size"):
        texts_in_c.holds("a", folds)
    assert texts_in_c.runs("a b c", 4, 0xE00) is None
    assert texts_in_c.runs("a b c d", 0, 0xE00) is None
    assert texts_in_c.runs("a b c d", 3, 0xE00) == ["a b c", "b c d"]
    assert texts_in_c.words("", odd) == 0
    with pytest.raises(TypeError, match="str"):
        texts_in_c.numbered([None])
    for words in (("a",), ("é",), ("éa",), (1,), ("ab",) * 65):
        with pytest.raises(ValueError, match="word"):
            texts_in_c.holding(["a"], words)
