"""newsbot.dedup.exact: what makes two contents the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.dedup.exact import content_hash, fold, fold_all


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It’s “here” — now…", 'it\'s "here" - now...'),
        ("STRASSE", "Straße"),
        ("e\u0301te\u0301", "été"),
        ("ﬁne  print\u00a0\n", "fine print"),
        ("snake_case", "snake case"),
        ("½", "1\u20442"),
    ],
)
def test_typography_case_and_space_do_not_matter(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_keep_their_vowel_signs_and_marks() -> None:
    assert fold("हमारी रस्सी में।") == "हमारी रस्सी में"
    assert fold("भारत") != fold("भरत")
    assert len(fold("สวัสดี ครับ").split()) == 2
    assert fold("كِتاب؟") == "كِتاب"


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded or not folded.isascii()
    assert folded == folded.strip() and "  " not in folded


def test_hashes() -> None:
    whole = content_hash("Ferry bought", "A body.")
    assert whole is not None and len(whole) == 32
    assert content_hash("FERRY BOUGHT!", "a body") == whole
    assert content_hash("Ferry bought A", "body.") != whole
    assert content_hash(None, None) is None and content_hash("…", " ") is None
    assert content_hash("\ud800", "x") is not None


@given(st.text(min_size=1, max_size=30))
def test_a_long_text_is_folded_as_its_parts_are(text: str) -> None:
    assert fold(" ".join([text] * 700)).split() == fold(text).split() * 700


def test_letters_beyond_the_basic_plane_stay_in_a_long_text() -> None:
    assert fold("\U00020000 é 🚢 " * 300) == " ".join(["\U00020000 é"] * 300)


@pytest.mark.parametrize(
    "char", ["ß", "½", "…", "é", "e\u0301", "İ", "ﬁ", "\u1100\u1161", "ｶﾞ", "🚢", "𝐀", "\U00011347\U0001133e"]
)
def test_characters_fold_alike_in_texts_of_any_length(char: str) -> None:
    assert fold(f"{char}a " * 500).split() == fold(f"{char}a").split() * 500


@given(st.lists(st.text(max_size=40)))
def test_texts_fold_together_as_each_does_alone(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
