"""Finds in one query every element of a page that speaks of its metadata or its kind; signals.py and kind.py read them.

One query over the tree costs 0.01 ms, every part of it 0.004 ms more, and one that looks at an attribute of all elements 0.01 ms
(mean of 109 pages): so of links and classes only those are asked for that the walk found on the page.
"""

from __future__ import annotations

import re
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.dedup.compiled import texts_in_c
from newsbot.extract.nodes import Attributes
from newsbot.extract.shown import AUTHORS, LONGEST_CLASS, names_author
from newsbot.extract.tree import Tree, walk

Element = tuple[LexborNode, str, Attributes]
"""An element with its name and attributes: both take the parser's time whenever they are asked for."""

_PATHS = ("/aut", "/people/", "/profil", "/by/", "/staff/", "/team/", "/contributor")
QUERY = (
    "meta, link[rel~='canonical' i], link[rel~='license' i], title, h1, time, figure, [itemprop], script[type*='ld+json' i],"
    " [rel~=author], a[rel~=tag], [data-testid], [id*='author' i], [id*='byline' i]"
)
MOST_CLASSES = 20
"""Classes asked for by name; a page that has more names its elements one by one."""
_UNSAFE = re.compile(r"[^\w -]")
MATCH_LIMIT = 5000
"""Matches looked at: a page of 10^5 dated list items must not take seconds."""


class Marked:
    """What the query finds on a page, and the page's walk; each done once, when it is first asked for."""

    def __init__(self, parser: LexborHTMLParser, tree: Tree | None = None) -> None:
        """Take a parsed page, and its walk where that was done already."""
        self.parser = parser
        if tree is not None:
            self.tree = tree

    @cached_property
    def tree(self) -> Tree:
        """The page's elements and blocks."""
        return walk(self.parser)

    @cached_property
    def elements(self) -> list[Element]:
        """The elements found, in document order, each once."""
        found: list[Element] = []
        seen = 0
        for node in self.parser.css(query_for(self.tree))[:MATCH_LIMIT]:
            # One that several alternatives match comes several times in a row.
            identity = node.mem_id
            if identity != seen:
                seen = identity
                found.append((node, node.tag or "", node.attributes))
        return found

    @cached_property
    def statements(self) -> list[str]:
        """The texts of the page's JSON-LD, in document order."""
        return [
            node.text()
            for node, tag, attributes in self.elements
            if tag == "script" and "ld+json" in (attributes.get("type") or "").lower()
        ]


def query_for(tree: Tree) -> str:
    """Return the query with what the page's own links and classes may say of authors."""
    links = [attributes["href"] or "" for attributes in tree.attributes if "href" in attributes]
    if texts_in_c is not None:
        links = [links[index] for index in texts_in_c.holding(links, _PATHS)]
    written = "\n".join(links)
    return ", ".join([QUERY, *(f"a[href*='{path}']" for path in _PATHS if path in written), *_classed(tree)])


def _classed(tree: Tree) -> list[str]:
    """Return selectors for the elements whose classes speak of authors, by name too: so most elements are passed over at once."""
    names = frozenset(classes_of_authors(tree)[:MOST_CLASSES])
    return [
        f'{tag if tag.isalnum() else ""}[class="{_quoted(name)}"]'
        for tag, name in (tree.signs[0] if names else ())
        if name in names
    ]


def classes_of_authors(tree: Tree) -> list[str]:
    """Return the classes of a page's elements that speak of an author, in the page's order."""
    names = [name for _, name in tree.signs[0] if name]
    written = "\0".join(names)
    if written.isascii():
        found = _found_in(written.lower()) if texts_in_c is None else texts_in_c.holding(names, AUTHORS)
        names = [names[index] for index in found] if written.count("\0") < len(names) else names
    return [name for name in names if names_author(name[:LONGEST_CLASS])]


def _found_in(written: str) -> list[int]:
    """Return which of the names parted by NUL may speak of an author: a tenth of the time of looking at each name."""
    found: set[int] = set()
    for word in AUTHORS:
        at = written.find(word)
        while at >= 0:
            found.add(written.count("\0", 0, at))
            end = written.find("\0", at)
            at = written.find(word, end) if end >= 0 else -1
    return sorted(found)


def _quoted(name: str) -> str:
    """Return a text as it stands in a string of CSS (CSS Syntax, 4.3.5)."""
    return _UNSAFE.sub(lambda match: f"\\{ord(match[0]):x} ", name.replace("\0", "\ufffd"))
