"""Reads a page's JSON-LD blocks, however broken, and picks the node of the article; serves metadata.py.

Strict parsing first, then what real pages need, cheapest first: comment and CDATA wrappers, control characters in strings, HTML-escaped
JSON, trailing commas and comments, several values in one block, and at last single fields out of what stays unreadable.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import orjson

Node = dict[str, object]

REPAIR_LIMIT = 2_000_000
"""Characters of a block that repairs are tried on; beyond it (5 MB blocks were seen) only the strict parser and the rescue run."""
NODE_LIMIT = 20_000
"""Nodes visited a page: bounds the walk over a hostile graph."""

ARTICLE_TYPES = {
    "newsarticle": 10,
    "reportagenewsarticle": 10,
    "analysisnewsarticle": 10,
    "opinionnewsarticle": 10,
    "backgroundnewsarticle": 10,
    "reviewnewsarticle": 10,
    "askpublicnewsarticle": 10,
    "liveblogposting": 10,
    "advertisercontentarticle": 9,
    "satiricalarticle": 9,
    "article": 9,
    "blogposting": 9,
    "report": 8,
    "scholarlyarticle": 8,
    "techarticle": 8,
    "socialmediaposting": 7,
    "discussionforumposting": 6,
    "review": 6,
    "recipe": 6,
    "howto": 6,
    "creativework": 5,
    "videoobject": 4,
    "audioobject": 4,
    "podcastepisode": 4,
    "webpage": 2,
    "itempage": 2,
    "aboutpage": 1,
    "collectionpage": 1,
}
"""How well a schema.org type says "this is the article", highest best; others are never the article."""

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

_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|-->)\s*;?\s*$"
)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|(?<![:"\w])//[^\n]*', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_RESCUED = re.compile(
    r'"(@type|headline|name|datePublished|dateModified|dateCreated|description|articleSection|inLanguage)"\s*:\s*"((?:[^"\\\n]|\\.){1,2000})"'
)
_RESCUED_AUTHOR = re.compile(
    r'"author"\s*:\s*(?:\[\s*)?(?:\{[^{}]{0,500}?"name"\s*:\s*)?"((?:[^"\\\n]|\\.){1,300})"'
)


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


def parse(text: str) -> list[object]:
    """Return the JSON values of one block, repaired where needed; empty where nothing can be read."""
    try:
        return [orjson.loads(text)]
    except orjson.JSONDecodeError:
        pass
    if len(text) <= REPAIR_LIMIT:
        for attempt in _repairs(text):
            values = _lenient(attempt)
            if values:
                return values
    return _rescue(text)


def _repairs(text: str) -> Iterator[str]:
    """Yield the text with more and more of the usual faults taken out."""
    bare = _WRAPPER.sub("", _WRAPPER.sub("", text)).strip().rstrip(";").lstrip("\ufeff")
    yield bare
    if "&quot;" in bare or "&#34;" in bare or "&#x22;" in bare:
        yield html.unescape(bare)
    tidy = _COMMENT.sub(lambda match: match[1] or " ", bare)
    tidy = _TRAILING_COMMA.sub(lambda match: match[1] or "", tidy)
    yield tidy


def _lenient(text: str) -> list[object]:
    """Parse one or several concatenated values; control characters in strings are let through."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    position = 0
    while position < len(text) and len(values) < 50:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return [value for value in values if isinstance(value, dict | list)]


def _rescue(text: str) -> list[object]:
    """Pick single fields out of a block that no parser reads, if it speaks of an article."""
    node: Node = {}
    for key, raw in _RESCUED.findall(text[:REPAIR_LIMIT]):
        if key == "@type" and raw.lower() not in ARTICLE_TYPES:
            continue
        node.setdefault(key, _unquote(raw))
    if "@type" not in node:
        return []
    author = _RESCUED_AUTHOR.search(text, 0, REPAIR_LIMIT)
    if author:
        node["author"] = _unquote(author[1])
    return [node]


def _unquote(raw: str) -> str:
    """Undo JSON's string escapes, as far as they are valid."""
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


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
    return [
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].strip().lower() for name in names if isinstance(name, str)
    ]


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
    folded = [_fold(title) for title in titles if title]
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
        folded = _fold(html.unescape(headline))
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


def _fold(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def same_page(one: str, other: str) -> bool:
    """Tell whether two URLs name one page, up to scheme, query, trailing slash and `www.`, `m.` or `amp.`; relative ones by path."""
    try:
        a, b = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    path = b.path.rstrip("/")
    if a.path.rstrip("/") != path or not path:
        return False
    return not b.netloc or _host(a.netloc) == _host(b.netloc)


def _host(netloc: str) -> str:
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", netloc.lower())
