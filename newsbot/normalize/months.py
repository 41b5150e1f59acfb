"""Finds a month's name in a text in any of 60 languages; serves worded.py. The names are data: months.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


@cache
def _tables() -> dict[str, dict[str, int]]:
    """Return name -> month by language."""
    listed = tomllib.loads((files("newsbot.normalize") / "months.toml").read_text(encoding="utf-8"))
    return {
        language: {
            unicodedata.normalize("NFC", name.strip()): number
            for number, names in enumerate(rows, 1)
            for name in names.split("|")
        }
        for language, rows in listed.items()
    }


@cache
def _shared() -> dict[str, int]:
    """Return the names of all languages but those that mean different months in different languages."""
    merged: dict[str, int] = {}
    for table in _tables().values():
        for name, number in table.items():
            merged[name] = number if merged.get(name, number) == number else 0
    return {name: number for name, number in merged.items() if number}


@cache
def names_in(language: str | None) -> tuple[re.Pattern[str], dict[str, int]] | None:
    """Return a pattern for a language's names and their numbers; None stands for all languages together."""
    table = _shared() if language is None else _tables().get(language)
    if table is None:
        return None
    names = sorted(table, key=len, reverse=True)
    # Turkish, Finnish and others add case endings behind an apostrophe or none; a name of four letters may carry one.
    pattern = re.compile(r"(?<![^\W\d_])(" + "|".join(map(re.escape, names)) + r")(?![^\W\d_])")
    return pattern, table


def months(text: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, month) of every month's name, by the first language that has any.

    `text` is in lower case without dots; `languages` are primary subtags, tried in order, then English, then all together.
    """
    for language in (*languages, "en", None):
        known = names_in(language)
        if known is None:
            continue
        found = [(match.start(1), match.end(1), known[1][match[1]]) for match in known[0].finditer(text)]
        if found:
            yield from found
            return
