"""Finds phrases in a text word by word; the phrases are data, by concept and language, in phrases.toml. Serves rules.py.

One look-up a word instead of one alternative a phrase: 1,200 phrases cost a block of 30 words about 5 microseconds.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from newsbot.dedup.exact import fold

ANY = "*"
MOST_ANY = 3
"""Words that a `*` stands for at most."""
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Phrases:
    """The phrases of one concept in all languages."""

    def __init__(self, listed: list[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        signs: list[str] = []
        self._whole: set[str] = set()
        for phrase in listed:
            if _UNSPACED.search(phrase) or not fold(phrase):
                signs.append(phrase)
                self._whole.add(fold(phrase))
                continue
            words = tuple(
                part for raw in phrase.split() for part in ((ANY,) if raw == ANY else fold(raw).split())
            )
            self._by_first.setdefault(words[0], []).append(words[1:])
            self._whole.add(" ".join(words))
        for rests in self._by_first.values():
            rests.sort(key=len, reverse=True)
        # What may follow a first word; not known where the phrase ends there or goes on with any word.
        self._seconds: dict[str, frozenset[str]] = {
            first: frozenset(rest[0] for rest in rests)
            for first, rests in self._by_first.items()
            if all(rest and rest[0] != ANY for rest in rests)
        }
        # Most phrases begin with a word of any text: those that stand anywhere are looked for by their longest.
        self._by_longest: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for first, rests in self._by_first.items():
            for rest in rests:
                place, word = _longest((first, *rest))
                self._by_longest.setdefault(word, []).append((place, (first, *rest)))
        self._signs = tuple(signs)
        self._starts = frozenset(sign[0] for sign in signs)
        # Where none of the signs' first characters is, none of the signs is: one look instead of one a phrase.
        self._first_sign = re.compile(f"[{re.escape(''.join(sorted(self._starts)))}]") if signs else None

    def is_whole(self, folded: str) -> bool:
        """Whether a folded text is one of the phrases and nothing else."""
        return folded in self._whole

    def start(self, words: list[str], text: str) -> int:
        """Return how many words at the start make a phrase, 0 for none; `text` is the same as it stands."""
        if text[:1] in self._starts and text.startswith(self._signs):
            return 1
        return self._at(words, 0)

    def holds(self, words: list[str], text: str) -> bool:
        """Whether a phrase stands anywhere in the text."""
        if not self._by_longest.keys().isdisjoint(words) and self._stands_in(words):
            return True
        if self._first_sign is None or text.isascii() or not self._first_sign.search(text):
            return False
        return any(signs in text for signs in self._signs)

    def _stands_in(self, words: list[str]) -> bool:
        for place, word in enumerate(words):
            for offset, (first, *rest) in self._by_longest.get(word, ()):
                start = place - offset
                if start >= 0 and words[start] == first and _match(words, start + 1, tuple(rest)):
                    return True
        return False

    def is_made_of(self, words: list[str]) -> bool:
        """Whether the text is phrases and nothing else."""
        place = 0
        while place < len(words):
            step = self._at(words, place)
            if not step:
                return False
            place += step
        return bool(words)

    def _at(self, words: list[str], place: int) -> int:
        if place >= len(words):
            return 0
        first = words[place]
        rests = self._by_first.get(first)
        if rests is None:
            return 0
        seconds = self._seconds.get(first)
        # Most words that begin a phrase are followed by another one than in it.
        if seconds is not None and (place + 1 >= len(words) or words[place + 1] not in seconds):
            return 0
        for rest in rests:
            end = _match(words, place + 1, rest)
            if end:
                return end - place
        return 0


def _longest(phrase: tuple[str, ...]) -> tuple[int, str]:
    """Return the longest word of a phrase, of those before any that stands for others, and its place."""
    known = phrase[: phrase.index(ANY)] if ANY in phrase else phrase
    place = max(range(len(known)), key=lambda index: len(known[index]))
    return place, known[place]


def _match(words: list[str], place: int, rest: tuple[str, ...]) -> int:
    """Return where `rest` ends in `words` from `place` on, 0 where it does not match."""
    if ANY not in rest:
        end = place + len(rest)
        return end if tuple(words[place:end]) == rest else 0
    split = rest.index(ANY)
    if tuple(words[place : place + split]) != rest[:split]:
        return 0
    for skipped in range(1, MOST_ANY + 1):
        end = _match(words, place + split + skipped, rest[split + 1 :])
        if end and end <= len(words):
            return end
    return 0


@cache
def phrases(concept: str) -> Phrases:
    """Return the phrases of a concept, of any language: a page quotes, and sites mix."""
    texts = tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))[concept]
    return Phrases([phrase for group in texts.values() for phrase in group])
