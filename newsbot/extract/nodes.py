"""Texts and surroundings of single elements of a page's tree; serves the modules that read metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from newsbot.extract.elements import BR, TEXT

Attributes = dict[str, str | None]

NOT_SHOWN = frozenset({"script", "style", "svg", "noscript", "template", "iframe"})
BLOCKS = frozenset(  # one a line would be a page
    "div p li ul ol section header h2 h3 h4 h5 h6 dl dt dd address td tr".split()  # noqa: SIM905
)
"""Elements that stand on lines of their own."""
_ASCII = "".join(char.lower() if char.isalnum() else " " for char in map(chr, range(128)))
"""What each ASCII character becomes when texts are compared: a fifth of the time of looking at each."""
_NOT_ALNUM = re.compile(r"[\W_]+")


def class_of(attributes: Attributes) -> str:
    """Return class, id and test id of an element in one string."""
    name = attributes.get("class") or ""
    if "id" in attributes or "data-testid" in attributes:
        return f"{name} {attributes.get('id') or ''} {attributes.get('data-testid') or ''}"
    return name


_ASKED: dict[int, re.Pattern[str]] = {}
"""The patterns that were asked, by their identity: a pattern's hash takes twice the time of all the rest."""


@lru_cache(maxsize=8192)
def _speaks(pattern: int, name: str) -> bool:
    return _ASKED[pattern].search(name) is not None


def speaks(pattern: re.Pattern[str], name: str) -> bool:
    """Tell whether a class name matches; remembered, for a publisher's pages share their classes. `pattern` is a constant."""
    if len(name) > 200:
        return pattern.search(name) is not None
    identity = id(pattern)
    if identity not in _ASKED:
        _ASKED[identity] = pattern
    return _speaks(identity, name)


@dataclass(slots=True)
class Lineage:
    """Knows the elements around those it was asked of: elements of a page share most of their ancestors."""

    known: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    """By the element's id in the tree: its parent's id, 0 for none below body; its name; class_of it."""

    def parent_of(self, node: LexborNode) -> int:
        """Return the id of an element's parent, which and all around which are known then; 0 where it stands in body or nowhere."""
        first = below = 0
        parent = node.parent
        while parent is not None:
            tag = parent.tag or ""
            if tag in ("body", "html"):
                break
            identity = parent.mem_id
            first = first or identity
            if below:
                self.known[below] = (identity, *self.known[below][1:])
            if identity in self.known:
                break
            self.known[identity] = (0, tag, class_of(parent.attributes))
            below, parent = identity, parent.parent
        return first


@dataclass(slots=True)
class Frames:
    """Tells what stands in the site's frame or, by the classes around it, in what is not the article; remembers per page."""

    aside: re.Pattern[str]
    tags: frozenset[str]
    lineage: Lineage = field(default_factory=Lineage)
    known: dict[int, bool] = field(default_factory=dict)
    """Answer by the element's id in the tree."""

    def hold(self, node: LexborNode) -> bool:
        """Tell whether any of an element's ancestors, itself aside, is such a frame."""
        walked: list[int] = []
        answer = False
        identity = self.lineage.parent_of(node)
        while identity and len(walked) < 60:
            if identity in self.known:
                answer = self.known[identity]
                break
            walked.append(identity)
            parent, tag, name = self.lineage.known[identity]
            if tag in self.tags or speaks(self.aside, name):
                answer = True
                break
            identity = parent
        self.known.update(dict.fromkeys(walked, answer))
        return answer


def text_of(node: LexborNode) -> str:
    """Return an element's text as shown, white space folded, without scripts and styles.

    Two elements side by side (`<span>Kicker</span><span>Headline</span>`) are parted by a space: styles part them on the page.
    """
    only = _only_text(node)
    if only is not None:
        return only
    parts: list[str] = []
    _gather(node, parts)
    return " ".join("".join(parts).split())


def _only_text(node: LexborNode) -> str | None:
    """Return the text of an element that holds nothing else, as most do whose text is asked for; None for others."""
    only = node.first_child
    if only is None or only.next is not None or only.tag_id != TEXT:
        return None
    return " ".join((only.text_content or "").split())


def short_lines(node: LexborNode, limit: int) -> str | None:
    """Return an element's text as lines_of does, None for one of more than `limit` characters or 200 nodes."""
    text = _only_text(node)
    if text is None:
        parts: list[str] = []
        if not _gather(node, parts, BLOCKS, most=200):
            return None
        text = _joined(parts)
    return text if len(text) <= limit else None


def short_text(node: LexborNode, limit: int) -> str | None:
    """Return an element's text as text_of does, None for one of more than `limit` characters or 200 nodes.

    Stops at the limits: on 10^4 nested elements each of which is asked, reading all of each would take minutes.
    """
    text = _only_text(node)
    if text is None:
        parts: list[str] = []
        if not _gather(node, parts, most=200):
            return None
        text = " ".join("".join(parts).split())
    return text if len(text) <= limit else None


def lines_of(node: LexborNode) -> str:
    """Return an element's text as text_of does, with a line feed where blocks part it: name and job title stand so."""
    parts: list[str] = []
    _gather(node, parts, BLOCKS)
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\x00"))
    return "\n".join(line for line in lines if line)


def _gather(node: LexborNode, parts: list[str], blocks: frozenset[str] = frozenset(), most: int = 0) -> bool:
    """Append the shown text below a node in document order, without recursion: trees nest 10^4 deep.

    Elements of `blocks` are parted by NUL, which the parser lets into no text. Returns False where there are more than `most`
    nodes, 0 for any number, and then stops.
    """
    seen = 0
    stack: list[LexborNode | str | None] = [node.first_child]
    while stack:
        child = stack.pop()
        if child is None:
            continue
        if isinstance(child, str):
            parts.append(child)
            continue
        seen += 1
        if most and seen > most:
            return False
        stack.append(child.next)
        number = child.tag_id
        if number == TEXT:
            parts.append(child.text_content or "")
            continue
        tag = child.tag or "-"
        if number == BR:
            parts.append("\x00" if blocks else " ")
        elif tag not in NOT_SHOWN and tag[0] != "-":
            if tag in blocks:
                parts.append("\x00")
                stack.append("\x00")
            stack.append(child.first_child)
            before = child.prev
            if before is not None and before.tag_id != TEXT and (before.tag or "-")[0] != "-":
                parts.append(" ")
    return True


@lru_cache(maxsize=2000)
def fold(text: str) -> str:
    """Return letters and digits in one case, for comparing texts; remembered, for a page states its headline many times."""
    if text.isascii():
        return "".join(text.translate(_ASCII).split())
    return _NOT_ALNUM.sub("", text.casefold())
