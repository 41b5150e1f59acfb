"""Names of persons out of whatever stands where authors stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.normalize.authors import LONGEST_NAME, MOST_NAMES, credited, persons, phrases


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ada Quill", ["Ada Quill"]),
        ("By Ada Quill", ["Ada Quill"]),
        ("by: Ada Quill and Ben Roe", ["Ada Quill", "Ben Roe"]),
        ("By Ada Quill, Ben Roe & Cy Poe", ["Ada Quill", "Ben Roe", "Cy Poe"]),
        ("Von Anna Groß und Jörg Weiß", ["Anna Groß", "Jörg Weiß"]),
        ("Par Zoé Blanc et Guy Noir", ["Zoé Blanc", "Guy Noir"]),
        ("Por José Río y Ana Mar", ["José Río", "Ana Mar"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("文・山田太郎", ["山田太郎"]),
        ("Ada Quill, Senior Reporter", ["Ada Quill"]),
        ("Ada Quill | Reuters", ["Ada Quill"]),
        ("Ada Quill (Port Alder)", ["Ada Quill"]),
        ("Ada Quill, PhD, RDN", ["Ada Quill"]),
        ("Ada Quill @adaquill", ["Ada Quill"]),
        ("Ada Quill ada@herald.example", ["Ada Quill"]),
        ("<a href='/x'>Ada Quill</a>", ["Ada Quill"]),
        ("Ada Quill Published 3 May 2024", ["Ada Quill"]),
        ("Ada &amp; Ben", ["Ada", "Ben"]),
        ("O'Neil van der Berg", ["O'Neil van der Berg"]),
        ("https://social.example/ada", []),
        ("@adaquill", []),
        ("AFP", []),
        ("Reuters and dpa", []),
        ("Redaktion", []),
        ("News Desk", []),
        ("Harbour Herald Staff", []),
        ("admin", []),
        ("unknown", []),
        ("herald.com", []),
        ("ada.quill", []),
        ("ada_q", []),
        ("2024", []),
        ("", []),
        ("x" * (LONGEST_NAME + 1), []),
    ],
)
def test_persons(raw: str, expected: list[str]) -> None:
    assert persons([raw]) == expected


def test_the_sites_own_name_is_no_person() -> None:
    assert persons(
        ["Harbour Herald", "The Harbour Herald", "harbourherald.com", "Ada Quill"], ["Harbour Herald"]
    ) == ["Ada Quill"]


def test_places_behind_an_organisation_are_no_persons() -> None:
    assert persons(["Harbour Herald, Halifax, Canada"], ["Harbour Herald"]) == []
    assert persons(["Reuters, Ada Quill"]) == ["Ada Quill"]


def test_order_stays_and_doubles_go() -> None:
    assert persons(["Cy Poe", "ada quill", "Ada Quill", "Ben Roe, Cy Poe"]) == [
        "Cy Poe",
        "ada quill",
        "Ben Roe",
    ]


def test_credited_keeps_organisations() -> None:
    assert credited(["Ada Quill | AFP", "Harbour Herald"]) == ["Ada Quill", "AFP", "Harbour Herald"]


def test_an_affiliation_is_not_credited() -> None:
    assert credited(["Ada Quill, Harbour Herald"], ["Harbour Herald"]) == ["Ada Quill"]
    assert credited(["Harbour Herald"], ["Harbour Herald"]) == ["Harbour Herald"]


def test_there_is_a_most() -> None:
    assert len(persons([f"Ada Quill{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200)])) == MOST_NAMES


@pytest.mark.parametrize(
    "concept", ["by", "and", "desk", "agency", "organisation", "degree", "nobody", "title"]
)
def test_phrases_are_lower_case(concept: str) -> None:
    assert phrases(concept)
    assert all(phrase == phrase.strip().casefold() for phrase in phrases(concept))


@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_text_raises(raws: list[str]) -> None:
    named = persons(raws)
    assert len(set(map(str.casefold, named))) == len(named)
    for name in named:
        assert 0 < len(name) <= LONGEST_NAME
        assert name == " ".join(name.split())
        assert "@" not in name and "://" not in name
        assert name.encode()
