"""Names by form and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.names import bare, is_name, lead, names_in, words


def test_the_word_that_announces_goes() -> None:
    assert bare("By Ada Quill") == ("Ada Quill", True)
    assert bare("3 May\nWritten by\nAda Quill") == ("Ada Quill", True)
    assert bare("Ada Quill") == ("Ada Quill", False)
    assert bare("Byron Gray") == ("Byron Gray", False)


def test_lead_needs_the_whole_word() -> None:
    assert lead("written").match("Autor: Ada")
    assert not lead("near").match("Diana Roe")


@pytest.mark.parametrize(
    "name",
    [
        "Ada Quill",
        "María R. Sahuquillo",
        "Erik van Vulpen",
        "Aoife O'Riordan",
        "Иван Петров",
        "山田太郎",
        "محمد علي",
        "Jean-Luc",
        "ada quill",
        "Bill MCCARTHY",
    ],
)
def test_forms_of_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "the bridge opens",
        "Read More",
        "Senior Reporter",
        "3 May",
        "ada@herald.example",
        "Ada " * 9,
        "Leitender Wirtschaftsredakteur",
    ],
)
def test_forms_that_no_name_has(text: str) -> None:
    assert not is_name(text)


def test_names_end_where_a_title_begins() -> None:
    assert names_in("Ada Quill, Senior Reporter, and Ben Roe") == ["Ada Quill"]
    assert names_in("Ada Quill,\nBen Roe\nand\nCy Poe\nPort Alder") == ["Ada Quill", "Ben Roe", "Cy Poe"]


@pytest.mark.parametrize("concept", ["written", "near", "other", "never", "and"])
def test_words_are_lower_case(concept: str) -> None:
    assert words(concept)
    assert all(word == word.lower() == word.strip() for word in words(concept))


@given(st.text(max_size=120))
def test_no_byline_raises(text: str) -> None:
    names = names_in(text)
    assert all(is_name(name) for name in names)
