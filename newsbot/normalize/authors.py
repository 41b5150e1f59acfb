"""Makes names of what stands where authors stand: `By Jane Doe and John Roe, Staff Writers | AFP` is two persons, an agency.

Words are data in phrases.toml. Used by normalize().
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from newsbot.normalize.headline import fold_name
from newsbot.normalize.text import fold_line

LONGEST_NAME = 70
"""Characters: no longer part of a byline is a name."""
MOST_WORDS = 6
MOST_NAMES = 50

_MARKUP = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@\S+|\b[\w.+-]+@[\w-]+\.[\w.]+\b")
_HANDLE = re.compile(r"[a-z0-9]+(?:[._][a-z0-9]+)+|\S*_\S*")
"""An account's name, such as `ada.quill` or `ada_q`."""
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_BREAK = re.compile(r"\s*(?:[|;•·●\n\t/]|\s[-–—]+\s|\s{2,}|、|，|﹑|・(?=\S+\s*記者))\s*")
_WHEN = re.compile(
    r"(?i)[\s,]*\b(?:published|updated|posted|last updated|on (?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|"
    r"oct|nov|dec)|"
    r"\d{1,2}[./:]\d{1,2}|(?:19|20)\d\d)\b.*$"
)
_EDGE = ' \t,.:;|/\\-–—•·*_"“”„«»<>=+~'


@cache
def phrases(concept: str) -> frozenset[str]:
    """Return the phrases of a concept of phrases.toml, in lower case."""
    listed = tomllib.loads((files("newsbot.normalize") / "phrases.toml").read_text(encoding="utf-8"))
    return frozenset(phrase.casefold() for phrase in listed[concept])


@cache
def _by() -> re.Pattern[str]:
    words = sorted(phrases("by"), key=len, reverse=True)
    return re.compile(
        r"(?i)^(?:"
        + "|".join(re.escape(word.rstrip(":")) for word in words)
        + r")(?:\s*[:：・]\s*|\s+(?=\S))"
    )


@cache
def _and() -> re.Pattern[str]:
    words = sorted(phrases("and"), key=len, reverse=True)
    return re.compile(r"(?i)\s+(?:" + "|".join(map(re.escape, words)) + r")\s+|\s*&\s*|\s*\+\s+")


def persons(raws: Iterable[str], site_names: Iterable[str] = ()) -> list[str]:
    """Return the names of persons, in order, without doubles, degrees, titles, agencies, desks or the site's own name."""
    site = {fold_name(name) for name in site_names} - {""}
    return _unique(name for raw in raws for name in _persons_in(raw, site))


def _persons_in(raw: str, site: set[str]) -> list[str]:
    """Return the persons of one raw text; behind an organisation a single word is its place (`Example News, Halifax`)."""
    parts = _parts(raw)
    named = [part for part in parts if _is_person(part, site)]
    if "," not in raw or list(parts[:1]) == named[:1]:
        return named
    return [name for name in named if " " in name or not name.isascii()]


def credited(raws: Iterable[str], site_names: Iterable[str] = ()) -> list[str]:
    """Return everyone named, organisations too, in order, without doubles.

    The site behind a name in one text (`Jane Doe, Example News`) says whom she works for, and is no second author.
    """
    site = {fold_name(name) for name in site_names} - {""}
    return _unique(
        part
        for raw in raws
        for index, part in enumerate(_parts(raw))
        if index == 0 or fold_name(part) not in site
    )


def _unique(names: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return list(kept.values())[:MOST_NAMES]


@lru_cache(maxsize=1000)
def _parts(raw: str) -> tuple[str, ...]:
    """Cut one raw text into names; remembered, for it is read for persons and for all who are credited."""
    text = fold_line(_MARKUP.sub(" ", html.unescape(raw[:1000]))) or ""
    text = _BRACKETS.sub("", _LINK.sub(" ", text))
    names: list[str] = []
    for piece in _BREAK.split(text):
        for joined in _WHEN.sub("", _unprefixed(piece)).split(","):
            names += [name for name in map(_trim, _and().split(joined)) if name]
    return tuple(name for name in names if _can_be_name(name))


def _unprefixed(text: str) -> str:
    """Take `By`, `Von`, `Text:` and their like off the front, twice at most (`Analysis by: …`)."""
    for _ in range(2):
        text = _by().sub("", text.strip(_EDGE))
    return text


def _trim(name: str) -> str:
    return " ".join(_unprefixed(name).strip(_EDGE.replace(".", "")).split())


def _can_be_name(name: str) -> bool:
    """Tell names from titles, degrees and rubbish."""
    folded = name.casefold()
    if not name or len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS:
        return False
    if folded in phrases("degree") or folded in phrases("by") or folded in phrases("nobody"):
        return False
    return (
        any(char.isalpha() for char in name)
        and not any(mark in name for mark in ("@", "://"))
        and not _is_title(folded)
    )


def _is_title(folded: str) -> bool:
    """Tell whether a part is a job's title: `senior reporter`, `Director of Operations`."""
    words = folded.replace("-", " ").split()
    return any(word in phrases("title") for word in words)


def _is_person(name: str, site: set[str]) -> bool:
    folded = name.casefold()
    if folded in phrases("agency") or folded in phrases("desk") or fold_name(name) in site:
        return False
    if _HANDLE.fullmatch(name):
        return False
    if re.search(r"\.(?:com?|org|net|de|at|ch|be|info|news|tv|tr|uk)\b|\d", folded):
        return False
    return not any(
        word.strip(".,") in phrases("organisation") or word in phrases("organisation")
        for word in re.split(r"[\s-]+", folded)
    )
