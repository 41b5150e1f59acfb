"""What elements say of the text in them: by their names, and by the words of their classes and ids; read by features.py."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from types import ModuleType

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
    if features_in_c is not None:
        bits = _TAG_BITS, _NAMING, _HIDDEN, _ARTICLE_BODY
        found: list[int] = features_in_c.marks(_lexicon(features_in_c), tree.attributes, tree.signs, bits)
        return found
    signs, codes = tree.signs
    own = [_TAG_BITS.get(tag, 0) | (_named(name) if name else 0) for tag, name in signs]
    marks = [own[code] for code in codes]
    for index, attributes in enumerate(tree.attributes):
        if attributes and not _LOOKED_AT.isdisjoint(attributes):
            marks[index] |= _attribute_mark(attributes)
    return marks


@cache
def _lexicon(in_c: ModuleType) -> object:
    """Return the words of names as _features.c looks them up."""
    return in_c.lexicon(_BITS)


def _attribute_mark(attributes: dict[str, str | None]) -> int:
    """Return the mark of an element's attributes, its class aside."""
    mark = 0
    for name in _LOOKED_AT.intersection(attributes):
        value = attributes[name]
        if name in _NAMING:
            if value:
                mark |= _named(value)
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and _hides(value))
        ):
            mark |= _HIDDEN
    return mark


@lru_cache(maxsize=5_000)
def _hides(style: str | None) -> bool:
    return style is not None and _HIDING.search(style[:500]) is not None
