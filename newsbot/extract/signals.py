"""Gathers in one query everything on a page that speaks of its metadata; the modules beside it decide between what was gathered."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.extract.declared import Declared
from newsbot.extract.json_ld import Graph, read_graph
from newsbot.extract.nodes import Attributes, text_of
from newsbot.extract.shown import LONGEST_CLASS, Shown, names_author
from newsbot.extract.shown_dates import ShownDate, find_headline, shown_dates
from newsbot.extract.tree import Tree, walk
from newsbot.items import Page
from newsbot.publishers.model import Layout

_PATHS = ("/aut", "/people/", "/profil", "/by/", "/staff/", "/team/", "/contributor")
QUERY = ", ".join(
    [
        "meta, link[rel~='canonical' i], link[rel~='license' i], title, h1, time, figure, [itemprop], script[type*='ld+json' i]",
        "[rel~=author], a[rel~=tag], [data-testid]",
        *(f"[id*='{name}' i]" for name in ("author", "byline")),
    ]
)
"""One query over the tree instead of one a signal. Every part that looks for a piece of an attribute costs 0.02 ms (median of 109
pages, lexbor): of links and classes only those are asked for that the walk found on the page."""
MOST_CLASSES = 20
"""Classes asked for by name; a page that has more names its elements one by one."""
_HEAD = frozenset({"meta", "link", "title", "script"})
MATCH_LIMIT = 5000
"""Matches looked at: a page of 10^5 dated list items must not take seconds."""


@dataclass(slots=True)
class Signals:
    """Everything that speaks of one page's metadata."""

    page: Page
    parser: LexborHTMLParser
    layout: Layout
    declared: Declared = field(default_factory=Declared)
    shown: Shown = field(default_factory=Shown)
    graph: Graph = field(default_factory=Graph)
    walked: Tree | None = None
    """The page's elements and blocks, where they are known."""
    _dates: list[ShownDate] | None = None

    @property
    def tree(self) -> Tree:
        """The page's elements and blocks; walks the whole tree where nobody did."""
        if self.walked is None:
            self.walked = walk(self.parser)
        return self.walked

    def dates(self, headline: str | None) -> list[ShownDate]:
        """Return the dates shown, looked for once."""
        if self._dates is None:
            self._dates = shown_dates(self.tree, self.shown, headline)
        return self._dates

    def texts(self, headline: str | None) -> tuple[list[str], int]:
        """Return the page's shown texts, and the index of the headline or, where it is not shown, of the first heading."""
        return [run.text for run in self.tree.runs], find_headline(self.tree, headline)

    def selected(self, selectors: tuple[str, ...]) -> list[LexborNode]:
        """Return all matches of the first of the layout's selectors that matches."""
        for selector in selectors:
            nodes: list[LexborNode] = self.parser.css(selector)
            if nodes:
                return nodes
        return []

    def selected_text(self, selectors: tuple[str, ...]) -> str | None:
        """Return the text of the first match of a layout's selectors that has any."""
        return next((text for text in map(text_of, self.selected(selectors)) if text), None)


def read_signals(
    parser: LexborHTMLParser, page: Page, layout: Layout | None, tree: Tree | None = None
) -> Signals:
    """Gather a page's signals in one pass; `tree` is its walk, where it was done already."""
    signals = Signals(page, parser, layout or Layout(), walked=tree)
    scripts: list[str] = []
    seen = 0
    for node in parser.css(_query(signals.tree))[:MATCH_LIMIT]:
        # A node that several alternatives match comes several times in a row.
        if node.mem_id != seen:
            seen = node.mem_id
            _file(signals, node, scripts)
    root = parser.root
    if root is not None:
        attributes = root.attributes
        signals.declared.language = attributes.get("lang") or attributes.get("xml:lang")
    titles = (
        signals.declared.first("og:title") or "",
        signals.shown.title or "",
        *(h.text for h in signals.shown.headings[:3]),
    )
    signals.graph = read_graph(scripts, page.url, titles)
    return signals


def _query(tree: Tree) -> str:
    """Return the query with what the page's own links and classes may say of authors."""
    names = [name for _, name in tree.signs[0] if name and names_author(name[:LONGEST_CLASS])]
    links = "\n".join([attributes["href"] or "" for attributes in tree.attributes if "href" in attributes])
    return ", ".join(
        [
            QUERY,
            *(f"a[href*='{path}']" for path in _PATHS if path in links),
            *(f'[class="{_quoted(name)}"]' for name in dict.fromkeys(names[:MOST_CLASSES])),
        ]
    )


def _quoted(name: str) -> str:
    """Return a text as it stands in a string of CSS (CSS Syntax, 4.3.5)."""
    return "".join(
        char if char.isalnum() or char in " -_" else f"\\{ord(char):x} "
        for char in name.replace("\0", "\ufffd")
    )


def _file(signals: Signals, node: LexborNode, scripts: list[str]) -> None:
    """File one match by its element and attributes."""
    tag, attributes = node.tag, node.attributes
    declared, shown = signals.declared, signals.shown
    if "itemprop" in attributes:
        declared.add_item(node, attributes)
    if tag in _HEAD:
        _file_head(signals, node, attributes, scripts)
    elif tag == "h1":
        shown.add_heading(node, attributes)
    elif tag == "time":
        shown.add_time(node, attributes)
    elif tag == "figure":
        shown.figures.append(node)
    else:
        if tag == "a":
            shown.add_link(node, attributes)
        shown.add_classed(node, attributes)


def _file_head(signals: Signals, node: LexborNode, attributes: Attributes, scripts: list[str]) -> None:
    """File an element that is not shown."""
    tag = node.tag
    if tag == "meta":
        signals.declared.add_meta(attributes)
    elif tag == "link":
        signals.declared.add_link(attributes)
    elif tag == "title":
        signals.shown.add_title(node)
    elif "ld+json" in (attributes.get("type") or "").lower():
        scripts.append(node.text())
