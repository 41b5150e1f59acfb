"""Parses a page once and walks its tree once into flat lists of elements and blocks; everything of the body is read off these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Elements that browsers lay out as blocks (HTML Standard, 15.3), and those that end a run of text all the same.
_BLOCKS = """
address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre search section summary table caption tbody td
tfoot th thead tr ul xmp button
"""
# Elements whose text is never shown, or not as text.
_SKIPPED = """
script style noscript template textarea select option datalist svg math iframe object embed canvas audio video map head noframes
noembed applet param source track input
"""
BLOCK_TAGS = frozenset(_BLOCKS.split())
SKIPPED_TAGS = frozenset(_SKIPPED.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Bounds against hostile pages: what lies beyond is not entered. The largest of 1,450 pages had 1,420 blocks.
NODE_LIMIT, BLOCK_LIMIT, DEPTH_LIMIT = 100_000, 5_000, 500
# Levels that a place names at most.
PATH_DEPTH = 60

LINK, STRONG, EMPHASIS, PRE = 1, 2, 4, 8
_STYLES = {
    "a": LINK,
    "b": STRONG,
    "strong": STRONG,
    "i": EMPHASIS,
    "em": EMPHASIS,
    "pre": PRE,
}
_BREAK = "\v"


@dataclass(slots=True)
class Run:
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


@dataclass(slots=True)
class Tree:
    """Elements in document order as flat lists, and the blocks in them."""

    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    """Index of the parent; -1 for the root."""
    attributes: list[dict[str, str | None]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    """The parser's identity of each element, for finding what a selector matched."""
    runs: list[Run] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Number of blocks before each element: those in it are `runs[starts[i]:ends[i]]`."""
    ends: list[int] = field(default_factory=list)
    _paths: dict[int, str] = field(default_factory=dict)

    def path(self, index: int) -> str:
        """Return an element's place: its ancestors from body down as `tag.class.class` joined by `>`."""
        chain: list[int] = []
        while index > 0 and index not in self._paths:
            chain.append(index)
            index = self.parents[index]
        path = self._paths.get(index, "")
        for element in reversed(chain):
            if path.count(">") < PATH_DEPTH:
                path = f"{path}>{self._step(element)}" if path else self._step(element)
            self._paths[element] = path
        return path

    def _step(self, index: int) -> str:
        names = (self.attributes[index].get("class") or "").split()
        return ".".join((self.tags[index], *names))

    def inside(self, roots: Iterable[int]) -> list[bool]:
        """Return for each element whether it is one of those with the identities `roots`, or in one."""
        wanted, inside = set(roots), list[bool]()
        for index, identity in enumerate(self.ids):
            parent = self.parents[index]
            inside.append(identity in wanted or (parent >= 0 and inside[parent]))
        return inside


def parse(text: str) -> LexborHTMLParser:
    """Return the parsed page; `noscript` is text, as in a browser that runs scripts, so that it cannot end the head early."""
    return LexborHTMLParser(text, scripting=True)


class _Walk:
    """The walk's state: the run of text being gathered."""

    __slots__ = ("breaks", "emphasis", "linked", "links", "owner", "pieces", "places", "strong", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree, self.owner = tree, 0
        self._clear()

    def _clear(self) -> None:
        self.pieces: list[str] = []
        self.places: list[int] = []
        self.linked = self.strong = self.emphasis = self.links = self.breaks = 0

    def add(self, text: str, place: int, style: int) -> None:
        """Add a piece of text."""
        self.pieces.append(text.replace("\n", _BREAK) if style & PRE else text)
        if text.isspace():
            return
        self.places.append(place)
        if style:
            size = len(text)
            if style & LINK:
                self.linked += size
                self.links += 1
            if style & STRONG:
                self.strong += size
            if style & EMPHASIS:
                self.emphasis += size

    def line_break(self) -> None:
        """Add a line break; a second one in a row ends the block."""
        for piece in reversed(self.pieces):
            if piece == _BREAK:
                self.flush()
                return
            if not piece.isspace():
                break
        self.breaks += 1
        self.pieces.append(_BREAK)

    def flush(self) -> None:
        """End the block, if there is any text."""
        if self.places:
            text = "".join(self.pieces)
            lines = (" ".join(line.split()) for line in text.split(_BREAK))
            folded = "\n".join(line for line in lines if line) if _BREAK in text else " ".join(text.split())
            if folded:
                self._append(folded)
        if self.pieces:
            self._clear()

    def _append(self, text: str) -> None:
        run = Run(
            text,
            self.owner,
            self._common_place(),
            self.linked,
            self.strong,
            self.emphasis,
            self.links,
            self.breaks,
        )
        self.tree.runs.append(run)

    def _common_place(self) -> int:
        """Return the deepest element that holds all pieces; parents have smaller indices than their children."""
        parents, place = self.tree.parents, self.places[0]
        for other in self.places:
            while place != other:
                if place > other:
                    place = parents[place]
                else:
                    other = parents[other]  # noqa: PLW2901 - climbs to the common ancestor
        return place


def walk(parser: LexborHTMLParser) -> Tree:  # noqa: C901 - the one hot loop: a call a node would double its time
    """Return the elements of a page's body and its blocks, in one pass without recursion."""
    tree = Tree()
    root = parser.body
    if root is None:
        return tree
    state = _Walk(tree)
    _enter(tree, root, -1)
    # Of each open element: the node, its index, the block it lies in, its style.
    stack: list[tuple[LexborNode, int, int, int]] = []
    stack.append((root, 0, 0, 0))
    node, index, owner, style, count = root.first_child, 0, 0, 0, 0
    while True:
        while node is None:
            closed, closed_index, owner, _ = stack.pop()
            if owner == closed_index and state.pieces:
                state.flush()
            tree.ends[closed_index] = len(tree.runs)
            if not stack:
                return tree
            _, index, owner, style = stack[-1]
            state.owner = owner
            node = closed.next
        tag = node.tag or ""
        count += 1
        if tag == "-text":
            text = node.text_content
            # White space between blocks is most of the text nodes.
            if text and (state.pieces or not text.isspace()):
                state.add(text, index, style)
        elif tag == "br":
            state.line_break()
        elif tag[:1] != "-" and tag not in SKIPPED_TAGS:
            is_block = tag in BLOCK_TAGS or "-" in tag
            if is_block and state.pieces:
                state.flush()
            child = node.first_child
            if child is not None and _may_enter(tree, count, len(stack)):
                index = _enter(tree, node, index)
                owner = index if is_block else owner
                state.owner = owner
                style |= _STYLES.get(tag, 0)
                stack.append((node, index, owner, style))
                node = child
                continue
        node = node.next


def _may_enter(tree: Tree, nodes: int, depth: int) -> bool:
    return nodes < NODE_LIMIT and depth < DEPTH_LIMIT and len(tree.runs) < BLOCK_LIMIT


def _enter(tree: Tree, node: LexborNode, parent: int) -> int:
    tree.tags.append(node.tag or "")
    tree.parents.append(parent)
    tree.attributes.append(node.attributes)
    tree.ids.append(node.mem_id)
    tree.starts.append(len(tree.runs))
    tree.ends.append(0)
    return len(tree.tags) - 1
