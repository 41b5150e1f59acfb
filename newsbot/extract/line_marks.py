"""What a line of a dump is there for: a date, a byline, icons, the head of what stands behind; and where sentences outweigh it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from newsbot.dedup.exact import fold
from newsbot.extract.lines import Line

PENALTY = 6
"""Words that a line of no sentences costs the stretch it stands in: a sub-heading is worth bridging, a menu is not."""
MOST = 60
"""Words that a line counts at most: two comments are no match for an article. Both chosen of 30 pairs on the dumps of
benchmarks/dumps.py; even and odd dumps agree on them."""
BEHIND = 60
SHORT = 100
"""Characters up to which a line can be a date line or byline."""
_ICONS = re.compile(r"(?:icon[ -]?[\w-]+ ?){4}", re.IGNORECASE)
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-/.年년]\s?\d{1,2}[-/.月월]\s?\d{1,2}|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.|º)?[\s,]*(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s*(?:de\s|del\s)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)"
)
_NAMES = re.compile(r"[^\W\d_][\w.'’-]*(?:[\s,&]+[^\W\d_][\w.'’-]*){0,7}")
_NUMBERS = re.compile(r"\b\d+\b")
_SPARE = re.compile(r"[^\W\d_]+")


def find_stretch(lines: list[Line]) -> tuple[int, int]:
    """Return start and end of the stretch of lines whose sentences outweigh what is no sentence the most."""
    best, best_start, best_end = 0, 0, 0
    total, start = 0, 0
    for place, line in enumerate(lines):
        total += worth(line)
        if total <= 0:
            total, start = 0, place + 1
        elif total > best:
            best, best_start, best_end = total, start, place + 1
    while best_start < best_end and worth(lines[best_start]) <= 0:
        best_start += 1
    return best_start, best_end


def worth(line: Line) -> int:
    """Return the words that a line adds to the text, negative where it reads like a menu, a link or a prompt."""
    if is_icons(line):
        return -100
    if line.is_prose:
        return min(line.words, MOST)
    if is_date_line(line) or byline_of(line):
        return 0  # stands between standfirst and text as often as before both
    if is_behind(line):
        return -BEHIND
    if line.is_ended or line.is_item:
        return -PENALTY // 3
    return -PENALTY


@cache
def _behind() -> frozenset[str]:
    listed = tomllib.loads((files("newsbot.extract") / "dumps.toml").read_text(encoding="utf-8"))
    return frozenset(map(fold, listed["behind"]))


def is_behind(line: Line) -> bool:
    """Whether a line heads what stands behind an article: comments, related articles."""
    return line.words <= 6 and _NUMBERS.sub(" ", fold(line.text)).strip() in _behind()


def is_date_line(line: Line) -> bool:
    """Whether a line is there for its date: short, and few words beside it."""
    if len(line.text) > SHORT or line.words > 14:
        return False
    match = DATE.search(line.text)
    return match is not None and not (line.is_ended and line.words > 8)


@cache
def _by() -> re.Pattern[str]:
    listed = tomllib.loads((files("newsbot.extract") / "bylines.toml").read_text(encoding="utf-8"))
    words = sorted({word.rstrip(":") for word in listed["written"] + listed["near"]}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + r")\s*:?\s+(?=[^\W\d_])", re.IGNORECASE)


def byline_of(line: Line) -> str | None:
    """Return the names in `By Jane Doe and John Roe`, None where the line is no byline."""
    match = _by().match(line.text) if len(line.text) <= SHORT and line.words <= 12 else None
    if match is None:
        return None
    names = DATE.split(line.text[match.end() :])[0].strip(" ,|·–-")
    spelled = [word for word in _SPARE.findall(names) if len(word) > 3]
    is_named = bool(spelled) and all(word[0].isupper() or not word[0].islower() for word in spelled)
    return names if is_named and _NAMES.fullmatch(names) else None


def is_byline(line: Line) -> bool:
    """Whether a line names the authors."""
    return byline_of(line) is not None


def is_icons(line: Line) -> bool:
    """Whether a line is the titles of an svg sprite run together."""
    return bool(_ICONS.match(line.text))
