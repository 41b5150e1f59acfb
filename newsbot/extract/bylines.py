"""Finds who a page says wrote it; normalize makes names of it; serves metadata.py.

Statements are tried from the most to the least structured; one that only names the site itself is kept for last, for bylines shown
on the page often name the person behind it. Words are data in bylines.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from newsbot.extract.json_ld import Graph, text_in, types
from newsbot.extract.shown import Byline, text_of
from newsbot.extract.signals import Signals

Found = tuple[list[str], str]
"""Raw texts and provenance."""

AUTHOR_META = (
    "author", "article:author", "article:author_name", "articleauthor", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "dc.contributor", "byl", "citation_author", "cxenseparse:author", "og:article:author", "creator", "vr:author",
    "rbauthors", "article.author", "author_name", "authors", "cxenseparse:recs:authors", "article_author", "twitter:data1",
)  # fmt: skip
NEAR = 60
"""Texts before and behind the headline among which a bare `By Jane Doe` is a byline."""
_NO_NAME = re.compile(r"^(?:https?:|@|/|www\.)|\S+@\S+\.|^\d+\s*(?:min|std|sek)", re.I)
_SPLIT = re.compile(r"\s*(?:,|;|\||&|/|\band\b|\bund\b|\bet\b|\by\b|\be\b|\boch\b|\bog\b|\bи\b)\s*", re.I)
_NAME = re.compile(r"[^\W\d_][\w.'’´`-]*(?:\s+[^\W\d_][\w.'’´`-]*){0,4}")
_DATE_TAIL = re.compile(r"[\s,·•|–-]*(?:(?:on\s+)?[^\W\d_]{3,10}\.?\s+)?\d.*$")


def read_authors(signals: Signals, headline: str | None = None) -> Found | None:
    """Return raw author texts and their provenance, or None. `headline` is the one chosen: bylines stand near it."""
    selected = [text for text in map(text_of, signals.selected(signals.layout.authors)) if text]
    if selected:
        return selected, "layout"
    site = site_keys(signals)
    stated = _stated(signals)
    named = next((found for found in stated if _names_others(found[0], site)), None)
    if named is not None:
        return _completed(named, signals)
    shown = shown_authors(signals.shown.bylines, site)
    if shown:
        return shown, "html"
    bare = _bare_bylines(signals, headline, site)
    if bare:
        return bare, "html"
    return stated[0] if stated else None


def _stated(signals: Signals) -> list[Found]:
    """Return what JSON-LD, meta elements and microdata state, best first."""
    found: list[Found] = [(authors_of(signals.graph), "json_ld")]
    for name in AUTHOR_META:
        values = [value for value in signals.declared.meta.get(name, []) if not _NO_NAME.search(value)]
        if name != "twitter:data1" or _is_written_by(signals):
            found.append((values, "meta"))
    items = signals.declared.items
    found.append((items.get("author") or items.get("creator") or [], "microdata"))
    return [(values, source) for values, source in found if values]


def _is_written_by(signals: Signals) -> bool:
    label = (signals.declared.first("twitter:label1") or "").lower()
    return label.startswith(("written", "by", "verfasst", "geschrieben", "escrito", "écrit", "scritto", "автор"))


def site_keys(signals: Signals) -> set[str]:
    """Return the folded names of the site: declared ones and the labels of its host."""
    declared = signals.declared
    named = [declared.first("og:site_name"), declared.first("application-name"), *signals.graph.site_names]
    host = (urlsplit(signals.page.url).hostname or "") if signals.page.url else ""
    labels = [label for label in host.split(".")[:-1] if label not in ("www", "m", "amp", "co", "com", "news", "blog")]
    return {key for key in map(_key, [name for name in named if name] + [*labels, host]) if len(key) > 1}


def _key(text: str) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?|^the\s+", "", text.strip().casefold())
    bare = re.sub(r"\.(?:com?|org|net|info|news|tv|[a-z]{2})(?:\.[a-z]{2})?$", "", bare)
    return "".join(char for char in bare if char.isalnum())


def _is_site(text: str, site: set[str]) -> bool:
    key = _key(text)
    return key in site or any(len(name) > 2 and (key.startswith(name) or key.endswith(name)) for name in site)


def _names_others(values: list[str], site: set[str]) -> bool:
    """Tell whether any of the values names someone else than the site."""
    return any(any(char.isalpha() for char in value) and not _NO_NAME.search(value) and not _is_site(value, site) for value in values)


def _completed(named: Found, signals: Signals) -> Found:
    """Return what was stated, or the shown byline where that names the stated one and others beside."""
    if len(named[0]) != 1 or len(named[0][0].split()) > 4:
        return named
    shown = _cluster([byline for byline in signals.shown.bylines if byline.kind != "class" and not byline.framed])
    if 2 <= len(shown) <= 4 and named[0][0] in shown:
        return shown, "html"
    return named


@cache
def _words(concept: str) -> re.Pattern[str]:
    """Return a pattern for a text that begins with the words of a concept."""
    listed = tomllib.loads((files("newsbot.extract") / "bylines.toml").read_text(encoding="utf-8"))
    words = sorted((word.rstrip(":") for word in listed[concept]), key=len, reverse=True)
    return re.compile(r"\W{0,3}(?:" + "|".join(map(re.escape, words)) + r")(?:\s*[:：]\s*|\s+|$)", re.I)


def shown_authors(bylines: list[Byline], site: set[str]) -> list[str]:
    """Return the texts of the best marked byline and of those that stand with it."""
    skipped = {byline.node for byline in bylines if _words("other").match(byline.text)}
    open_ones = [byline for byline in bylines if byline.node not in skipped and not skipped.intersection(byline.around)]
    rated = [(rating, -index, byline) for index, byline in enumerate(open_ones) if (rating := _rate(byline, site)) > 0]
    if not rated:
        return []
    best = max(rated, key=lambda item: item[:2])[2]
    group = [byline for _, _, byline in rated if byline.kind == best.kind and _are_together(byline, best)]
    return _cluster(sorted(group, key=open_ones.index))


def _rate(byline: Byline, site: set[str]) -> float:
    """Return how surely a marked text names the author; 0 or less where it does not."""
    text, has_word = bare_name(byline.text)
    if not _is_name(text) or _is_site(text, site):
        return 0.0
    rating = {"rel": 3.0, "link": 1.5, "class": 1.5}[byline.kind]
    rating += 3.0 * has_word + (1.0 if byline.place else 0.0) - 2.5 * byline.framed
    return rating + (1.0 if " " in text else -1.0)


def bare_name(text: str) -> tuple[str, bool]:
    """Return a byline without its leading word and trailing date, and whether it had the word."""
    match = _words("written").match(text) or _words("near").match(text)
    bare = text[match.end() :] if match else text
    return _DATE_TAIL.sub("", bare).strip(" ,.:|–-•·"), match is not None


def _is_name(text: str) -> bool:
    """Tell whether a text is one or several names by its form: few words, capitals where the script has them."""
    parts = [part for part in _SPLIT.split(text) if part]
    if not parts or len(text) > 150:
        return False
    first = parts[0]
    if not _NAME.fullmatch(first):
        return False
    capitals = sum(word[0].isupper() or word[0].lower() == word[0].upper() for word in first.split())
    return capitals * 2 >= len(first.split())


def _are_together(one: Byline, other: Byline) -> bool:
    return one is other or bool(set(one.around[:3]) & set(other.around[:3])) and one.framed == other.framed


def _cluster(bylines: list[Byline]) -> list[str]:
    """Return the bare texts, without those of elements that hold another's."""
    inner = {node for byline in bylines for node in byline.around if _is_name(bare_name(byline.text)[0])}
    texts = [bare_name(byline.text)[0] for byline in bylines if byline.node not in inner]
    return list(dict.fromkeys(text for text in texts if _is_name(text)))[:10]


def _bare_bylines(signals: Signals, headline: str | None, site: set[str]) -> list[str]:
    """Return an unmarked `By Jane Doe` near the headline, or `Written by Jane Doe` anywhere.

    The slow path, for a page that nowhere marks its author: it walks the tree's texts.
    """
    texts, at = signals.texts(headline)
    for index, (text, _) in enumerate(texts):
        near = abs(index - at) <= NEAR
        match = (_words("near").match(text) if near else None) or _words("written").match(text)
        if match is None or len(text) > 120 or _words("other").match(text):
            continue
        rest = text[match.end() :].strip()
        if not rest and index + 1 < len(texts):
            rest = texts[index + 1][0]
        name, _ = bare_name(rest)
        if " " in name and _is_name(name) and len(name.split()) <= 12 and not _is_site(name, site):
            return [name]
    return []


def authors_of(graph: Graph) -> list[str]:
    """Return the names of the article's author or creator in JSON-LD, persons and organisations."""
    for key in ("author", "creator", "authors"):
        value = graph.article.get(key)
        items = value if isinstance(value, list) else [value]
        names = [name for item in items[:50] if (name := _name(graph, item)) and not _NO_NAME.search(name)]
        if names:
            return names
    return []


def _name(graph: Graph, item: object) -> str | None:
    item = graph.follow(item)
    if isinstance(item, dict):
        name = text_in(item.get("name"))
        if not name and (item.get("givenName") or item.get("familyName")):
            name = f"{text_in(item.get('givenName')) or ''} {text_in(item.get('familyName')) or ''}".strip()
        return name
    return text_in(item)


def organisations_of(graph: Graph) -> set[str]:
    """Return the names of the article's authors that JSON-LD calls organisations."""
    named: set[str] = set()
    for key in ("author", "creator", "authors"):
        value = graph.article.get(key)
        for item in (value if isinstance(value, list) else [value])[:50]:
            node = graph.follow(item)
            if isinstance(node, dict) and any("organization" in kind for kind in types(node)):
                named.add(_name(graph, node) or "")
    return named - {""}
