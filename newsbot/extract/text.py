"""Reads an article off a page flattened to plain text: the half of extract for dumps, which have no tree.

A trained model says which lines are the text and which is the headline; dates and byline stand near them. All lines become blocks,
those that are no text dropped, so that cleaning and `scrapy extract` see them like a page's.
"""

from __future__ import annotations

import numpy as np

from newsbot.dedup.exact import fold
from newsbot.extract.decode import decode
from newsbot.extract.line_marks import DATE, byline_of, is_byline, is_date_line
from newsbot.extract.line_model import DumpModel, Judged, load_dump_model
from newsbot.extract.lines import Line
from newsbot.extract.shown import hinted_parts
from newsbot.items import Article, Block, Page
from newsbot.publishers.model import Publisher

BEFORE = 12
"""Lines before the headline, or the text where there is none, among which dates are looked for."""
_UNSPACED_ENDS = frozenset("。！？」』”")


def read_text(page: Page, publisher: Publisher) -> Article:
    """Return the article on a page flattened to text. Raises UnreadablePage where the bytes are no text.

    A first paragraph is the standfirst where the publisher's pages are known to show one, or where a byline, a date or a repeated
    headline parts it from the rest.
    """
    decoded = decode(page)
    judged = chosen_model().judge(decoded.text)
    lines = judged.lines
    article = Article(url=page.url, replacement_characters=decoded.replacements)
    start = next((place for place, keep in enumerate(judged.kept) if keep), len(lines))
    if judged.head is not None:
        article.headline = judged.headline
        article.provenance["headline"] = "text"
        start = max(start, judged.head + 1)
    _dates(article, lines, judged.head, start)
    _authors(article, lines, judged.head, start)
    article.blocks = _blocks(article, judged)
    _standfirst(article, publisher)
    article.confidence = _confidence(judged)
    if any(judged.kept):
        article.provenance["body"] = "model"
    return article


def chosen_model() -> DumpModel:
    """Return the package's models; benchmarks put ones that did not see the page in their place."""
    return load_dump_model()


def _blocks(article: Article, judged: Judged) -> list[Block]:
    """Return the lines as blocks; sentences of one paragraph that were judged apart are joined again."""
    blocks: list[Block] = []
    for line, keep, score in zip(judged.lines, judged.kept, judged.scores.tolist(), strict=True):
        block = _block(article, line, is_text=keep)
        block.score = round(score, 4)
        before = blocks[-1] if blocks else None
        if (
            before is not None
            and line.follows
            and before.kept
            and block.kept
            and before.role == block.role == "body"
        ):
            before.text += ("" if before.text[-1] in _UNSPACED_ENDS else " ") + block.text
            before.score = min(before.score or 0.0, block.score)
        else:
            blocks.append(block)
    return blocks


def _confidence(judged: Judged) -> float:
    """Return the mean probability of what is kept, by length."""
    sizes = np.array(
        [line.words * keep for line, keep in zip(judged.lines, judged.kept, strict=True)], np.float64
    )
    return round(float((sizes * judged.scores).sum() / max(sizes.sum(), 1.0)), 4) if len(sizes) else 0.0


def _dates(article: Article, lines: list[Line], head: int | None, start: int) -> None:
    """Set the date lines near the headline as raw dates, nearest first, those that say updated as the date of change."""
    middle = start if head is None else head
    window = range(max(0, middle - BEFORE), min(len(lines), max(start, middle) + 4))
    found = sorted((abs(place - middle), place) for place in window if is_date_line(lines[place]))
    for _, place in found:
        for hint, part in hinted_parts(lines[place].text):
            field = "date_modified" if hint == "modified" else "date_published"
            if DATE.search(part):
                article.date_candidates.append((field, part.strip(), "text"))
    for field, raw, source in reversed(article.date_candidates):
        setattr(article, f"{field}_raw", raw)
        article.provenance[field] = source


def _authors(article: Article, lines: list[Line], head: int | None, start: int) -> None:
    first = 0 if head is None else max(0, head - 3)
    for line in lines[first : start + 2]:
        names = byline_of(line)
        if names:
            article.authors = article.credited = [names]
            article.provenance["authors"] = "text"
            return


def _block(article: Article, line: Line, *, is_text: bool) -> Block:
    block = Block(text=line.text, tag="li" if line.is_item else "p", role="list" if line.is_item else "body")
    if article.headline and fold(line.text) == fold(article.headline):
        block.role, block.kept, block.reason = "headline", False, "extract/headline"
    elif is_date_line(line):
        block.role, block.kept, block.reason = "dateline", False, "extract/dateline"
    elif is_byline(line):
        block.role, block.kept, block.reason = "byline", False, "extract/byline"
    elif not is_text:
        block.kept, block.reason = False, "extract/text"
    elif not line.is_prose and not line.is_ended and line.words <= 12:
        block.role = "list" if line.is_item else "heading"
    return block


def _standfirst(article: Article, publisher: Publisher) -> None:
    """Mark the first paragraph as the standfirst where that is known."""
    kept = [place for place, block in enumerate(article.blocks) if block.kept]
    if len(kept) < 2 or not article.headline:
        return
    first, second = kept[:2]
    is_declared = any(layout.standfirst for layout in publisher.layouts)
    is_parted = any(
        block.role in {"headline", "dateline", "byline"} for block in article.blocks[first + 1 : second]
    )
    if (is_declared or is_parted) and article.blocks[first].role == "body":
        article.blocks[first].role = "standfirst"
