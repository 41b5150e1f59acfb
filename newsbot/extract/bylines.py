"""Lines up who a page says wrote it; normalize makes names of it; serves metadata.py."""

from __future__ import annotations

from newsbot.extract.json_ld import Graph, text_in, types
from newsbot.extract.shown import text_of
from newsbot.extract.signals import Signals

AUTHOR_META = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator", "dc.contributor", "dcterms.creator",
    "byl", "citation_author", "cxenseparse:author", "og:article:author", "creator", "vr:author", "rbauthors", "article.author",
    "twitter:data1", "author_name", "authors", "cxenseparse:recs:authors",
)  # fmt: skip


def read_authors(signals: Signals) -> tuple[list[str], str] | None:
    """Return raw author texts and their provenance, or None."""
    selected = [text for text in map(text_of, signals.selected(signals.layout.authors)) if text]
    if selected:
        return selected, "layout"
    named = authors_of(signals.graph)
    if named:
        return named, "json_ld"
    declared = signals.declared
    for name in AUTHOR_META:
        values = [
            value
            for value in declared.meta.get(name, [])
            if not value.startswith(("http:", "https:", "@", "/"))
        ]
        if values and (name != "twitter:data1" or _is_written_by(signals)):
            return values, "meta"
    items = declared.items.get("author") or declared.items.get("creator")
    if items:
        return items, "microdata"
    bylines = [byline for byline in signals.shown.bylines if not byline.framed]
    for kind in ("rel", "link", "class"):
        of_kind = [byline.text for byline in bylines if byline.kind == kind]
        if of_kind:
            return list(dict.fromkeys(of_kind))[:10], "html"
    return None


def _is_written_by(signals: Signals) -> bool:
    label = (signals.declared.first("twitter:label1") or "").lower()
    return label.startswith(
        ("written", "by", "verfasst", "geschrieben", "escrito", "écrit", "scritto", "автор")
    )


def authors_of(graph: Graph) -> list[str]:
    """Return the names of the article's author or creator in JSON-LD, persons and organisations."""
    for key in ("author", "creator", "authors"):
        value = graph.article.get(key)
        items = value if isinstance(value, list) else [value]
        names = [name for item in items[:50] if (name := _name(graph, item))]
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


def is_organisation(item: object) -> bool:
    """Tell whether a JSON-LD value is an organisation."""
    return isinstance(item, dict) and any("organization" in kind for kind in types(item))
