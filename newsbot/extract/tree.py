"""Parses a page once and walks its tree once into flat lists of elements and blocks; everything of the body is read off these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.extract.compiled import walk_in_c
from newsbot.extract.elements import BR, EMPHASIS, KINDS, LINK, PRE, STRONG, TEXT, kind_of
from newsbot.extract.endless import without_endless_lists, without_endless_tags

# Bounds against hostile pages: what lies beyond is not entered. The largest of 1,450 pages had 1,420 blocks.
ELEMENT_LIMIT, BLOCK_LIMIT, DEPTH_LIMIT = 100_000, 5_000, 500
# Levels that a place names at most.
PATH_DEPTH = 60

_BREAK = "\v"

Sign = tuple[str, str | None]
"""Name and class of an element: what elements alike have in common."""
Attributes = dict[str, str | None]


class Run(NamedTuple):
    """A block as the walk found it."""

    text: str
    owner: int
    """Index of the element that lays it out as a block."""
    place: int
    """Index of the deepest element that holds all of it."""
    linked: int
    """Characters in links."""
    strong: int
    """Characters in bold type."""
    emphasis: int
    """Characters in italics."""
    links: int
    """Number of pieces of text in links."""
    breaks: int
    """Number of line breaks."""
    role: str
    """Role of the nearest element around that gives one, `body` where none does; see items.Block."""


@dataclass
class Tree:
    """Elements in document order as flat lists, and the blocks in them."""

    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    """Index of the parent; -1 for the root."""
    depths: list[int] = field(default_factory=list)
    """Number of elements above; 0 for the root."""
    attributes: list[Attributes] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    """The parser's identity of each element, for finding what a selector matched."""
    runs: list[Run] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Number of blocks before each element: those in it are `runs[starts[i]:ends[i]]`."""
    ends: list[int] = field(default_factory=list)

    @cached_property
    def texts(self) -> list[str]:
        """The blocks' texts."""
        return [run.text for run in self.runs]

    @cached_property
    def signs(self) -> tuple[list[Sign], list[int]]:
        """The distinct signs of the elements, and of each element the place of its own among them."""
        if walk_in_c is not None:
            found: tuple[list[Sign], list[int]] = walk_in_c.signs(self.tags, self.attributes)
            return found
        known: dict[Sign, int] = {}
        codes = [
            known.setdefault((tag, attributes.get("class")), len(known))
            for tag, attributes in zip(self.tags, self.attributes, strict=True)
        ]
        return list(known), codes

    def paths(self, elements: list[int]) -> list[str]:
        """Return of each of some elements its ancestors from body down, with itself, as `tag.class.class` joined by `>`."""
        if walk_in_c is not None:
            found: list[str] = walk_in_c.paths(self.parents, self.depths, self.signs, elements, PATH_DEPTH)
            return found
        signs, codes = self.signs
        steps = [_step(tag, name) for tag, name in signs]
        paths = [""]
        for code, parent, depth in zip(codes[1:], self.parents[1:], self.depths[1:], strict=True):
            above = paths[parent]
            paths.append(above if depth > PATH_DEPTH + 1 else above + steps[code])
        return [paths[element][1:] for element in elements]

    def inside(self, roots: Iterable[int]) -> list[bool]:
        """Return for each element whether it is one of those with the parser's identities `roots`, or in one."""
        wanted, inside = set(roots), list[bool]()
        for identity, parent in zip(self.ids, self.parents, strict=True):
            inside.append(identity in wanted or (parent >= 0 and inside[parent]))
        return inside


class Lists(NamedTuple):
    """What the walk fills: a tree's lists, with the root in them."""

    tags: list[str]
    parents: list[int]
    depths: list[int]
    attributes: list[Attributes]
    ids: list[int]
    starts: list[int]
    ends: list[int]
    runs: list[Run]


def _step(tag: str, name: str | None) -> str:
    """Return a step of a path, which may be inside another."""
    return ">" + ".".join((tag, *name.split())) if name else f">{tag}"


def parse(page: str | bytes) -> LexborHTMLParser:
    """Return the parsed page, a text or that in UTF-8; `noscript` is text, as in a browser that runs scripts: it ends no head."""
    if isinstance(page, str):
        page = page.encode("utf-8", "ignore")
    return LexborHTMLParser(without_endless_lists(without_endless_tags(page)), scripting=True)


class _FullError(Exception):
    """Raised when a page has more blocks than are read, from the walk, which stops there."""


class _Gathered:
    """The run of text being gathered."""

    __slots__ = ("breaks", "emphasis", "linked", "links", "parents", "pieces", "places", "runs", "strong")

    def __init__(self, parents: list[int], runs: list[Run]) -> None:
        self.parents, self.runs = parents, runs
        self.pieces: list[str] = []
        self.places: list[int] = []
        self.linked = self.strong = self.emphasis = self.links = self.breaks = 0

    def add(self, text: str, place: int, style: int) -> None:
        """Add a piece of text; white space alone where a piece stands before it."""
        if text and not text.isspace():
            self.places.append(place)
            if style:
                self._count(len(text), style)
        elif not self.pieces:
            return
        self.pieces.append(text.replace("\n", _BREAK) if style & PRE else text)

    def _count(self, size: int, style: int) -> None:
        """Count the characters of a piece that is in a link or in other type."""
        if style & LINK:
            self.linked += size
            self.links += 1
        if style & STRONG:
            self.strong += size
        if style & EMPHASIS:
            self.emphasis += size

    def line_break(self, owner: int, role: str) -> None:
        """Add a line break; a second one in a row ends the block."""
        for piece in reversed(self.pieces):
            if piece == _BREAK:
                self.end(owner, role)
                return
            if not piece.isspace():
                break
        self.breaks += 1
        self.pieces.append(_BREAK)

    def end(self, owner: int, role: str) -> None:
        """End the block, if there is any text; raises _FullError where the page has too many."""
        pieces, places, runs = self.pieces, self.places, self.runs
        if places:
            text = _folded(pieces[0] if len(pieces) == 1 else "".join(pieces))
            place = places[0] if len(places) == 1 else _common_place(self.parents, places)
            if text:
                if len(runs) >= BLOCK_LIMIT:
                    raise _FullError
                runs.append(
                    Run(
                        text,
                        owner,
                        place,
                        self.linked,
                        self.strong,
                        self.emphasis,
                        self.links,
                        self.breaks,
                        role,
                    )
                )
        pieces.clear()
        places.clear()
        self.linked = self.strong = self.emphasis = self.links = self.breaks = 0


def _folded(text: str) -> str:
    if _BREAK not in text:
        text = text.strip()
        # Of all white space only the space is printable: most texts need no more, and the two looks take a third of the time.
        return text if "  " not in text and text.isprintable() else " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _common_place(parents: list[int], places: list[int]) -> int:
    """Return the deepest element that holds all pieces; parents have smaller indices than their children."""
    place = places[0]
    # Elements known to be in it: without them 10^5 pieces in elements 500 deep would take seconds.
    below = {place}
    for other in places:
        while other not in below:
            if place > other:
                place = parents[place]
                below.add(place)
            else:
                below.add(other)
                other = parents[other]  # noqa: PLW2901 - climbs to the common ancestor
    return place


def walk(parser: LexborHTMLParser) -> Tree:
    """Return the elements of a page's body and its blocks, in one pass without recursion."""
    root = parser.body
    if root is None:
        return Tree()
    tree = Tree(["body"], [-1], [0], [root.attributes], [root.mem_id], starts=[0], ends=[-1])
    lists = Lists(
        tree.tags, tree.parents, tree.depths, tree.attributes, tree.ids, tree.starts, tree.ends, tree.runs
    )
    if _walk(root, lists):
        # Elements that were open hold all blocks from their start.
        tree.ends = [end if end >= 0 else len(tree.runs) for end in tree.ends]
    return tree


def _walk(root: LexborNode, lists: Lists) -> bool:
    """Walk what is in the root, by C where that was built; return whether the page has too many blocks."""
    if walk_in_c is not None:
        limits = (ELEMENT_LIMIT, BLOCK_LIMIT, DEPTH_LIMIT)
        return bool(walk_in_c.walk(root, lists, KINDS, kind_of, Run, (TEXT, BR), limits))
    try:
        _walk_in_python(root, lists)
    except _FullError:
        return True
    return False


def _walk_in_python(root: LexborNode, lists: Lists) -> None:  # noqa: C901, PLR0912 - the one hot loop: calls for each step would double its time
    """Do what _walk.c does, in Python; raises _FullError where the page has too many blocks."""
    tags, parents, depths, attributes, ids, starts, ends, runs = lists
    gathered = _Gathered(parents, runs)
    pieces = gathered.pieces
    # Of each open element: the node, and index, block, style and role of the one around it.
    stack: list[tuple[LexborNode, int, int, int, str]] = []
    index, owner, style, role = 0, 0, 0, "body"
    node = root.first_child
    while True:
        while node is None:
            if pieces and owner == index:
                gathered.end(owner, role)
            ends[index] = len(runs)
            if not stack:
                return
            node, index, owner, style, role = stack.pop()
            node = node.next
        number = node.tag_id
        if number == TEXT:
            # White space between blocks is most of the text nodes.
            if pieces or not node.is_empty_text_node:
                gathered.add(node.text_content or "", index, style)
        elif number == BR:
            gathered.line_break(owner, role)
        else:
            tag, is_skipped, is_block, own_style, own_role = KINDS.get(number) or kind_of(node.tag or "")
            if not is_skipped:
                if is_block and pieces:
                    gathered.end(owner, role)
                child = node.first_child
                if child is not None:
                    depth, place = len(stack), len(tags)
                    if depth < DEPTH_LIMIT - 1 and place < ELEMENT_LIMIT:
                        stack.append((node, index, owner, style, role))
                        tags.append(tag)
                        attributes.append(node.attributes)
                        ids.append(node.mem_id)
                        parents.append(index)
                        depths.append(depth + 1)
                        starts.append(len(runs))
                        ends.append(-1)
                        index = place
                        if is_block:
                            owner = place
                        style, role = style | own_style, own_role or role
                        node = child
                        continue
        node = node.next
