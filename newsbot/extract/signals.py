"""Files everything on a page that speaks of its metadata, as marked.py finds it; the modules beside it decide between it."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from newsbot.extract.declared import Declared
from newsbot.extract.json_ld import Graph, read_graph
from newsbot.extract.marked import Element, Marked
from newsbot.extract.nodes import text_of
from newsbot.extract.shown import Shown
from newsbot.extract.shown_dates import ShownDate, find_headline, shown_dates
from newsbot.extract.tree import Tree
from newsbot.items import Page
from newsbot.publishers.model import Layout


@dataclass(slots=True)
class Signals:
    """Everything that speaks of one page's metadata."""

    page: Page
    marked: Marked
    layout: Layout
    declared: Declared = field(default_factory=Declared)
    shown: Shown = field(default_factory=Shown)
    graph: Graph = field(default_factory=Graph)
    _dates: list[ShownDate] | None = None

    @property
    def tree(self) -> Tree:
        """The page's elements and blocks."""
        return self.marked.tree

    def dates(self, headline: str | None) -> list[ShownDate]:
        """Return the dates shown, looked for once."""
        if self._dates is None:
            self._dates = shown_dates(self.tree, self.shown, headline)
        return self._dates

    def texts(self, headline: str | None) -> tuple[list[str], int]:
        """Return the page's shown texts, and the index of the headline or, where it is not shown, of the first heading."""
        return self.tree.texts, find_headline(self.tree, headline)

    def selected(self, selectors: tuple[str, ...]) -> list[LexborNode]:
        """Return all matches of the first of the layout's selectors that matches."""
        for selector in selectors:
            nodes: list[LexborNode] = self.marked.parser.css(selector)
            if nodes:
                return nodes
        return []

    def selected_text(self, selectors: tuple[str, ...]) -> str | None:
        """Return the text of the first match of a layout's selectors that has any."""
        return next((text for text in map(text_of, self.selected(selectors)) if text), None)


def read_signals(marked: Marked, page: Page, layout: Layout | None) -> Signals:
    """File what was found on a page."""
    signals = Signals(page, marked, layout or Layout())
    for element in marked.elements:
        _file(signals, element)
    root = marked.parser.root
    if root is not None:
        attributes = root.attributes
        signals.declared.language = attributes.get("lang") or attributes.get("xml:lang")
    titles = (
        signals.declared.first("og:title") or "",
        signals.shown.title or "",
        *(h.text for h in signals.shown.headings[:3]),
    )
    signals.graph = read_graph(marked.statements, page.url, titles)
    return signals


def _file(signals: Signals, element: Element) -> None:
    """File one match by its name and attributes."""
    node, tag, attributes = element
    declared, shown = signals.declared, signals.shown
    if "itemprop" in attributes:
        declared.add_item(node, attributes)
    if tag == "meta":
        declared.add_meta(attributes)
    elif tag == "link":
        declared.add_link(attributes)
    elif tag == "title":
        shown.add_title(node)
    elif tag == "h1":
        shown.add_heading(node, attributes)
    elif tag == "time":
        shown.add_time(node, attributes)
    elif tag == "figure":
        shown.figures.append(node)
    elif tag != "script":
        if tag == "a":
            shown.add_link(node, attributes)
        shown.add_classed(node, attributes)
