"""Tells what kind of page was read: article, live_blog, video, gallery, index, error, consent, login, paywall or challenge.

Structure is asked first (declared types, what the text is made of, forms, marks of walls), phrases last, and phrases only of pages
that hold next to no text: a page with an article's worth of sentences is never anything else than an article.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from newsbot.dedup.exact import fold
from newsbot.extract.marked import Element, Marked
from newsbot.extract.teasers import (
    is_list_of_teasers,
    is_menu,
    is_sentence,
    leads_elsewhere,
    words_in,
    words_in_all,
)
from newsbot.items import Article, Block

ENOUGH = 200
"""Words of sentences that make an article whatever else the page is; the shortest articles of 934 have 60."""
LITTLE = 80
"""Words up to which the phrases of error pages and walls are looked for."""
STUB = 40
"""Words below which a paywalled page is its teaser only."""
SMALL = 400
"""Words of all blocks that a wall's page has at most: it has no menus, or stands instead of the site."""
_ARTICLE = re.compile(
    r"(?:NewsArticle|Article|BlogPosting|ReportageNewsArticle|OpinionNewsArticle|AnalysisNewsArticle|ReviewNewsArticle|Report)"
)
_TYPE = re.compile(r'"@type"\s*:\s*(?:"([A-Za-z]{3,40})"|\[([^\]]{0,200})\])')
_LIVE_URL = re.compile(
    r"/live[/-]|live-?blog|live-?ticker|live-?updates?|/en-direct|/en-vivo|/ao-vivo|/liveticker|newsblog|newsticker",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"^\W{0,2}(?:[01]?\d|2[0-3])[:.h]\d\d(?:\s?(?:[ap]\.?m\.?|uhr|[a-z]{2,4}))?\b", re.IGNORECASE
)
_UNSPACED = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u9fff]")
_WALL_MARK = (
    "#challenge-form, #challenge-running, #cf-wrapper, .cf-turnstile, .h-captcha, .g-recaptcha, #px-captcha,"
    " [src*='/challenge-platform/'], [src*='captcha-delivery'], [src*='_Incapsula_Resource'], [action*='captcha' i]"
)
HEADINGS = 3
"""Main headings that are looked at."""


@dataclass(slots=True)
class Facts:
    """What the tree says beside its text."""

    parser: LexborHTMLParser
    types: set[str] = field(default_factory=set)
    """schema.org types of JSON-LD, and og:type as `og:…`."""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    """The first ones."""
    is_article: bool = False
    """Declared as an article by JSON-LD, OpenGraph or microdata."""
    canonical: str | None = None
    """The page's own address as it stands; metadata passes over one that names the site's front page."""

    def has(self, selector: str) -> bool:
        """Whether an element is on the page; asked of pages of few words only."""
        return self.parser.css_first(selector) is not None


def classify(article: Article, marked: Marked) -> None:
    """Set `kind`, and `is_live_blog` and `is_truncated` where the page shows it. Blocks must have been marked kept or dropped."""
    facts = read_facts(marked)
    kept = [block for block in article.blocks if block.kept]
    sentences = words_in_all([block.text for block in kept if is_sentence(block)])
    article.kind = _kind(article, facts, kept, sentences)
    if article.kind == "article" and sentences <= LITTLE and marked.parser.css_first(_WALL_MARK) is not None:
        article.kind = (
            "challenge" if sum(words_in(block.text) for block in article.blocks) <= SMALL else "article"
        )
    if article.kind == "live_blog":
        article.is_live_blog = True
    if article.kind == "article" and article.is_truncated is None and _is_cut(article, kept, sentences):
        article.is_truncated = True


def read_facts(marked: Marked) -> Facts:
    """Return what the tree says."""
    facts = Facts(marked.parser)
    for element in marked.elements:
        _file(facts, element)
    for statement in marked.statements:
        _add_types(facts, statement)
    facts.is_article = (
        facts.is_article or "og:article" in facts.types or any(map(_ARTICLE.fullmatch, facts.types))
    )
    return facts


def _file(facts: Facts, element: Element) -> None:
    """File what one element says."""
    node, tag, attributes = element
    if tag == "meta":
        name = attributes.get("property")
        if name == "og:type":
            facts.types.add(f"og:{(attributes.get('content') or '').lower()}")
        elif name == "article:published_time":
            facts.is_article = True
    elif tag == "link" and "canonical" in (attributes.get("rel") or "").lower().split():
        facts.canonical = facts.canonical or attributes.get("href")
    elif tag == "title":
        facts.title = facts.title or node.text()[:300]
    elif tag == "h1" and len(facts.headings) < HEADINGS:
        facts.headings.append(node.text()[:300])
    if "itemprop" in attributes and "articleBody" in (attributes["itemprop"] or "").split():
        facts.is_article = True


def _add_types(facts: Facts, text: str) -> None:
    for one, several in _TYPE.findall(text[:500_000]):
        facts.types.update([one] if one else re.findall(r"[A-Za-z]{3,40}", several))


def _kind(article: Article, facts: Facts, kept: list[Block], sentences: int) -> str:
    is_live, is_front = _is_live(article, kept), _is_front(article, facts)
    if sentences < ENOUGH:
        kind = _of_few_words(article, facts, kept, sentences)
        if kind and not (is_live and kind in {"index", "video", "gallery", "paywall"}):
            return kind
    if is_live:
        return "live_blog"
    if is_front and leads_elsewhere(article.blocks, sentences):
        return "index"
    return "index" if not facts.is_article and is_list_of_teasers(article.blocks) else "article"


def _of_few_words(article: Article, facts: Facts, kept: list[Block], sentences: int) -> str | None:
    """Return the kind of a page whose sentences alone do not make it an article; None for an article all the same."""
    everything = sum(words_in(block.text) for block in article.blocks)
    spoken = Spoken(facts, article.blocks if everything <= SMALL else kept)
    kind = None
    # Where the publisher's own selectors found the text, what is short is a short article beside a cookie bar, no wall.
    is_found = article.provenance.get("body") == "layout" and sentences > 0
    if everything <= SMALL and not is_found and not (facts.is_article and sentences > LITTLE):
        kind = _wall(facts, spoken, article.blocks, sentences)
    if (
        kind is None
        and sentences <= LITTLE
        and not facts.is_article
        and spoken.says("error", headings_only=True)
    ):
        kind = "error"
    if kind is None and sentences < STUB and _is_paid(article, article.blocks):
        kind = "paywall"
    if kind is None and sentences <= LITTLE:
        kind = _shown(facts, sentences)
        if kind is None and not facts.is_article and leads_elsewhere(article.blocks, sentences):
            kind = "index"
    return kind


class Spoken:
    """The texts in which phrases are looked for, folded once."""

    def __init__(self, facts: Facts, blocks: list[Block]) -> None:
        self.heads = f" {fold(facts.title)} | {' | '.join(map(fold, facts.headings))} "
        self.texts = " ".join(fold(block.text) for block in blocks[:60])[:6000]

    def says(self, kind: str, *, headings_only: bool = False) -> bool:
        """Whether a phrase of a kind stands there."""
        where = self.heads if headings_only else f"{self.heads} | {self.texts} "
        return any(phrase in where for phrase in _phrases(kind))


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    listed = tomllib.loads((files("newsbot.extract") / "kinds.toml").read_text(encoding="utf-8"))[kind]
    folded = {fold(phrase) for group in listed.values() for phrase in group}
    return tuple(sorted(phrase if _UNSPACED.search(phrase) else f" {phrase} " for phrase in folded))


def _wall(facts: Facts, spoken: Spoken, blocks: list[Block], sentences: int) -> str | None:
    """Return which wall or error a page of few words is, None where it is none."""
    if spoken.says("challenge", headings_only=True):
        return "challenge"
    if spoken.says("error", headings_only=True):
        return "error"
    if (facts.has("form[action*='consent' i]") and not is_menu(blocks)) or spoken.says(
        "consent", headings_only=True
    ):
        return "consent"
    if facts.is_article:
        return None
    if facts.has("input[type=password]") and (sentences <= STUB or spoken.says("login", headings_only=True)):
        return "login"
    is_asked = "cookie" in spoken.texts and spoken.says("consent")
    return "consent" if is_asked and not is_menu(blocks) else None


def _is_live(article: Article, kept: list[Block]) -> bool:
    """A live blog is declared, or dated by the clock again and again under an address that says so."""
    if article.is_live_blog:
        return True
    if len(kept) <= 10 or not _LIVE_URL.search(urlsplit_path(article.url)):
        return False
    return sum(1 for block in article.blocks if len(block.text) < 200 and _CLOCK.match(block.text)) >= 6


def _shown(facts: Facts, sentences: int) -> str | None:
    """Return video or gallery where little text stands beside moving or many pictures and no article is declared."""
    types = facts.types
    if any(map(_ARTICLE.fullmatch, types)):
        return None
    if "VideoObject" in types or any(name.startswith("og:video") for name in types):
        return "video"
    if {"ImageGallery", "MediaGallery"} & types:
        return "gallery"
    return "video" if sentences < STUB and not facts.is_article and facts.has("video") else None


def _is_front(article: Article, facts: Facts) -> bool:
    """Whether the page says it is the site's front page, under whatever address it came."""
    path = urlsplit_path(facts.canonical or article.url)
    return path in {"", "/"} and not facts.is_article


def urlsplit_path(url: str | None) -> str:
    """Return a URL's path, `?` for what is no URL."""
    try:
        return urlsplit(url).path if url else "?"
    except ValueError:
        return "?"


def _is_cut(article: Article, kept: list[Block], sentences: int) -> bool:
    """Whether a paywall cut the text: the page says it costs, and the text is short or breaks off amid a sentence."""
    if sentences < ENOUGH:
        return _is_paid(article, article.blocks)
    last = next((block.text for block in reversed(kept) if words_in(block.text) >= 20), "")
    return last.endswith(("…", "...")) and _is_paid(article, article.blocks)


def _is_paid(article: Article, blocks: list[Block]) -> bool:
    if article.is_accessible_for_free is not None:
        return article.is_accessible_for_free is False
    return _says_pay(blocks)


def _says_pay(blocks: list[Block]) -> bool:
    texts = f" {' | '.join(fold(block.text) for block in blocks if len(block.text) < 300)} "
    return any(phrase in texts for phrase in _phrases("paywall"))
