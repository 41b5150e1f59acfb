"""Finds the headline among the lines before a dump's text: said twice, near it, made of its words; a trained forest weighs that."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from newsbot.dedup.exact import fold
from newsbot.extract.letters import Floats
from newsbot.extract.line_features import Columns
from newsbot.extract.line_marks import byline_of, is_date_line, is_icons
from newsbot.extract.lines import Line

REACH = 120
"""Lines before the text that may be the headline, and lines of it: a headline can stand behind a line that looks like text."""
WITHIN = 3
SITE = 5
"""Words that a site's name at the end of a window title has at most."""
_PARTED = re.compile(r"\s+[|–—·•»-]\s+|\s*[|｜]\s*")


@dataclass(slots=True)
class Candidates:
    """Lines that may be the headline; k of them."""

    places: list[int]
    texts: list[str]
    """(k) As they would be given: without the site's name."""
    features: npt.NDArray[np.float32]
    """(features, k)."""


def find_candidates(lines: list[Line], columns: Columns, first: Floats) -> Candidates:
    """Return the candidates of a dump whose lines are the text by the probabilities `first`."""
    start = text_start(lines, first)
    folded = [fold(line.text[:300]) for line in lines]
    spoken = {
        word
        for text, value in zip(folded, first.tolist(), strict=True)
        if value > 0.5
        for word in text.split()
        if len(word) > 3 or not word.isascii()
    }
    places = sorted(
        {0, *range(max(0, start - REACH), min(len(lines), start + WITHIN))},
    )
    places = [place for place in places if may_head(lines[place])]
    texts = [without_site(lines, folded, place) for place in places]
    rows = [_describe(place, text, start, folded, spoken) for place, text in zip(places, texts, strict=True)]
    if not rows:
        return Candidates([], [], np.zeros((0, 0), np.float32))
    own = np.array(rows, np.float32).T
    return Candidates(places, texts, np.concatenate([columns.matrix()[:, places], own]))


def text_start(lines: list[Line], first: Floats) -> int:
    """Return the place of the first line that is surely text."""
    return next(
        (place for place, value in enumerate(first.tolist()) if value > 0.5 and lines[place].words >= 8), 0
    )


def _describe(place: int, text: str, start: int, folded: list[str], spoken: set[str]) -> list[float]:
    own = fold(text)
    words = [word for word in own.split() if len(word) > 3 or not word.isascii()]
    title = folded[0].split()
    known = set(title)
    before = Counter(folded[: start + 1])
    return [
        float(place - start),
        sum(word in spoken for word in words) / (len(words) or 1),
        float(before[own]),
        float(folded.count(own)),
        float(sum(own in other for other in folded[:200] if len(other) > len(own))),
        float(place == 0),
        float(place > 0 and folded[0].startswith(own)),
        sum(word in known for word in own.split()) / (len(own.split()) or 1),
        len(own.split()) / (len(title) or 1),
        float(len(text)),
        float(text[-1] in ".。"),
        float(text[-1] in "?!:…"),
    ]


def may_head(line: Line) -> bool:
    """Whether a line can be a headline at all."""
    text = line.text
    return (
        line.words >= 2
        and 8 <= len(text) <= 300
        and not is_icons(line)
        and not is_date_line(line)
        and byline_of(line) is None
    )


def without_site(lines: list[Line], folded: list[str], place: int) -> str:
    """Return a line; of `Headline | Site` the part that stands alone in a line, of the first line what is not the site's name."""
    text = lines[place].text
    parts = _PARTED.split(text)
    if len(parts) < 2:
        return text
    alone = {other for index, other in enumerate(folded) if index != place}
    for part in parts:
        if len(part) > len(text) / 2 and fold(part) in alone:
            return part
    if place == 0 and len(parts[-1].split()) <= SITE and len(parts[-1]) < len(text) / 2:
        return text[: text.rindex(parts[-1])].rstrip(" |–—·•»-｜")
    return text
