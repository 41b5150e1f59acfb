"""What pages declare of their articles as JSON-LD: one object in one design, a graph in another; part of page.py."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper
    from newsbot.demo.printed import Printed


def json_ld(paper: Newspaper, article: Printed) -> object:
    """Return the JSON-LD of an article's page; designs without any do not print it."""
    if article.section.design == "quay":
        return _quay(paper, article)
    if article.section.design == "ledger":
        return _ledger(paper, article)
    return None


def _article(paper: Newspaper, article: Printed) -> dict[str, object]:
    story, zone = article.story, ZoneInfo(article.section.zone)
    kind = "LiveBlogPosting" if story.is_live else "NewsArticle"
    stated: dict[str, object] = {
        "@type": kind,
        "headline": story.headline,
        "description": story.standfirst,
        "datePublished": article.published.astimezone(zone).isoformat(),
        "articleSection": article.section.title,
        "inLanguage": article.section.language,
        "image": {"@type": "ImageObject", "url": paper.base + article.image, "width": 1200, "height": 675},
        "isAccessibleForFree": article.is_free,
    }
    if article.modified:
        stated["dateModified"] = article.modified.astimezone(zone).isoformat()
    return stated


def _quay(paper: Newspaper, article: Printed) -> dict[str, object]:
    desk = {"@type": "Organization", "name": paper.title}
    people = [{"@type": "Person", "name": name} for name in article.story.authors]
    return {
        "@context": "https://schema.org",
        **_article(paper, article),
        "mainEntityOfPage": {"@type": "WebPage", "@id": paper.base + article.path},
        "author": people or desk,
        "publisher": {**desk, "logo": {"@type": "ImageObject", "url": f"{paper.base}/images/logo.png"}},
        "keywords": list(article.story.keywords),
    }


def _ledger(paper: Newspaper, article: Printed) -> dict[str, object]:
    url, desk = paper.base + article.path, f"{paper.base}/#organization"
    people = [
        {"@type": "Person", "@id": f"{paper.base}/authors/#{place}", "name": name}
        for place, name in enumerate(article.story.authors)
    ]
    crumbs = [("Home", f"{paper.base}/"), (article.section.title, f"{paper.base}/{article.section.slug}/")]
    return {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": desk, "name": paper.title, "url": paper.base},
            {
                "@type": "WebSite",
                "@id": f"{paper.base}/#website",
                "name": paper.title,
                "publisher": {"@id": desk},
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": place, "name": name, "item": item}
                    for place, (name, item) in enumerate(crumbs, 1)
                ],
            },
            *people,
            {
                **_article(paper, article),
                "@id": f"{url}#article",
                "url": url,
                "author": [{"@id": person["@id"]} for person in people] or {"@id": desk},
                "publisher": {"@id": desk},
                "keywords": ", ".join(article.story.keywords),
            },
        ],
    }
