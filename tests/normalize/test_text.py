"""Clean Unicode under the stated policy."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.normalize.text import (
    _DROPPED,
    _LINE,
    _WORD,
    count_words,
    fold_characters,
    fold_line,
    fold_paragraphs,
)

FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
"""England's flag, spelled in tag characters."""


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\x00b", "ab"),
        ("a\x07\x9fb", "ab"),
        ("e\u0301", "é"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("\ud83d\ude00", "😀"),
        ("a\ud800b", "a\ufffdb"),
        ("a\ufffeb\U0001ffffc", "abc"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("a\U000e0041b", "ab"),
        (FLAG, FLAG),
    ],
    ids=[
        "nul",
        "controls",
        "nfd",
        "bidi",
        "zero width",
        "torn pair",
        "lone half",
        "noncharacter",
        "emoji",
        "zwnj",
        "tag",
        "flag",
    ],
)
def test_characters(raw: str, expected: str) -> None:
    assert fold_characters(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  a \n\t b\u00a0\u2003c ", "a b c"),
        ("a\u2028b", "a b"),
        ("", None),
        (None, None),
        (" \u200b ", None),
        ("\u200da", "a"),
    ],
)
def test_lines(raw: str | None, expected: str | None) -> None:
    assert fold_line(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\n\n\n b", "a\n\nb"),
        ("a \n b", "a\nb"),
        ("a\r\n\r\nb\rc", "a\n\nb\nc"),
        ("a\u2029\u2029b", "a\n\nb"),
        ("a\n \t\n b", "a\n\nb"),
        ("\n\n", None),
        (None, None),
    ],
)
def test_paragraphs(raw: str | None, expected: str | None) -> None:
    assert fold_paragraphs(raw) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, 0),
        ("", 0),
        ("One two.", 2),
        ("Don't stop", 2),
        ("It cost 3,200.50 crowns", 4),
        ("橋が開く", 4),
        ("нельзя так", 2),
        ("हिन्दी में", 2),
        ("well-known", 2),
        ("สะพาน", 5),
        ("…", 0),
    ],
)
def test_words(text: str | None, words: int) -> None:
    assert count_words(text) == words


@given(st.text(max_size=60))
def test_the_short_cut_gives_what_the_policy_gives(text: str) -> None:
    if "\U0001f3f4" not in text:
        assert fold_characters(text) == unicodedata.normalize("NFC", _DROPPED.sub("", _LINE.sub("\n", text)))


@given(st.text(alphabet="aé’.,·: 1-–я", max_size=40))
def test_plain_words_are_counted_alike(text: str) -> None:
    assert count_words(text) == len(_WORD.findall(text))


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_what_comes_out_is_valid_normal_and_stable(text: str) -> None:
    for fold in (fold_line, fold_paragraphs):
        folded = fold(text)
        if folded is None:
            continue
        assert folded.encode()
        assert unicodedata.is_normalized("NFC", folded)
        assert folded == folded.strip()
        assert not any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in folded)
        assert fold(folded) == folded


@given(st.text(max_size=30))
def test_a_long_text_is_folded_as_a_short_one(text: str) -> None:
    assert (
        fold_paragraphs(text + "\n\n" + "a" * 600)
        == ((fold_paragraphs(text) or "") + "\n\n" + "a" * 600).strip()
    )
