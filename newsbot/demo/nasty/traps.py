"""Nasty cases: listing pages that never end, each a link to the next."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, html

_FACETS = ("colour", "size", "sort", "place", "mood")


def _links(title: str, targets: list[str]) -> Answer:
    """Return a page of links; the first is also marked as the next page."""
    items = "".join(f'<li><a href="{target}">{target}</a></li>' for target in targets)
    return html(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>'
        f'<ul>{items}</ul><a class="next" rel="next" href="{targets[0]}">Next</a></body></html>'
    )


@nasty("listing")
async def calendar_trap(visit: Visit) -> Answer:
    """A calendar that has a next day for ever, and every day a page."""
    root = "/nasty/calendar_trap/calendar/"
    parts = visit.asked.path.rpartition("/calendar/")[2].strip("/").replace("/", "-")
    try:
        day = date.fromisoformat(parts)
    except ValueError:
        day = date(2026, 3, 2)
    near = [day + timedelta(days=1), day - timedelta(days=1), day + timedelta(days=28)]
    return _links(f"{day:%d.%m.%Y}", [f"{root}{other:%Y/%m/%d}/" for other in near])


@nasty("listing")
async def facets_trap(visit: Visit) -> Answer:
    """Filters that combine without end, in every order."""
    have = visit.sent.query
    more = [f"{have}&{name}={len(have) % 7}".lstrip("&") for name in _FACETS]
    return _links("Filters", [f"{visit.sent.path}?{query}" for query in more])


@nasty("listing")
async def session_trap(visit: Visit) -> Answer:
    """Every link carries a session of its own, and leads to the same page."""
    seed = f"{visit.sent.target}{visit.times()}"
    ids = [blake2b(f"{seed}{n}".encode(), digest_size=16).hexdigest() for n in range(4)]
    return _links("Welcome", [f"{visit.sent.path};jsessionid={key}?sid={key}" for key in ids])


@nasty("listing")
async def session_links(visit: Visit) -> Answer:
    """The newest articles, each link with a session of its own."""
    paper, times = visit.paper, visit.times()
    newest = range(paper.newest, min(paper.articles, paper.newest + 20))
    return _links(
        "Newest",
        [f"{paper.path(i)}?PHPSESSID={blake2b(f'{times}{i}'.encode()).hexdigest()[:32]}" for i in newest],
    )


@nasty("listing")
async def repetition_trap(visit: Visit) -> Answer:
    """Relative links that make the path longer with every step."""
    path = visit.sent.path.rstrip("/")
    return _links("Deeper", [f"{path}/news/local/", f"{path}/news/"])


@nasty("listing")
async def paging_trap(visit: Visit) -> Answer:
    """A section with a next page for ever, the same articles on every one."""
    query = visit.sent.query.removeprefix("page=")
    number = int(query) if query.isdigit() else 1
    paper = visit.paper
    newest = [paper.path(i) for i in range(paper.newest, min(paper.articles, paper.newest + 10))]
    return _links(f"Page {number}", [f"{visit.sent.path}?page={number + 1}", *newest])


@nasty("listing")
async def random_trap(visit: Visit) -> Answer:
    """Links with an article's shape that lead to more of their kind."""
    seed = blake2b(visit.sent.path.encode(), digest_size=6)
    number = int(seed.hexdigest(), 16)
    root = "/nasty/random_trap/city/"
    return _links(
        "Elsewhere", [f"{root}{(number + n) % 9_000_000:07}-more-of-the-same-{n}/" for n in range(5)]
    )
