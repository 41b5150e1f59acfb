"""Pages that list articles: home, sections with paging, tags, authors, archive days; served by site.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from newsbot.demo.clock import ZONE
from newsbot.demo.page import ENVIRONMENT, surroundings
from newsbot.demo.printed import Listed
from newsbot.demo.sections import SECTIONS, Section
from newsbot.demo.story import author_path, staff
from newsbot.demo.text import grammar

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

PER_PAGE = 20
SCANNED = 200
"""Articles of a language among which a tag's or an author's are looked for, the newest ones."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a listing page shows."""

    path: str
    title: str
    language: str = "en"
    items: Sequence[Listed] = ()
    older: str | None = None
    """Path of the next page."""
    links: Sequence[tuple[str, str]] = ()
    """Other links: path and text."""


def draw_front(paper: Newspaper, front: Front, extra: str = "") -> bytes:
    """Return a listing page; `extra` is HTML put below the list."""
    template = ENVIRONMENT.get_template("front.j2")
    around = surroundings(paper, "quay", front.language)
    return template.render(paper=paper, front=front, around=around, extra=Markup(extra)).encode()  # noqa: S704


def home(paper: Newspaper) -> Front:
    """Return the home page: the newest of every section."""
    items = [item for section in SECTIONS for item in section_items(paper, section, 0, 4)]
    return Front("/", paper.title, items=sorted(items, key=lambda item: item.place))


def section_items(paper: Newspaper, section: Section, start: int, count: int) -> list[Listed]:
    """Return `count` articles of a section from the `start`-th newest on."""
    first = paper.allotment.count(section.slug, paper.newest)
    last = paper.allotment.count(section.slug, paper.articles)
    places = range(first + start, min(first + start + count, last))
    return [paper.listed(paper.allotment.member(section.slug, place)) for place in places]


def section(paper: Newspaper, of: Section, number: int = 1) -> Front | None:
    """Return page `number` of a section, None beyond its end."""
    items = section_items(paper, of, (number - 1) * PER_PAGE, PER_PAGE + 1)
    if not items and number > 1:
        return None
    older = f"/{of.slug}/page/{number + 1}/" if len(items) > PER_PAGE else None
    path = f"/{of.slug}/" if number == 1 else f"/{of.slug}/page/{number}/"
    return Front(path, of.title, of.language, items[:PER_PAGE], older)


def _of_language(paper: Newspaper, language: str) -> Iterable[int]:
    found = 0
    for index in range(paper.newest, paper.articles):
        if paper.section(index).language == language:
            yield index
            found += 1
            if found == SCANNED:
                return


def tag(paper: Newspaper, language: str, place: int) -> Front:
    """Return the page of a tag: the newest articles that have it."""
    name = grammar(language).lists["tag"][place]
    items = [
        paper.listed(i) for i in _of_language(paper, language) if name in paper.article(i).story.keywords
    ]
    return Front(paper.tag_path(language, name), name, language, items[:PER_PAGE])


def authors(paper: Newspaper) -> Front:
    """Return the page of the staff."""
    languages = dict.fromkeys(section.language for section in SECTIONS)
    names = [
        (author_path(language, name), name) for language in languages for name in staff(paper.seed, language)
    ]
    return Front("/authors/", paper.title, links=names)


def author(paper: Newspaper, language: str, path: str) -> Front | None:
    """Return an author's page, None where nobody has that path."""
    found, name = list[Listed](), ""
    for index in _of_language(paper, language):
        mine = [who for who in paper.article(index).story.authors if author_path(language, who) == path]
        if mine:
            name = mine[0]
            found.append(paper.listed(index))
    if not name:
        name = next((who for who in staff(paper.seed, language) if author_path(language, who) == path), "")
    return Front(path, name, language, found[:PER_PAGE]) if name else None


def archive_path(day: date) -> str:
    """Return the path of a day's archive page."""
    return f"/archive/{day:%Y/%m/%d}/"


def archive(paper: Newspaper, day: date) -> Front | None:
    """Return all articles of a day of the newspaper's own calendar; None outside its life."""
    midnight = datetime.combine(day, time(), ZONE)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), ZONE)
    start, stop = paper.clock.first_before(next_midnight), paper.clock.first_before(midnight)
    if start >= paper.articles or stop <= paper.newest:
        return None
    items = [paper.listed(index) for index in range(max(start, paper.newest), stop)]
    before, after = archive_path(day - timedelta(days=1)), archive_path(day + timedelta(days=1))
    links = [(before, f"{day - timedelta(days=1):%Y-%m-%d}"), (after, f"{day + timedelta(days=1):%Y-%m-%d}")]
    return Front(archive_path(day), f"{day:%Y-%m-%d}", items=items, links=links)
