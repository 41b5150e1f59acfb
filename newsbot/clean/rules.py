"""Single-page rules: each finds one kind of text that is not the article's, marks it dropped, and counts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from importlib.resources import files

from newsbot.dedup.exact import fold
from newsbot.items import Article, Block

Rule = Callable[[Article], None]


def _phrases(concept: str) -> re.Pattern[str]:
    """Return a pattern that finds a phrase of a concept, of any language, at the start of a block."""
    texts = tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))[concept]
    alternatives = "|".join(sorted((phrase for group in texts.values() for phrase in group), key=len, reverse=True))
    return re.compile(rf"(?:{alternatives})(?!\w)", re.IGNORECASE)


_RELATED, _PROMPT, _CREDIT, _BYLINE = (_phrases(name) for name in ("related", "prompt", "credit", "byline"))
_ICON = re.compile(r"(?:icon[ -]?[\w-]+(?: \w+)?\s*){3,}", re.IGNORECASE)
# Longer blocks are text that happens to begin like a prompt.
SHORT = 220
_SENTENCES = re.compile(r"[.!?。！？]\s")


def icons(article: Article) -> None:
    """Icon and sprite text: the titles of svg symbols run together."""
    _drop(article, "icons", lambda block: bool(_ICON.match(block.text)))


def repeated_headline(article: Article) -> None:
    """The headline said again, as alt text, in a breadcrumb or over the body."""
    headline = fold(article.headline or "")
    if headline:
        _drop(article, "repeated_headline", lambda block: fold(block.text) == headline)


def related(article: Article) -> None:
    """Inserts that lead to another article: "Also on …", "Read more: …"."""
    _drop(article, "related", lambda block: _is_short(block) and bool(_RELATED.match(block.text)))


def prompts(article: Article) -> None:
    """Prompts to share, subscribe, follow, comment or donate."""
    _drop(article, "prompts", lambda block: _is_short(block) and bool(_PROMPT.search(block.text)))


def captions(article: Article) -> None:
    """Captions and credits of pictures that stand between paragraphs."""
    _drop(article, "captions", lambda block: block.role == "caption" or (_is_short(block) and bool(_CREDIT.match(block.text))))


def bylines(article: Article) -> None:
    """A byline that stands in the body; it is in `authors`."""
    names = {fold(name) for name in article.authors}

    def is_byline(block: Block) -> bool:
        if not _is_short(block) or len(block.text) > 80:
            return block.role in {"byline", "dateline"}
        bare = _BYLINE.sub("", block.text, count=1)
        return block.role in {"byline", "dateline"} or (bare != block.text and fold(bare) in names) or fold(block.text) in names

    _drop(article, "bylines", is_byline)


def doubled(article: Article) -> None:
    """A block that repeats the one before it, or the standfirst."""
    seen: set[str] = set()
    for block in article.blocks:
        if not block.kept:
            continue
        folded = fold(block.text)
        if folded in seen and len(folded) > 20:
            _mark(article, block, "doubled")
        seen.add(folded)


RULES: tuple[Rule, ...] = (icons, repeated_headline, related, prompts, captions, bylines, doubled)
"""In the order in which they run."""


def _is_short(block: Block) -> bool:
    return len(block.text) <= SHORT and len(_SENTENCES.findall(block.text)) <= 2


def _drop(article: Article, rule: str, is_found: Callable[[Block], bool]) -> None:
    for block in article.blocks:
        if block.kept and is_found(block):
            _mark(article, block, rule)


def _mark(article: Article, block: Block, rule: str) -> None:
    block.kept, block.reason = False, f"clean/{rule}"
    article.counters[block.reason] = article.counters.get(block.reason, 0) + 1
