"""What elements say of the text in them: by their names, and by the words of their classes and ids; read by features.py."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from newsbot.extract.compiled import features_in_c
from newsbot.extract.tree import Tree

_WORDS = tomllib.loads(files(__package__).joinpath("places.toml").read_text(encoding="utf-8"))
CONCEPTS = tuple(_WORDS)
ELEMENTS = (
    "article",
    "main",
    "section",
    "aside",
    "header",
    "footer",
    "nav",
    "figure",
    "form",
    "li",
    "table",
    "blockquote",
    "a",
    "button",
    "dl",
)
MARKS = (*CONCEPTS, *(f"in_{tag}" for tag in ELEMENTS), "in_heading", "is_hidden", "is_article_body")
"""Names of the bits of a mark, lowest first."""
_BITS = {
    word: sum(1 << place for place, name in enumerate(CONCEPTS) if word in _WORDS[name].split())
    for word in {word for words in _WORDS.values() for word in words.split()}
}
_TAG_BITS = {tag: 1 << (len(CONCEPTS) + place) for place, tag in enumerate(ELEMENTS)}
_TAG_BITS |= dict.fromkeys(("ul", "ol"), _TAG_BITS["li"])
_TAG_BITS |= dict.fromkeys((f"h{level}" for level in range(1, 7)), 1 << MARKS.index("in_heading"))
_HIDDEN, _ARTICLE_BODY = 1 << MARKS.index("is_hidden"), 1 << MARKS.index("is_article_body")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
# Beside class and id: where single-page frameworks name their parts.
_NAMING = frozenset(("id", "role", "itemprop", "data-testid", "data-component", "data-type"))
_LOOKED_AT = _NAMING | {"hidden", "aria-hidden", "style"}
# Characters of such an attribute's value that are looked at.
_LONGEST = 500


@lru_cache(maxsize=20_000)
def _named(name: str) -> int:
    """Return the mark of a class, id or role."""
    mark = 0
    for word in _WORD.findall(name[:300]):
        mark |= _BITS.get(word.lower(), 0)
    if "articlebody" in name.lower().replace("-", "").replace("_", ""):
        mark |= _ARTICLE_BODY
    return mark


def mark_elements(tree: Tree) -> list[int]:
    """Return each element's own mark: one bit for each of MARKS that its name and attributes say."""
    signs, codes = tree.signs
    own = [_TAG_BITS.get(tag, 0) | (_named(name) if name else 0) for tag, name in signs]
    if features_in_c is not None:
        marks: list[int] = features_in_c.marks(tree.attributes, codes, own, _LOOKED_AT, _said, _LONGEST)
        return marks
    marks = [own[code] for code in codes]
    for index, attributes in enumerate(tree.attributes):
        if attributes and not _LOOKED_AT.isdisjoint(attributes):
            for name in _LOOKED_AT.intersection(attributes):
                value = attributes[name]
                marks[index] |= _said(name, value[:_LONGEST] if value else value)
    return marks


@lru_cache(maxsize=20_000)
def _said(name: str, value: str | None) -> int:
    """Return the mark of an attribute, its name being one that is looked at."""
    if name in _NAMING:
        return _named(value) if value else 0
    is_hidden = (
        name == "hidden"
        or (name == "aria-hidden" and value == "true")
        or (name == "style" and value is not None and _HIDING.search(value) is not None)
    )
    return _HIDDEN if is_hidden else 0
