"""Grammars that write the demo newspaper's sentences: one vocabulary a language, read by story.py."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random

LANGUAGES = ("en", "de", "fr", "es", "ru", "ar", "zh", "ja", "hi", "el")
_SLOT = re.compile(r"\{(\w+)\}")
Cast = Mapping[str, list[str]]


class Grammar:
    """The vocabulary of one language; `expand` writes a phrase for a symbol such as `sentence`.

    A symbol is a list of the language's file, whose entries may hold `{symbol}` slots; a number (`n` 3 to 9, `nn` 11 to 97, `big`
    1010 to 98990, `year`); or one of the article's cast (`person`, `place`), so that it keeps to its people and places.
    """

    def __init__(self, language: str, lists: Mapping[str, list[str]]) -> None:
        self.language = language
        self.spaced = language not in ("zh", "ja")
        self.lists = lists
        self._compiled = {name: [_compile(entry) for entry in entries] for name, entries in lists.items()}

    def expand(self, symbol: str, rng: Random, cast: Cast) -> str:
        """Return a phrase for `symbol`, the same for the same state of `rng`."""
        parts: list[str] = []
        self._expand(symbol, rng, cast, parts)
        return "".join(parts)

    def sentence(self, symbol: str, rng: Random, cast: Cast) -> str:
        """Return `expand` with a capital first letter."""
        text = self.expand(symbol, rng, cast)
        return text[0].upper() + text[1:]

    def name(self, rng: Random) -> str:
        """Return a person's name."""
        given, family = self.lists["given"], self.lists["family"]
        first, last = given[int(rng.random() * len(given))], family[int(rng.random() * len(family))]
        if self.language in ("zh", "ja"):
            return last + first
        return f"{first} {last}"

    def _expand(self, symbol: str, rng: Random, cast: Cast, parts: list[str]) -> None:
        chosen = cast.get(symbol)
        if chosen is not None:
            parts.append(chosen[int(rng.random() * len(chosen))])
            return
        entries = self._compiled.get(symbol)
        if entries is None:
            parts.append(_number(symbol, rng))
            return
        for index, part in enumerate(entries[int(rng.random() * len(entries))]):
            if index % 2:
                self._expand(part, rng, cast, parts)
            else:
                parts.append(part)


def _compile(entry: str) -> list[str]:
    """Return literal, symbol, literal, … of an entry."""
    return _SLOT.split(entry)


def _number(symbol: str, rng: Random) -> str:
    draw = rng.random()
    if symbol == "n":
        return str(3 + int(draw * 7))
    if symbol == "nn":
        return str(11 + int(draw * 87))
    if symbol == "big":
        return str(1010 + int(draw * 9799) * 10)
    if symbol == "year":
        return str(1931 + int(draw * 92))
    raise KeyError(symbol)


@cache
def grammar(language: str) -> Grammar:
    """Return the grammar of `language`, one of LANGUAGES."""
    with files("newsbot.demo").joinpath(f"words/{language}.toml").open("rb") as file:
        return Grammar(language, tomllib.load(file))
