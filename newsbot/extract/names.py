"""Tells by form and words which names a text near an article holds; serves bylines.py.

No list of first names: languages have too many. A name is few words, capitalised where the script has capitals, none of which
only menus, date lines and job titles have. The words are data in bylines.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_SPLIT = re.compile(
    r"\s*(?:[,;|&/•·]|\s[–—-]\s|\b(?:and|und|et|y|e|och|og|with|mit|и|та|і)\b(?!['’.]))\s*", re.IGNORECASE
)
_TAIL = re.compile(r"\s+(?:in|at|for|on|aus|für|from|en)\s+(?!['’]t\s).*$|\s+in$")
_NAME = re.compile(r"[^\W\d_][\w.'’´`-]*(?:\s+[^\W\d_][\w.'’´`-]*){0,4}")
_JOINTS = (",", "&", ";", "、")
_ROLES = ("redakteur", "redakteurin", "korrespondent", "korrespondentin", "reporterin", "journalistin")
"""Endings of German job titles."""
_PARTICLES = frozenset({
    "de", "da", "do", "dos", "das", "del", "della", "di", "du",
    "la", "le", "van", "von", "der", "den", "ter", "ten", "zu", "zum", "af", "bin", "al", "el", "y", "e", "st", "der.", "'t",
})  # fmt: skip
_MONTH_BEFORE = r"(?:[^\W\d_]{3,10}\.?\s+)?(?=\d{1,2}(?:st|nd|rd|th)?,?\s+(?:\d{4}|at\b)|\d{4}\b|\d{1,2}$)"
_DATE_TAIL = re.compile(rf"[\s,·•|–-]+(?:(?:on|am|le|el)\s+)?(?:{_MONTH_BEFORE})?\d.*$")


@cache
def words(concept: str) -> frozenset[str]:
    """Return the words of a concept of bylines.toml."""
    listed = tomllib.loads((files("newsbot.extract") / "bylines.toml").read_text(encoding="utf-8"))
    return frozenset(listed[concept])


@cache
def lead(concept: str) -> re.Pattern[str]:
    """Return a pattern for a text that begins with the words of a concept."""
    ordered = sorted((word.rstrip(":") for word in words(concept)), key=len, reverse=True)
    return re.compile(
        r"\W{0,3}(?:" + "|".join(map(re.escape, ordered)) + r")(?:\s*[:：]\s*|\s+|$)", re.IGNORECASE
    )


@lru_cache(maxsize=1000)
def bare(text: str) -> tuple[str, bool]:
    """Return a byline without the word that announces it and what stands before, and whether it had one.

    Remembered, as are the names in a text: a page's bylines are held against each other.
    """
    lines = text.split("\n")
    for index, line in enumerate(lines[:4]):
        match = lead("written").match(line) or lead("near").match(line)
        if match:
            return "\n".join([line[match.end() :], *lines[index + 1 :]]).strip(), True
    return text, False


def names_in(text: str) -> list[str]:
    """Return the names that a text without its announcing word begins with; see _names_in."""
    return list(_names_in(text))


@lru_cache(maxsize=1000)
def _names_in(text: str) -> tuple[str, ...]:
    """Return the names that a text without its announcing word begins with.

    A further line counts only where a comma or `and` joins it; a further name on a line only with two words or more: `Jane Doe,
    Berlin` and `Jane Doe / Senior Reporter` name one.
    """
    names: list[str] = []
    open_end = False
    for line in text.split("\n")[:8]:
        joined = names and (line.startswith(_JOINTS) or line.lower() in words("and") or open_end)
        if len(line) > 150 or lead("other").match(line) or (names and not joined):
            break
        plain = _DATE_TAIL.sub("", " " + line).strip(" .:|–-•·")
        open_end = plain.endswith(_JOINTS) or plain.lower().rpartition(" ")[2] in words("and")
        for part in filter(None, (_TAIL.sub("", part).strip(" ,") for part in _SPLIT.split(plain))):
            # A title may follow a name, but no name follows a title.
            if not is_name(part) or (names and " " not in part and " " in names[0]):
                break
            names.append(part)
    return tuple(names)


def is_name(text: str) -> bool:
    """Tell whether a text has a name's form: few words, capitals where the script has them, none that only menus have."""
    if not _NAME.fullmatch(text) or len(text) > 60 or not any(char.isalpha() for char in text[1:]):
        return False
    parts = text.split()
    if any((word := part.lower().strip(".'’")) in words("never") or word.endswith(_ROLES) for part in parts):
        return False
    capitals = sum(
        part[0].isupper() or part[0].lower() == part[0].upper() or part.lower() in _PARTICLES
        for part in parts
    )
    return capitals == len(parts) or (text == text.lower() and len(parts) <= 2)
