"""Each language's files are whole, and write enough different sentences."""

from __future__ import annotations

import re

import pytest

from newsbot.demo.chrome import chrome
from newsbot.demo.draw import draw
from newsbot.demo.text import LANGUAGES, Grammar, grammar

_NUMBERS = {"n", "nn", "big", "year"}
_CAST = {"person", "place"}
_SCRIPTS = {
    "ru": r"[а-яё]", "el": r"[α-ωάέήίόύώ]", "ar": r"[\u0621-\u064a]", "hi": r"[\u0900-\u097f]",
    "zh": r"[\u4e00-\u9fff]", "ja": r"[\u3040-\u30ff]",
}  # fmt: skip
CAST = {"person": ["A B"], "place": ["C"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symbol_stands_for_something(language: str) -> None:
    lists = grammar(language).lists
    used = {
        symbol
        for entries in lists.values()
        for entry in entries
        for symbol in re.findall(r"\{(\w+)\}", entry)
    }
    assert used <= lists.keys() | _NUMBERS | _CAST
    assert lists.keys() == grammar("en").lists.keys()
    assert not any(entry.count("{") != entry.count("}") for entries in lists.values() for entry in entries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_have_variety_and_no_doubles(language: str) -> None:
    lists = grammar(language).lists
    assert all(len(entries) == len(set(entries)) for entries in lists.values())
    least = {
        "sentence": 14,
        "given": 20,
        "family": 16,
        "place": 16,
        "thing": 18,
        "claim": 11,
        "headline": 7,
        "tag": 12,
    }
    assert {name: len(lists[name]) >= count for name, count in least.items()} == dict.fromkeys(least, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_differ(language: str) -> None:
    words, rng = grammar(language), draw(1, "test", language)
    sentences = [words.sentence("sentence", rng, CAST) for _ in range(500)]
    assert len(set(sentences)) > 450
    assert all(text[-1] in ".。।”»」“" for text in sentences)


@pytest.mark.parametrize("language", _SCRIPTS)
def test_scripts_are_their_own(language: str) -> None:
    words, rng = grammar(language), draw(1, "test", language)
    text = "".join(words.sentence("sentence", rng, CAST) for _ in range(200)).lower()
    assert len(re.findall(_SCRIPTS[language], text)) > 0.25 * len(text)
    assert len(re.findall(r"[a-z]", text.replace("a b", "").replace("c", ""))) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_around_are_whole(language: str) -> None:
    words, english = chrome(language), chrome("en")
    assert words.labels.keys() == english.labels.keys()
    assert len(words.months) == 12
    assert len(set(words.months)) == 12
    assert min(len(words.leads), len(words.prompts), len(words.closers), len(words.rightful.columns)) >= 2
    rightful = {
        words.rightful.agency_note,
        words.rightful.correction,
        *words.rightful.columns,
        *words.rightful.quotes,
    }
    assert not rightful & {*words.prompts, *words.closers, *words.leads}


def test_a_symbol_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        Grammar("en", {"sentence": ["{nonsense}"]}).expand("sentence", draw(1, "test", 0), CAST)
