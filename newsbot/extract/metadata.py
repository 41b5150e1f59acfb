"""Reads an article's metadata off a parsed page: the half of extract that is not the body.

Signals are gathered in one pass (signals.py); here each field is decided, with where it came from.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from newsbot.extract.bylines import organisations_of, read_authors
from newsbot.extract.dated import line_up_dates
from newsbot.extract.headlines import choose_headline
from newsbot.extract.images import read_images
from newsbot.extract.json_ld import text_in, types
from newsbot.extract.marked import Marked
from newsbot.extract.nodes import fold, text_of
from newsbot.extract.rights import read_rights
from newsbot.extract.signals import Signals, read_signals
from newsbot.items import Article, Page
from newsbot.publishers.model import Layout
from newsbot.urls import same_site

_PLAIN_URL = re.compile(r"https?://[\w.-]+/[\w./~%,+-]*", re.ASCII)
"""A URL that joining would leave as it is."""
_HOME = re.compile(
    r"^(?:home|homepage|startseite|start|accueil|inicio|início|главная|головна|strona główna|hem|hjem|etusivu|"
    r"ana ?sayfa|トップ|ホーム|首页|首頁|홈|الرئيسية|होम)$",
    re.IGNORECASE,
)


def read_metadata(marked: Marked, page: Page, layout: Layout | None = None) -> Article:
    """Return an Article with the metadata fields, their provenance, raw dates and raw authors.

    `layout` are the publisher's selectors; what they match wins. Values are as found: normalize makes dates, names and clean text
    of them. Pure; never raises on any page; the parsed page is not changed.
    """
    signals = read_signals(marked, page, layout)
    article = Article(url=page.url)
    _set(article, "headline", choose_headline(signals))
    _set(article, "description", _description(signals))
    _authors(article, signals)
    _canonical(article, signals)
    _set(article, "section", _section(signals, article.headline))
    _set(article, "keywords", _keywords(signals))
    _set(article, "in_language", _language(signals))
    _set(article, "is_accessible_for_free", _free(signals))
    article.is_live_blog = "liveblogposting" in types(signals.graph.article)
    _dates(article, signals)
    read_images(article, signals)
    article.rights = read_rights(page, signals.declared)
    article.site_names = _site_names(signals)
    article.locale = signals.declared.first("og:locale")
    return article


def _set(article: Article, field: str, found: tuple[object, str] | None) -> None:
    if found is not None:
        setattr(article, field, found[0])
        article.provenance[field] = found[1]


def _authors(article: Article, signals: Signals) -> None:
    """Set authors, and in `credited` organisations too."""
    found = read_authors(signals, article.headline)
    if found is None:
        return
    organisations = organisations_of(signals.graph) if found[1] == "json_ld" else set()
    article.credited = found[0]
    persons = [name for name in found[0] if name not in organisations]
    if persons:
        _set(article, "authors", (persons, found[1]))


def _dates(article: Article, signals: Signals) -> None:
    article.date_candidates = line_up_dates(signals, article.headline)
    for field, raw, source in reversed(article.date_candidates):
        setattr(article, f"{field}_raw", raw)
        article.provenance[field] = source


def _first(*found: tuple[str | None, str]) -> tuple[str, str] | None:
    return next(((html.unescape(value), source) for value, source in found if value), None)


def _description(signals: Signals) -> tuple[str, str] | None:
    declared, article = signals.declared, signals.graph.article
    return _first(
        (signals.selected_text(signals.layout.standfirst), "layout"),
        (text_in(article.get("description")) if signals.graph.is_article else None, "json_ld"),
        (declared.first("og:description"), "open_graph"),
        (declared.first("description", "twitter:description", "dc.description"), "meta"),
        (declared.item("description"), "microdata"),
    )


def _canonical(article: Article, signals: Signals) -> None:
    """Set the URL the page declares; not another site's (syndication, a copied template) and not the home page's."""
    declared, graph, own = signals.declared, signals.graph, signals.page.url
    link = next(iter(declared.links.get("canonical", [])), None)
    main = graph.article.get("mainEntityOfPage") if graph.is_article else None
    entity = main.get("@id") if isinstance(main, dict) else main
    for value, source in (
        (link, "html"),
        (declared.first("og:url"), "open_graph"),
        (entity if isinstance(entity, str) else None, "json_ld"),
    ):
        url = absolute(value, own)
        if url and own and not (is_same_host(url, own) or same_site(url, own)):
            article.problems.append(("canonical_url", "other_site"))
        elif url and not (own and is_home(url) and not is_home(own)):
            _set(article, "canonical_url", (url, source))
            return


def is_same_host(one: str, other: str) -> bool:
    """Tell whether two URLs have one host; far cheaper than looking up the registered domain."""
    return urlsplit(one).netloc == urlsplit(other).netloc


def is_home(url: str) -> bool:
    """Tell whether a URL is a site's root."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def absolute(value: str | None, base: str | None) -> str | None:
    """Return an absolute http(s) URL, or None where it is none."""
    if not value:
        return None
    if _PLAIN_URL.fullmatch(value):
        return value
    try:
        url = urljoin(base or "", value.strip())
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) and not re.search(r"\s", url) else None


def _section(signals: Signals, headline: str | None) -> tuple[str, str] | None:
    declared, article = signals.declared, signals.graph.article
    selected = [
        text for text in map(text_of, signals.selected(signals.layout.section)) if text and text != headline
    ]
    value = article.get("articleSection")
    return _first(
        (selected[-1] if selected else None, "layout"),
        (text_in(value), "json_ld"),
        (declared.first("article:section", "og:article:section"), "open_graph"),
        (declared.item("articlesection"), "microdata"),
        (
            declared.first(
                "section", "parsely-section", "cxenseparse:section", "dc.subject.section", "channel"
            ),
            "meta",
        ),
        (_last_crumb(signals.graph.breadcrumbs, headline), "json_ld"),
    )


def _last_crumb(names: list[str], headline: str | None) -> str | None:
    """Return the deepest breadcrumb that is neither the home page nor the article itself."""
    title = fold(headline or "")
    trail = [name for index, name in enumerate(names) if index and not _HOME.match(name)]
    trail = (
        [name for name in trail if fold(name) and fold(name) not in title and title not in fold(name)]
        if title
        else trail
    )
    return trail[-1] if trail and len(trail[-1]) <= 60 else None


def _keywords(signals: Signals) -> tuple[list[str], str] | None:
    declared = signals.declared
    selected = [text for text in map(text_of, signals.selected(signals.layout.keywords)) if text]
    value = signals.graph.article.get("keywords")
    stated = [text for item in (value if isinstance(value, list) else [value]) if (text := text_in(item))]
    news = declared.meta.get("news_keywords", [])
    for values, source in (
        (selected, "layout"),
        (stated, "json_ld"),
        (declared.meta.get("article:tag", []), "open_graph"),
        (news, "meta"),
        (declared.meta.get("keywords", []), "meta"),
        (declared.items.get("keywords", []), "microdata"),
        (signals.shown.tags, "html"),
    ):
        if values:
            return [html.unescape(value) for value in values[:200]], source
    return None


def _language(signals: Signals) -> tuple[str, str] | None:
    declared, page = signals.declared, signals.page
    return _first(
        (declared.language, "html"),
        (text_in(signals.graph.article.get("inLanguage")), "json_ld"),
        (declared.item("inlanguage"), "microdata"),
        (declared.first("content-language", "language", "dc.language", "dcterms.language"), "meta"),
        (declared.first("og:locale"), "open_graph"),
        (page.header("content-language"), "header"),
        (
            page.candidate.in_language if page.candidate else None,
            page.candidate.source_kind if page.candidate else "",
        ),
    )


def _free(signals: Signals) -> tuple[bool, str] | None:
    """Return schema.org's paywall flag of the article or its web page."""
    for node in (signals.graph.article, signals.graph.page):
        flag = _truth(node.get("isAccessibleForFree"))
        if flag is not None:
            return flag, "json_ld"
    flag = _truth(signals.declared.item("isaccessibleforfree"))
    if flag is not None:
        return flag, "microdata"
    tier = (signals.declared.first("article:content_tier", "og:article:content_tier") or "").lower()
    return {"free": (True, "open_graph"), "locked": (False, "open_graph")}.get(tier)


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower().rsplit("/", 1)[-1]
    return {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}.get(word)


def _site_names(signals: Signals) -> list[str]:
    """Return what the site calls itself, for telling it from headline and authors."""
    declared = signals.declared
    names = [
        declared.first("og:site_name"),
        declared.first("application-name"),
        declared.first("apple-mobile-web-app-title"),
    ]
    names += signals.graph.site_names
    return list(dict.fromkeys(html.unescape(name).strip() for name in names if name and name.strip()))
