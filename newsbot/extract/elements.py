"""What the walk over a page does with an element, by its name; read by tree.py."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

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
# Further elements that pages have many of; they are looked up by the parser's number instead of their name.
_COMMON = (
    "a abbr b big cite code del em font i img ins label mark picture q s small span strong sub sup time u wbr"
)
BLOCK_TAGS = frozenset(_BLOCKS.split())
SKIPPED_TAGS = frozenset(_SKIPPED.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LINK, STRONG, EMPHASIS, PRE = 1, 2, 4, 8
_STYLES = {
    "a": LINK,
    "b": STRONG,
    "strong": STRONG,
    "i": EMPHASIS,
    "em": EMPHASIS,
    "pre": PRE,
}
_ROLES = {
    "figcaption": "caption",
    "blockquote": "quote",
    "li": "list",
    "dd": "list",
    "dt": "list",
    **dict.fromkeys(HEADINGS, "heading"),
}


class Kind(NamedTuple):
    """What the walk does with elements of one name."""

    tag: str
    is_skipped: bool
    """Neither it nor what is in it is read."""
    is_block: bool
    """It begins and ends a block."""
    style: int
    """Bits: LINK, STRONG, EMPHASIS, PRE."""
    role: str | None
    """Role it gives to the blocks in it, if any; see items.Block."""


@lru_cache(maxsize=1000)
def kind_of(tag: str) -> Kind:
    """Return what the walk does with elements of a name; an unknown one is part of a line, a custom one a block."""
    # The names of comments and the like begin with a dash, those of custom elements have one inside.
    is_skipped = tag in SKIPPED_TAGS or tag[:1] == "-"
    return Kind(tag, is_skipped, tag in BLOCK_TAGS or "-" in tag, _STYLES.get(tag, 0), _ROLES.get(tag))


def _known_kinds() -> dict[int, Kind]:
    """Return kinds by the parser's number of the name; names it does not know have a number of their own on each page."""
    parser = LexborHTMLParser("")
    tags = (*BLOCK_TAGS, *SKIPPED_TAGS, *_COMMON.split())
    kinds = {parser.create_node(tag).tag_id: kind_of(tag) for tag in tags}
    return {number: kind for number, kind in kinds.items() if number < 1000}


KINDS = _known_kinds()
"""What is done with elements, by the parser's number of their name; kind_of tells it of those that are not in it."""
TEXT = LexborHTMLParser("x").body.first_child.tag_id  # type: ignore[union-attr]
BR = LexborHTMLParser("").create_node("br").tag_id
"""The parser's numbers of pieces of text and of line breaks."""
