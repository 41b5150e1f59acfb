"""Draws an article's page: the story in its section's design, with all that stands around it; called by newspaper.py."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from newsbot.demo import filler
from newsbot.demo.amid import body_html, inserts
from newsbot.demo.chrome import chrome
from newsbot.demo.clock import LATEST, ZONE
from newsbot.demo.declared import json_ld
from newsbot.demo.draw import draw
from newsbot.demo.sections import BY_SLUG, SECTIONS
from newsbot.demo.story import author_path
from newsbot.demo.text import grammar

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper
    from newsbot.demo.printed import Printed

MOST_READ = 8
ENVIRONMENT = Environment(
    loader=PackageLoader("newsbot.demo", "designs"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    auto_reload=False,
)
# Characters of style, early and late script: with sprite, menus and text a page comes near 100 KB, the median of news sites.
_WEIGHTS = (26_000, 22_000, 28_000)


class Teaser(NamedTuple):
    """A link to another article."""

    path: str
    headline: str
    standfirst: str


class Comment(NamedTuple):
    """A reader's word."""

    name: str
    text: str


class Around(NamedTuple):
    """What every page of one design and language has around its article, as HTML."""

    head: Markup
    top: Markup
    share: Markup
    bottom: Markup


def render(paper: Newspaper, index: int) -> bytes:
    """Return the page of article `index`."""
    article = paper.article(index)
    design, language = article.section.design, article.section.language
    around = surroundings(paper, design, language)
    template = ENVIRONMENT.get_template(f"{design}.j2")
    html = template.render(
        _facts(paper, article),
        head=around.head,
        top=around.top,
        share=around.share,
        bottom=around.bottom,
        body=body_html(paper, article),
    )
    return html.encode()


def boilerplate(paper: Newspaper, index: int) -> list[str]:
    """Return the texts on the page that are not the article's, those amid its text first."""
    article = paper.article(index)
    labels = chrome(article.section.language).labels
    amid = [insert.text for insert in inserts(paper, article)]
    bio = _bio(article, labels)
    near = [bio] if bio else []
    near += [labels["newsletter"], labels["cookie"], labels["footer"], labels["most_read"], labels["follow"]]
    near += [teaser.headline for teaser in related(paper, article)]
    near += [comment.text for comment in _comments(paper, article)]
    return amid + near


def related(paper: Newspaper, article: Printed) -> list[Teaser]:
    """Return links to the three next older articles of the section."""
    slug, mine = article.section.slug, []
    position = paper.position(article.index)
    for place in range(position + 1, min(position + 4, paper.allotment.count(slug, paper.articles))):
        other = paper.allotment.member(slug, place)
        mine.append(Teaser(paper.path(other), paper.headline(other), paper.standfirst(other)))
    return mine


def surroundings(paper: Newspaper, design: str, language: str) -> Around:
    """Return what every page of a design and language has around its content."""
    drawn: Around | None = paper.around.get((design, language))
    if drawn is None:
        drawn = paper.around[design, language] = _draw_around(paper, design, language)
    return drawn


def _draw_around(paper: Newspaper, design: str, language: str) -> Around:
    words = chrome(language)
    most_read = [
        index
        for index in range(paper.newest, min(paper.articles, paper.newest + 400))
        if BY_SLUG[paper.section(index).slug].language == language
    ][:MOST_READ]
    given = {
        "design": design,
        "title": paper.title,
        "labels": words.labels,
        "sections": SECTIONS,
        # As on many sites the head of the page shows the day of the visit, not of the article.
        "today": words.shown(LATEST.astimezone(ZONE)),
        "style": Markup(filler.style(design, _WEIGHTS[0])),  # noqa: S704 - written by filler.py
        "script": Markup(filler.script(design, _WEIGHTS[1])),  # noqa: S704
        "late_script": Markup(filler.script(f"{design}_late", _WEIGHTS[2])),  # noqa: S704
        "sprite": Markup(filler.sprite(design)),  # noqa: S704
        "most_read": [Teaser(paper.path(index), paper.headline(index), "") for index in most_read],
    }
    macros = ENVIRONMENT.get_template("around.j2").module
    return Around(*(getattr(macros, name)(given) for name in Around._fields))


def _facts(paper: Newspaper, article: Printed) -> dict[str, object]:
    """Return what the designs' templates fill in, beside body and surroundings."""
    story, words = article.story, chrome(article.section.language)
    zone = _zone(article.section.zone)
    local = article.published.astimezone(ZONE)
    changed = article.modified and article.modified.astimezone(ZONE)
    day = article.published if article.precision == "day" else local
    return {
        "title": paper.title,
        "base": paper.base,
        "url": paper.base + article.path,
        "image": paper.base + article.image,
        "language": words.language,
        "direction": words.direction,
        "labels": words.labels,
        "section": article.section,
        "headline": story.headline,
        "standfirst": story.standfirst,
        "short": short(story.standfirst),
        "has_standfirst": article.has_standfirst,
        "authors": story.authors,
        "byline": _byline(article, words.labels),
        "bio": _bio(article, words.labels),
        "keywords": ", ".join(story.keywords),
        "tags": [
            {"path": paper.tag_path(article.section.language, tag), "name": tag} for tag in story.keywords
        ],
        "caption": story.caption,
        "photographer": story.people[-1],
        "published": _stamp(article.published, zone),
        "modified": article.modified and _stamp(article.modified, zone),
        "shown_published": words.shown(local),
        "shown_modified": changed and words.shown(changed),
        "day": f"{day:%Y-%m-%d}",
        "modified_day": article.modified and f"{article.modified:%Y-%m-%d}",
        "shown_day": words.shown(day, clock=False),
        "is_paid": article.is_free is False,
        "json_ld": Markup(_script_json(json_ld(paper, article))),  # noqa: S704 - `<` is escaped below
        "related": related(paper, article),
        "comments": _comments(paper, article),
    }


def _script_json(value: object) -> str:
    return orjson.dumps(value).decode().replace("<", "\\u003c")


def short(text: str) -> str:
    """Return a declared description as systems cut it: at a word near 120 characters, with an ellipsis."""
    return text if len(text) <= 120 else text[:120].rsplit(" ", 1)[0] + "…"


def _stamp(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _byline(article: Printed, labels: dict[str, str]) -> Markup:
    """Return the names as links, or the desk's as text."""
    if not article.story.authors:
        return escape(labels["desk"])
    link, language = Markup('<a rel="author" href="{}">{}</a>'), article.section.language
    names = article.story.authors
    return Markup(" · ").join(link.format(author_path(language, name), name) for name in names)


def _bio(article: Printed, labels: dict[str, str]) -> str:
    return f"{article.story.authors[0]} {labels['bio']}" if article.story.authors else ""


def _comments(paper: Newspaper, article: Printed) -> list[Comment]:
    words, rng = grammar(article.section.language), draw(paper.seed, "comments", article.index)
    cast = {"person": list(article.story.people)}
    return [
        Comment(words.name(rng), words.sentence("comment", rng, cast)) for _ in range(int(rng.random() * 5))
    ]
