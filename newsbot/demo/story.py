"""Writes a story: headline, standfirst, paragraphs and people, before any page is made of it; read by newspaper.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import Literal, NamedTuple

from newsbot.demo.chrome import chrome
from newsbot.demo.draw import draw
from newsbot.demo.sections import Section
from newsbot.demo.text import Cast, Grammar, grammar

LIVE_SECTIONS = ("world", "obshchestvo", "alam")
Kind = Literal["p", "h", "quote", "li", "update"]


class Piece(NamedTuple):
    """A run of an article's text; `recurs` if other articles rightly have the same."""

    kind: Kind
    text: str
    recurs: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What a desk hands in."""

    headline: str
    standfirst: str
    pieces: tuple[Piece, ...]
    people: tuple[str, ...]
    """Who is in the story; pages link some of them."""
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    caption: str
    is_live: bool = False


def headline(seed: int, index: int, section: Section, edition: str = "") -> str:
    """Return a story's headline without writing the story: teasers and feeds need many."""
    words = grammar(section.language)
    return words.sentence("headline", draw(seed, f"headline {edition}", index), _cast(words, seed, index))


def standfirst(seed: int, index: int, section: Section, edition: str = "") -> str:
    """Return a story's standfirst."""
    words = grammar(section.language)
    return words.sentence("standfirst", draw(seed, f"standfirst {edition}", index), _cast(words, seed, index))


def write(seed: int, index: int, section: Section) -> Story:
    """Return story `index`; the same for the same arguments."""
    words, rng = grammar(section.language), draw(seed, "story", index)
    cast = _cast(words, seed, index)
    is_live = section.slug in LIVE_SECTIONS and rng.random() < 0.04
    pieces = _live(words, rng, cast) if is_live else _pieces(words, rng, cast)
    return Story(
        headline=headline(seed, index, section),
        standfirst=standfirst(seed, index, section),
        pieces=_distinct(_with_recurring(pieces, section, rng, cast)),
        people=tuple(cast["person"]),
        authors=_authors(seed, section.language, rng),
        keywords=tuple(rng.sample(words.lists["tag"], 3)),
        caption=words.sentence("caption", rng, cast),
        is_live=is_live,
    )


def _distinct(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Drop what the story says twice, word for word."""
    return tuple({piece.text: piece for piece in reversed(pieces)}.values())[::-1]


def paragraphs(seed: int, index: int, section: Section, purpose: str, count: int) -> list[Piece]:
    """Return further paragraphs for a story, by its people and about its places."""
    words, rng = grammar(section.language), draw(seed, f"more {purpose}", index)
    cast = _cast(words, seed, index)
    return [Piece("p", _paragraph(words, rng, cast)) for _ in range(count)]


def _cast(words: Grammar, seed: int, index: int) -> Cast:
    rng = draw(seed, "cast", index)
    people = [words.name(rng) for _ in range(4)]
    return {"person": people, "place": rng.sample(words.lists["place"], 3)}


def _target(rng: Random) -> int:
    """Return the words to write: briefs of 80, mostly some hundreds, features of 1,200."""
    draw_ = rng.random()
    if draw_ < 0.15:
        return 80 + int(rng.random() * 70)
    if draw_ < 0.75:
        return 200 + int(rng.random() * 400)
    return 600 + int(rng.random() ** 2 * 600)


def _length(text: str, words: Grammar) -> float:
    return text.count(" ") + 1 if words.spaced else len(text) / 1.7


def _paragraph(words: Grammar, rng: Random, cast: Cast) -> str:
    sentences = [words.sentence("sentence", rng, cast) for _ in range(2 + int(rng.random() * 3))]
    return (" " if words.spaced else "").join(sentences)


def _pieces(words: Grammar, rng: Random, cast: Cast) -> list[Piece]:
    target, written, pieces = _target(rng), 0.0, list[Piece]()
    while written < target:
        extra = _extra(len(pieces), target, words, rng, cast)
        pieces.extend(extra)
        pieces.append(Piece("p", _paragraph(words, rng, cast)))
        written += _length(pieces[-1].text, words) + sum(_length(piece.text, words) for piece in extra)
    return pieces


def _extra(position: int, target: int, words: Grammar, rng: Random, cast: Cast) -> list[Piece]:
    """Return what stands before the next paragraph of a longer article: now and then a sub-heading, quote or list."""
    if target < 200 or position < 2:
        return []
    choice = rng.random()
    if choice < 0.12:
        heading = words.sentence("heading", rng, cast)
        return [Piece("h", heading, recurs=heading in words.lists["heading"])]
    if choice < 0.2:
        return [Piece("quote", words.sentence("quote", rng, cast))]
    if choice < 0.24:
        return [Piece("li", words.sentence("item", rng, cast)) for _ in range(3 + int(rng.random() * 3))]
    return []


def _live(words: Grammar, rng: Random, cast: Cast) -> list[Piece]:
    return [Piece("update", _paragraph(words, rng, cast)) for _ in range(6 + int(rng.random() * 10))]


def _with_recurring(pieces: list[Piece], section: Section, rng: Random, cast: Cast) -> list[Piece]:
    """Add lines that other articles have too, and rightly: dateline, column's title, correction, a quote of the day."""
    lines = chrome(section.language).rightful
    if section.slug == "opinion" and rng.random() < 0.6:
        pieces = [Piece("p", lines.columns[int(rng.random() * len(lines.columns))], recurs=True), *pieces]
    elif rng.random() < 0.25 and pieces[0].kind == "p":
        dateline = f"{cast['place'][0]} ({lines.agency}) – "
        pieces = [Piece("p", dateline + pieces[0].text), *pieces[1:]]
    elif rng.random() < 0.08:
        pieces = [*pieces, Piece("p", lines.agency_note, recurs=True)]
    if rng.random() < 0.06:
        pieces = [*pieces, Piece("p", lines.correction, recurs=True)]
    if rng.random() < 0.06:
        quote = lines.quotes[int(rng.random() * len(lines.quotes))]
        middle = max(1, len(pieces) // 2)
        pieces = [*pieces[:middle], Piece("quote", quote, recurs=True), *pieces[middle:]]
    return pieces


def author_path(language: str, name: str) -> str:
    """Return the path of an author's page."""
    return f"/authors/{language}-{blake2b(name.encode(), digest_size=4).hexdigest()}/"


@lru_cache(maxsize=256)
def staff(seed: int, language: str) -> tuple[str, ...]:
    """Return the names of those who write in a language."""
    words, rng = grammar(language), draw(seed, "staff", language)
    return tuple(dict.fromkeys(words.name(rng) for _ in range(14)))


def _authors(seed: int, language: str, rng: Random) -> tuple[str, ...]:
    """Return one name mostly, two at times, none where the desk signs."""
    names, choice = staff(seed, language), rng.random()
    return tuple(rng.sample(names, 0 if choice < 0.13 else 2 if choice < 0.27 else 1))
