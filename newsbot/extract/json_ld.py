"""Reads a page's JSON-LD blocks and picks the node of the article; serves metadata.py."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from newsbot.extract.json_blocks import ARTICLE_TYPES, Node, parse
from newsbot.extract.nodes import fold

NODE_LIMIT = 20_000
"""Nodes visited a page: bounds the walk over a hostile graph."""

ASIDE_KEYS = frozenset(
    [
        "itemlistelement",
        "haspart",
        "mentions",
        "ispartof",
        "about",
        "citation",
        "subjectof",
        "relatedlink",
        "comment",
        "review",
        "liveblogupdate",
        "associatedmedia",
        "video",
        "audio",
        "publisher",
        "author",
        "creator",
        "significantlink",
        "isbasedon",
        "workexample",
    ]
)
"""Properties whose value speaks of something else than the page's article."""

SITE_TYPES = frozenset(["website", "newsmediaorganization", "organization", "corporation"])
"""Types whose name is the site's; a blogger's node is Person and Organization at once."""


@dataclass(slots=True)
class Graph:
    """What a page's JSON-LD says."""

    article: Node = field(default_factory=dict)
    """The article's node; empty where there is none."""
    is_article: bool = False
    """Whether `article` has a type of written work rather than of a web page or video."""
    page: Node = field(default_factory=dict)
    """The WebPage node, for what the article's leaves out."""
    breadcrumbs: list[str] = field(default_factory=list)
    """Names of the breadcrumb trail, from the home page down."""
    site_names: list[str] = field(default_factory=list)
    """Names of publisher, website and organisations."""
    by_id: dict[str, Node] = field(default_factory=dict)
    """Nodes by `@id`."""

    def follow(self, value: object) -> object:
        """Return the node that a bare `{"@id": …}` refers to, else `value`."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self.by_id.get(value["@id"], value)
        return value


def read_graph(scripts: Iterable[str], url: str | None, titles: tuple[str, ...] = ()) -> Graph:
    """Parse all blocks and pick the article by type, URL and headline.

    `scripts` are the texts of the JSON-LD elements, `url` the page's, `titles` other statements of its headline. Never raises.
    """
    graph = Graph()
    found: list[tuple[int, Node]] = []
    for script in scripts:
        for value in parse(script):
            for node, aside in _nodes(value):
                _file(graph, node)
                found.append((1 if aside else 0, node))
    _choose(graph, found, url, titles)
    return graph


def _nodes(root: object) -> Iterator[tuple[Node, bool]]:
    """Yield every object of the value with whether it stands under a property about something else."""
    stack: list[tuple[object, bool]] = [(root, False)]
    visited = 0
    while stack and visited < NODE_LIMIT:
        value, aside = stack.pop()
        visited += 1
        if isinstance(value, list):
            stack.extend((item, aside) for item in reversed(value))
        elif isinstance(value, dict):
            yield value, aside
            for key, child in value.items():
                if isinstance(child, dict | list):
                    stack.append((child, aside or key.lower() in ASIDE_KEYS))


def types(node: Node) -> list[str]:
    """Return a node's types in lower case without their vocabulary's prefix."""
    value = node.get("@type", node.get("type"))
    names = value if isinstance(value, list) else [value]
    return [_bare(name) for name in names if isinstance(name, str)]


@lru_cache(maxsize=1000)
def _bare(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].strip().lower()


def _file(graph: Graph, node: Node) -> None:
    """Keep what a node says about the site, the trail or other nodes."""
    identity = node.get("@id")
    if isinstance(identity, str) and len(node) > len(graph.by_id.get(identity, {})):
        graph.by_id[identity] = node
    kinds = types(node)
    if "breadcrumblist" in kinds and not graph.breadcrumbs:
        graph.breadcrumbs = _trail(node)
    elif "person" not in kinds and any(kind in SITE_TYPES for kind in kinds):
        name = node.get("name")
        if isinstance(name, str) and name and name not in graph.site_names and len(graph.site_names) < 20:
            graph.site_names.append(name)


def _trail(node: Node) -> list[str]:
    """Return the names of a BreadcrumbList by position."""
    items = node.get("itemListElement")
    named: list[tuple[float, str]] = []
    for index, item in enumerate(items if isinstance(items, list) else [items]):
        if not isinstance(item, dict):
            continue
        target = item.get("item")
        name = item.get("name") or (target.get("name") if isinstance(target, dict) else None)
        position = item.get("position")
        if isinstance(name, str) and name.strip():
            named.append(
                (float(position) if isinstance(position, int | float) else index, html.unescape(name).strip())
            )
    return [name for _, name in sorted(named, key=lambda pair: pair[0])]


def _choose(graph: Graph, found: list[tuple[int, Node]], url: str | None, titles: tuple[str, ...]) -> None:
    """Set the graph's article and page nodes: the type counts most, then URL and headline, then order."""
    best = (False, 0.0)
    folded = [fold(title) for title in titles if title]
    for aside, node in found:
        rank = max((ARTICLE_TYPES.get(kind, 0) for kind in types(node)), default=0)
        if not rank or (rank <= 2 and aside):
            continue
        if rank <= 2 and len(node) > len(graph.page):
            graph.page = node
        # A web page is named by its URL wherever it stands; an article that is not still says more.
        score = (rank >= 5, rank + _evidence(node, url, folded) - 12 * aside)
        if score > best and score[1] > 0:
            best = score
            graph.article, graph.is_article = node, rank >= 5


def _evidence(node: Node, url: str | None, titles: list[str]) -> float:
    """Return how much URL and headline speak for this node being the page's article."""
    score = 0.0
    if url and any(same_page(url, link) for link in _links(node)):
        score += 10
    headline = node.get("headline") or node.get("name")
    if isinstance(headline, str) and headline:
        folded = fold(html.unescape(headline))
        score += (
            10 if folded and any(folded in title or title in folded for title in titles if title) else 0.5
        )
    return score + (1 if node.get("datePublished") else 0) + (0.5 if node.get("author") else 0)


def text_in(value: object) -> str | None:
    """Return the text of a value: itself, or an object's `name`, `@value` or `headline`, or the first of a list."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return next((text for text in map(text_in, value[:20]) if text), None)
    if isinstance(value, dict):
        return next(
            (text for key in ("name", "@value", "headline") if (text := text_in(value.get(key)))), None
        )
    return None


def _links(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def same_page(one: str, other: str) -> bool:
    """Tell whether two URLs name one page, up to scheme, query, last slash and `www.`, `m.`, `amp.`; relative ones by path."""
    try:
        a = urlsplit(one)
        # Most links of a graph lead elsewhere: the path does not even stand in them. (Line breaks are none of a URL's path.)
        if a.path.rstrip("/") not in other and other.isprintable():
            return False
        b = urlsplit(other)
    except ValueError:
        return False
    path = b.path.rstrip("/")
    if a.path.rstrip("/") != path or not path:
        return False
    return not b.netloc or _host(a.netloc) == _host(b.netloc)


def _host(netloc: str) -> str:
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", netloc.lower())
