"""Finds who a page says wrote it; normalize makes names of it; serves metadata.py.

Statements are tried from the most to the least structured; one that only names the site itself is kept for last, for bylines shown
on the page often name the person behind it. Words are data in bylines.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from newsbot.extract.bare_bylines import unmarked_authors
from newsbot.extract.json_ld import Graph, text_in, types
from newsbot.extract.names import bare, lead, names_in
from newsbot.extract.nodes import lines_of
from newsbot.extract.shown import Byline
from newsbot.extract.signals import Signals

Found = tuple[list[str], str]
"""Raw texts and provenance."""

AUTHOR_META = (
    "author", "article:author", "article:author_name", "articleauthor", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "dc.contributor", "byl", "citation_author", "cxenseparse:author",
    "og:article:author", "creator", "vr:author", "rbauthors", "article.author", "author_name", "authors",
    "cxenseparse:recs:authors", "article_author", "twitter:data1",
)  # fmt: skip
SURE = 3.0
"""Rating from which a shown byline is taken: a full name by itself, or one that a word such as `By` announces."""
_NO_NAME = re.compile(
    r"^(?:https?:|@|/|www\.)|\S+@\S+\.|^\d+\s*(?:min|std|sek)|^[\d\W]+$|^\w+(?:\.\w+){2,}$|[{}<>]",
    re.IGNORECASE,
)

_SITE_START = re.compile(r"^(?:https?://)?(?:www\.)?|^the\s+")
_DOMAIN_END = re.compile(r"\.(?:com?|org|net|info|news|tv|[a-z]{2})(?:\.[a-z]{2})?$")


def read_authors(signals: Signals, headline: str | None = None) -> Found | None:
    """Return raw author texts and their provenance, or None. `headline` is the one chosen: bylines stand near it."""
    selected = [text for text in map(lines_of, signals.selected(signals.layout.authors)) if text]
    if selected:
        return selected, "layout"
    site = site_keys(signals)
    stated = _stated(signals)
    named = next((found for found in stated if _names_others(found[0], site)), None)
    if named is not None:
        return _completed(named, signals, site)
    shown = shown_authors(signals.shown.bylines, site) or _unmarked(signals, headline, site)
    if shown:
        return shown, "html"
    if stated:
        return stated[0]
    # At last the site's own name, or what only an author box says.
    shown = shown_authors(signals.shown.bylines, set()) or shown_authors(signals.shown.bylines, set(), 1.0)
    return (shown, "html") if shown else None


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
    return label.startswith(
        ("written", "by", "verfasst", "geschrieben", "escrito", "écrit", "scritto", "автор")
    )


def site_keys(signals: Signals) -> set[str]:
    """Return the folded names of the site: declared ones and the labels of its host."""
    declared = signals.declared
    named = [declared.first("og:site_name"), declared.first("application-name"), *signals.graph.site_names]
    host = (urlsplit(signals.page.url).hostname or "") if signals.page.url else ""
    labels = [
        label
        for label in host.split(".")[:-1]
        if label not in ("www", "m", "amp", "co", "com", "news", "blog")
    ]
    return {key for key in map(_key, [name for name in named if name] + [*labels, host]) if len(key) > 1}


@lru_cache(maxsize=2000)
def _key(text: str) -> str:
    bare = _DOMAIN_END.sub("", _SITE_START.sub("", text.strip().casefold()))
    return "".join(filter(str.isalnum, bare))


def _is_site(text: str, site: set[str]) -> bool:
    """Tell whether a text is the site's name, alone or with a word such as `News` or `Redaktion` at either end."""
    key = _key(text)
    return key in site or any(len(name) > 2 and (key.startswith(name) or key.endswith(name)) for name in site)


def _names_others(values: list[str], site: set[str]) -> bool:
    """Tell whether any of the values names someone else than the site."""
    firsts = [value.split(",")[0] for value in values if not _NO_NAME.search(value)]
    return any(any(char.isalpha() for char in first) and not _is_site(first, site) for first in firsts)


def _completed(named: Found, signals: Signals, site: set[str]) -> Found:
    """Return what was stated, or the announced byline (`By Jane Doe and John Roe`) that names the stated one and others beside."""
    # Teasers have bylines too: only the first announced one is the article's.
    first = next((one for one in signals.shown.bylines if not one.framed and bare(one.text)[1]), None)
    if len(named[0]) != 1:
        return named
    name = named[0][0]
    names = [one for one in _names_in(first) if not _is_site(one, site)] if first else []
    if len(name.split()) > 4:
        # Name and job in one statement: the byline parts them.
        return (names, "html") if names and bare(name)[0].startswith(names[0] + " ") else named
    linked = [one for one in signals.shown.bylines if one.kind == "rel" and not one.framed]
    shown = names if len(names) > 1 and first and name in first.text else shown_authors(linked, site)
    if 2 <= len(shown) <= 4 and name in shown:
        return shown, "html"
    return named


def shown_authors(bylines: list[Byline], site: set[str], least: float = SURE) -> list[str]:
    """Return the names of the best marked byline and of those that stand beside it; none below a rating of `least`."""
    found = _best(bylines, site, least)
    if not found:
        return []
    best = found[0]
    announced = bare(best.text)[1]
    group = [
        one
        for one in found
        if one.kind == best.kind and _are_together(one, best) and (not announced or bare(one.text)[1])
    ]
    inner = {node for one in group for node in one.around}
    names = [
        name for one in sorted(group, key=bylines.index) if one.node not in inner for name in _names_in(one)
    ]
    others = [name for name in names if not _is_site(name, site)]
    return list(dict.fromkeys(others or names))[:10]


def _best(bylines: list[Byline], site: set[str], least: float) -> list[Byline]:
    """Return the bylines rated `least` and more, best first."""
    skipped = {byline.node for byline in bylines if lead("other").match(byline.text)}
    usable = [
        byline for byline in bylines if byline.node not in skipped and not skipped.intersection(byline.around)
    ]
    rated = [
        (rating, -index) for index, byline in enumerate(usable) if (rating := _rate(byline, site)) >= least
    ]
    return [usable[-index] for _, index in sorted(rated, reverse=True)]


def _rate(byline: Byline, site: set[str]) -> float:
    """Return how surely a marked text names the author; 0 where it names nobody."""
    names, announced = _names_in(byline), bare(byline.text)[1]
    if not names or all(_is_site(name, site) for name in names):
        return 0.0
    rating = {"rel": 3.0, "link": 1.5, "class": 1.5}[byline.kind]
    rating += 3.0 * announced + (1.0 if byline.place else 0.0) - 2.5 * byline.framed
    # Two words in lower case are a name only where a link or a word says so.
    rating -= 3.0 * (" " in names[0] and names[0] == names[0].lower() != names[0].upper())
    return rating + (1.0 if " " in names[0] else -1.0)


def _names_in(byline: Byline) -> list[str]:
    return names_in(bare(byline.text)[0])


def _are_together(one: Byline, other: Byline) -> bool:
    return one is other or (bool(set(one.around[:2]) & set(other.around[:2])) and one.framed == other.framed)


def _unmarked(signals: Signals, headline: str | None, site: set[str]) -> list[str]:
    """Return the authors that the page's texts name without marking them."""
    texts, at = signals.texts(headline)
    return unmarked_authors(texts, at, lambda name: _is_site(name, site))


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
            if (
                isinstance(node, dict)
                and any("organization" in kind for kind in types(node))
                and "person" not in types(node)
            ):
                named.add(_name(graph, node) or "")
    return named - {""}
