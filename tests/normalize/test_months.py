"""Months' names in the languages."""

from __future__ import annotations

import pytest

from newsbot.normalize.months import months, names_in


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("3 may 2024", "en", [5]),
        ("3 märz 2024", "de", [3]),
        ("3 août 2024", "fr", [8]),
        ("3 мая 2024", "ru", [5]),
        ("3 september to 4 october", "en", [9, 10]),
        ("3 lutego 2024", "pl", [2]),
        ("3 mars 2024", "sv", [3]),
        ("nothing", "en", []),
    ],
)
def test_months_of_a_language(text: str, language: str, expected: list[int]) -> None:
    assert [month for _, _, month in months(text, (language,))] == expected


def test_positions() -> None:
    assert list(months("3 may 2024", ("en",))) == [(2, 5, 5)]


def test_other_languages_serve_where_the_given_ones_have_none() -> None:
    assert [month for _, _, month in months("3 kesäkuuta 2024", ("en",))] == [6]
    assert [month for _, _, month in months("3 may 2024", ("xx",))] == [5]


def test_a_name_within_a_word_is_none() -> None:
    assert list(months("mayor marched", ("en",))) == []


def test_every_table_has_twelve_months() -> None:
    for language in ("en", "de", "fr", "ru", "ar", "ja", "el", "hi", "th", "tr"):
        known = names_in(language)
        if known is not None:
            assert set(known[1].values()) == set(range(1, 13)), language
    assert names_in("xx") is None
