"""Lines up every statement of when an article was published and changed, best first; serves metadata.py.

Which one wins is decided by structure: the publisher's layout, JSON-LD of the article, meta elements, microdata, `time` elements,
shown text, the source's hint, the URL. normalize takes the first that is a date.
"""

from __future__ import annotations

import re

from newsbot.extract.json_ld import Graph, text_in, types
from newsbot.extract.nodes import text_of
from newsbot.extract.shown_dates import beside_headline, changes, likely
from newsbot.extract.signals import Signals

DateFound = tuple[str, str, str]
"""Field, raw text, provenance."""

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time",
    "datepublished", "published_time", "published_time_telegram", "published_at", "publish_date",
    "publishdate", "publication_date", "date_published", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "vr:published_time", "ptime", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dc.date.created", "dcterms.date", "dc.date", "article.published",
    "article:post_time", "pubdate", "pdate", "created", "citation_publication_date", "citation_online_date",
    "prism.publicationdate", "rnews:datepublished", "bt:pubdate", "iso-8601-publish-date", "publish-date",
    "originalpublicationdate", "published-date", "article_date_original", "displaydate",
    "mediator_published_time", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "article:modified", "og:article:modified_time",
    "datemodified", "modified_time", "last-modified", "lastmod", "dcterms.modified", "dc.date.modified",
    "last_updated_date", "cxenseparse:modifiedtime", "utime", "updated_time", "revision_date", "mod_date",
    "date_modified", "article:updated",
)  # fmt: skip
MOST_SHOWN = 12
"""Shown dates of a field that are lined up."""
_URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.?-]|T|$)")

_URL_WORDED = re.compile(
    r"/((?:19|20)\d\d)/((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})/(\d{1,2})(?=/)",
    re.IGNORECASE,
)


def line_up_dates(signals: Signals, headline: str | None = None) -> list[DateFound]:
    """Return all statements of both dates, those of a field best first, without doubles.

    `headline` is the one chosen: shown dates near it come before others.
    """
    found = [*_published(signals, headline), *_modified(signals, headline)]
    return list(
        dict.fromkeys((field, raw[:300], source) for field, raw, source in found if raw and raw.strip())
    )


def _published(signals: Signals, headline: str | None) -> list[DateFound]:
    graph, declared, page = signals.graph, signals.declared, signals.page
    raws: list[tuple[str | None, str]] = [
        (raw, "layout") for raw in _selected(signals, signals.layout.date_published)
    ]
    raws.append((text_in(graph.article.get("datePublished")), "json_ld"))
    raws += [(declared.meta[name][0], _source(name)) for name in PUBLISHED_META if name in declared.meta]
    raws.append((declared.item("datepublished"), "microdata"))
    raws.append((text_in(graph.page.get("datePublished")), "json_ld"))
    raws += [
        (text_in(graph.article.get("uploadDate")), "json_ld"),
        (text_in(graph.article.get("dateCreated")), "json_ld"),
        (declared.item("datecreated"), "microdata"),
    ]
    if not any(raw for raw, _ in raws):
        raws += [(raw, "html") for raw in likely(signals.dates(headline))[:MOST_SHOWN]]
    elif not is_news(graph):
        raws += [(raw, "html") for raw in beside_headline(signals.dates(headline))[:MOST_SHOWN]]
    if page.candidate is not None:
        raws.append((page.candidate.date_published_raw, page.candidate.source_kind))
    raws.append((_in_url(page.url), "url"))
    return [("date_published", raw, source) for raw, source in raws if raw]


def is_news(graph: Graph) -> bool:
    """Tell whether the page calls itself news: there the declared date is the one of publication in 99 of 100 cases."""
    return any(kind.endswith("newsarticle") or kind == "liveblogposting" for kind in types(graph.article))


def _modified(signals: Signals, headline: str | None) -> list[DateFound]:
    graph, declared = signals.graph, signals.declared
    raws: list[tuple[str | None, str]] = [
        (raw, "layout") for raw in _selected(signals, signals.layout.date_modified)
    ]
    raws.append((text_in(graph.article.get("dateModified")), "json_ld"))
    raws += [(declared.meta[name][0], _source(name)) for name in MODIFIED_META if name in declared.meta]
    raws.append((declared.item("datemodified"), "microdata"))
    raws.append((text_in(graph.page.get("dateModified")), "json_ld"))
    if not any(raw for raw, _ in raws) or not is_news(graph):
        raws += [(raw, "html") for raw in changes(signals.dates(headline))[:MOST_SHOWN]]
    return [("date_modified", raw, source) for raw, source in raws if raw]


def _source(name: str) -> str:
    return "open_graph" if name.startswith(("article:", "og:")) else "meta"


def _selected(signals: Signals, selectors: tuple[str, ...]) -> list[str]:
    """Return `datetime`, `content` and text of what a layout's selectors match."""
    raws: list[str] = []
    for node in signals.selected(selectors)[:5]:
        attributes = node.attributes
        raws += [
            value for value in (attributes.get("datetime"), attributes.get("content"), text_of(node)) if value
        ]
    return raws


def _in_url(url: str | None) -> str | None:
    match = _URL_DATE.search(url or "")
    if match:
        return "-".join(match.groups())
    worded = _URL_WORDED.search(url or "")
    return f"{worded[3]} {worded[2]} {worded[1]}" if worded else None
