"""Lines up every statement of when an article was published and changed, best first; serves metadata.py.

Which one wins is decided by structure: the publisher's layout, JSON-LD of the article, meta elements, microdata, `time` elements,
shown text, the source's hint, the URL. normalize takes the first that is a date.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from newsbot.extract.json_ld import Graph, text_in, types
from newsbot.extract.nodes import short_text, text_of
from newsbot.extract.shown import Hint, Shown, ShownDate, hint_of
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
BESIDE = 30
"""Marked elements below the headline among which a date is the article's."""
_DATED = re.compile(
    r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]{4}|25\d\d"
)
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
        raws += [(raw, "html") for raw in near_headline(signals, headline)]
    elif not is_news(signals.graph) or not any(raw and ":" in raw for raw, _ in raws):
        raws += [(raw, "html") for raw in beside_headline(signals)]
    if page.candidate is not None:
        raws.append((page.candidate.date_published_raw, page.candidate.source_kind))
    raws.append((_in_url(page.url), "url"))
    return [("date_published", raw, source) for raw, source in raws if raw]


def is_news(graph: Graph) -> bool:
    """Tell whether the page calls itself news: there the declared date is the one of publication in 99 of 100 cases."""
    return any(kind.endswith("newsarticle") or kind == "liveblogposting" for kind in types(graph.article))


def beside_headline(signals: Signals) -> list[str]:
    """Return the first dates shown below the headline, those said to be of publication first.

    normalize takes one for a declared date that is later (systems restamp pages that are moved or edited) or vaguer.
    """
    near = [
        date
        for date in signals.shown.dates
        if date.place and date.after <= BESIDE and not date.framed and date.hint != "modified"
    ]
    return [date.value for date in sorted(near[:4], key=lambda date: date.hint != "published")]


def near_headline(signals: Signals, headline: str | None, modified: bool = False) -> list[str]:
    """Return short texts that may hold a date, nearest to the headline first, marked ones before bare ones.

    Those said to be of a change are left out, or with `modified` the only ones.

    The slow path, for a page whose head and attributes state no date: it walks the whole tree once.
    """
    texts, heading_at = signals.texts(headline)
    marked = {date.node for date in signals.shown.dates}
    places: dict[int, int] = {}
    found: list[tuple[int, int, str]] = []
    for place, (text, node) in enumerate(texts):
        parent = node.parent
        for _ in range(4):
            if parent is None:
                break
            if parent.mem_id in marked:
                places.setdefault(parent.mem_id, place)
            parent = parent.parent
        if 6 <= len(text) <= 80 and _DATED.search(text):
            _note(found, node, text, (place, modified, signals.shown))
    found += [
        (_rank(date), places.get(date.node, heading_at + 500), date.value)
        for date in signals.shown.dates
        if (date.hint == "modified") is modified
    ]
    # 40 texts are a screen: a header's share row and a byline stand between headline and date, not more.
    found.sort(
        key=lambda item: (
            item[0] + _far(item[1] - heading_at),
            item[1] < heading_at,
            abs(item[1] - heading_at),
        )
    )
    return list(dict.fromkeys(text for _, _, text in found))[:12]


def _far(texts: int) -> int:
    """Return the malus of a distance from the headline in texts."""
    return min(abs(texts) // 40, 3) * 2


def _rank(date: ShownDate) -> int:
    """Return how little a marked date is trusted: published ones most."""
    return (0 if date.hint == "published" else 1 if date.kind != "class" else 2) + 2 * date.framed


def _note(
    found: list[tuple[int, int, str]], node: LexborNode, text: str, where: tuple[int, bool, Shown]
) -> None:
    """Keep a bare text that may be a date; the element around completes `Published: <b>3 May 2024</b>`."""
    parent = node.parent
    if parent is None or parent.tag == "h1":
        return
    around = parent.parent
    context = (short_text(around, 200) if around is not None else None) or text
    place, modified, shown = where
    if (hint_of(context.split(text)[0][-40:] + text) == "modified") is modified:
        found.append((2 + 2 * shown.is_aside(node), place, text))


def _modified(signals: Signals, headline: str | None) -> list[DateFound]:
    graph, declared = signals.graph, signals.declared
    raws: list[tuple[str | None, str]] = [
        (raw, "layout") for raw in _selected(signals, signals.layout.date_modified)
    ]
    raws.append((text_in(graph.article.get("dateModified")), "json_ld"))
    raws += [(declared.meta[name][0], _source(name)) for name in MODIFIED_META if name in declared.meta]
    raws.append((declared.item("datemodified"), "microdata"))
    raws.append((text_in(graph.page.get("dateModified")), "json_ld"))
    raws += [(raw, "html") for raw in _shown(signals, "modified")]
    if not any(raw for raw, _ in raws) and signals.walked:
        raws += [(raw, "html") for raw in near_headline(signals, headline, modified=True)[:3]]
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


def _shown(signals: Signals, hint: Hint) -> list[str]:
    """Return shown dates with a hint, those of the article's head before those elsewhere."""
    dates = [date for date in signals.shown.dates if date.hint == hint and not date.framed]
    order = {"datetime": 0, "time": 1, "class": 2}
    return [date.value for date in sorted(dates, key=lambda date: (date.place == 0, order[date.kind]))][:20]


def _in_url(url: str | None) -> str | None:
    match = _URL_DATE.search(url or "")
    if match:
        return "-".join(match.groups())
    worded = _URL_WORDED.search(url or "")
    return f"{worded[3]} {worded[2]} {worded[1]}" if worded else None
