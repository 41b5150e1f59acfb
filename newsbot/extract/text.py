"""Reads an article off a page flattened to plain text: the half of extract for dumps, which have no tree.

The text is the stretch of lines where sentences outweigh menus, prompts and links; headline, date and byline stand before it. All
lines become blocks, those outside dropped, so that cleaning and `scrapy extract` see them like a page's.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files

from newsbot.dedup.exact import fold
from newsbot.extract.lines import Line, read_lines
from newsbot.extract.shown import hinted_parts
from newsbot.items import Article, Block, Page
from newsbot.publishers.model import Publisher

PENALTY = 6
"""Words that a line of no sentences costs the stretch it stands in: a sub-heading is worth bridging, a menu is not."""
MOST = 60
"""Words that a line counts at most: two comments are no match for an article. Both chosen of 30 pairs on the dumps of
benchmarks/dumps.py; even and odd dumps agree on them."""
BEHIND = 60
BEFORE = 12
"""Lines before the text among which headline, date and byline are looked for first; the second place is the whole head."""
SHORT = 100
"""Characters up to which a line can be a date line or byline."""
_ICONS = re.compile(r"(?:icon[ -]?[\w-]+ ?){4}", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-/.年년]\s?\d{1,2}[-/.月월]\s?\d{1,2}|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.|º)?[\s,]*(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s*(?:de\s|del\s)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)"
)
_PARTED = re.compile(r"\s+[|–—·•»-]\s+|\s*[|｜]\s*")
_NAMES = re.compile(r"[^\W\d_][\w.'’-]*(?:[\s,&]+[^\W\d_][\w.'’-]*){0,7}")
_NUMBERS = re.compile(r"\b\d+\b")
_SPARE = re.compile(r"[^\W\d_]+")


def read_text(page: Page, publisher: Publisher) -> Article:
    """Return the article on a page flattened to text. Raises UnreadablePage where the bytes are no text.

    A first paragraph is the standfirst where the publisher's pages are known to show one, or where a byline, a date or a repeated
    headline parts it from the rest.
    """
    lines, replaced = read_lines(page)
    start, end = find_stretch(lines)
    article = Article(url=page.url, replacement_characters=replaced)
    head = find_headline(lines, start, end)
    if head is not None:
        article.headline = _without_site(lines, head)
        article.provenance["headline"] = "text"
        start = max(start, head + 1)
    _dates(article, lines, head, start)
    _authors(article, lines, head, start)
    article.blocks = [_block(article, line, start <= place < end) for place, line in enumerate(lines)]
    _standfirst(article, publisher, start)
    kept = sum(line.words for line in lines[start:end])
    article.confidence = round(min(1.0, kept / 100) * 0.8, 3)
    return article


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
    if _ICONS.match(line.text):
        return -100
    if line.is_prose:
        return min(line.words, MOST)
    if _is_date(line) or _byline(line):
        return 0  # stands between standfirst and text as often as before both
    if _is_behind(line):
        return -BEHIND
    if line.is_ended or line.is_item:
        return -PENALTY // 3
    return -PENALTY


@cache
def _behind() -> frozenset[str]:
    listed = tomllib.loads((files("newsbot.extract") / "dumps.toml").read_text(encoding="utf-8"))
    return frozenset(map(fold, listed["behind"]))


def _is_behind(line: Line) -> bool:
    """Whether a line heads what stands behind an article: comments, related articles."""
    return line.words <= 6 and _NUMBERS.sub(" ", fold(line.text)).strip() in _behind()


def find_headline(lines: list[Line], start: int, end: int) -> int | None:
    """Return the place of the headline before the text: said twice, near it, made of its words; None where no line may be one."""
    spoken = Counter(word for line in lines[start:end] for word in fold(line.text).split())
    times = Counter(fold(line.text) for line in lines[: start + 1])
    first_title = fold(_PARTED.split(lines[0].text)[0]) if lines else ""
    best: tuple[float, int] | None = None
    for place in range(min(start + 1, len(lines))):
        line = lines[place]
        if not _may_head(line) or (place == start and line.is_ended and line.text[-1] not in "?!"):
            continue
        folded = fold(line.text)
        words = [word for word in folded.split() if len(word) > 3 or not word.isascii()]
        shared = sum(word in spoken for word in words) / (len(words) or 1)
        score = 2.0 * shared + min(line.words, 8) / 4
        score += 2.0 * (times[folded] > 1 and line.words > 3) + 1.5 * (first_title == folded and place > 0)
        score -= min(start - place, 40) / 20 + 1.5 * (line.is_ended and line.text[-1] == ".")
        if best is None or score >= best[0]:
            best = score, place
    return best[1] if best else None


def _may_head(line: Line) -> bool:
    text = line.text
    return (
        2 <= line.words <= 45
        and 8 <= len(text) <= 300
        and not _ICONS.match(text)
        and not _is_date(line)
        and not _byline(line)
    )


def _without_site(lines: list[Line], head: int) -> str:
    """Return the headline; of a window title `Headline | Site` the part that stands alone in a line."""
    text = lines[head].text
    alone = {fold(line.text) for place, line in enumerate(lines) if place != head}
    for part in _PARTED.split(text):
        if len(part) > len(text) / 2 and fold(part) in alone:
            return part
    return text


def _is_date(line: Line) -> bool:
    """Whether a line is there for its date: short, and few words beside it."""
    if len(line.text) > SHORT or line.words > 14:
        return False
    match = _DATE.search(line.text)
    return match is not None and not (line.is_ended and line.words > 8)


def _dates(article: Article, lines: list[Line], head: int | None, start: int) -> None:
    """Set the date lines near the headline as raw dates, nearest first, those that say updated as the date of change."""
    middle = start if head is None else head
    window = range(max(0, middle - BEFORE), min(len(lines), max(start, middle) + 4))
    found = sorted((abs(place - middle), place) for place in window if _is_date(lines[place]))
    for _, place in found:
        for hint, part in hinted_parts(lines[place].text):
            field = "date_modified" if hint == "modified" else "date_published"
            if _DATE.search(part):
                article.date_candidates.append((field, part.strip(), "text"))
    for field, raw, source in reversed(article.date_candidates):
        setattr(article, f"{field}_raw", raw)
        article.provenance[field] = source


@cache
def _by() -> re.Pattern[str]:
    listed = tomllib.loads((files("newsbot.extract") / "bylines.toml").read_text(encoding="utf-8"))
    words = sorted({word.rstrip(":") for word in listed["written"] + listed["near"]}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + r")\s*:?\s+(?=[^\W\d_])", re.IGNORECASE)


def _byline(line: Line) -> str | None:
    """Return the names in `By Jane Doe and John Roe`, None where the line is no byline."""
    match = _by().match(line.text) if len(line.text) <= SHORT and line.words <= 12 else None
    if match is None:
        return None
    names = _DATE.split(line.text[match.end() :])[0].strip(" ,|·–-")
    spelled = [word for word in _SPARE.findall(names) if len(word) > 3]
    is_named = bool(spelled) and all(word[0].isupper() or not word[0].islower() for word in spelled)
    return names if is_named and _NAMES.fullmatch(names) else None


def _authors(article: Article, lines: list[Line], head: int | None, start: int) -> None:
    first = 0 if head is None else max(0, head - 3)
    for line in lines[first : start + 2]:
        names = _byline(line)
        if names:
            article.authors = article.credited = [names]
            article.provenance["authors"] = "text"
            return


def _block(article: Article, line: Line, is_inside: bool) -> Block:
    block = Block(text=line.text, tag="li" if line.is_item else "p", role="list" if line.is_item else "body")
    if article.headline and fold(line.text) == fold(article.headline):
        block.role, block.kept, block.reason = "headline", False, "extract/headline"
    elif not is_inside:
        block.kept, block.reason = False, "extract/text"
    elif _is_date(line):
        block.role, block.kept, block.reason = "dateline", False, "extract/dateline"
    elif _byline(line):
        block.role, block.kept, block.reason = "byline", False, "extract/byline"
    elif not line.is_prose and not line.is_ended and line.words <= 12:
        block.role = "list" if line.is_item else "heading"
    return block


def _standfirst(article: Article, publisher: Publisher, start: int) -> None:
    """Mark the first paragraph as the standfirst where that is known."""
    kept = [place for place, block in enumerate(article.blocks) if block.kept]
    if len(kept) < 2 or not article.headline:
        return
    first, second = kept[:2]
    is_declared = any(layout.standfirst for layout in publisher.layouts)
    is_parted = any(
        block.role in {"headline", "dateline", "byline"} for block in article.blocks[first + 1 : second]
    )
    if (is_declared or is_parted) and article.blocks[first].role == "body" and first <= start + 2:
        article.blocks[first].role = "standfirst"
