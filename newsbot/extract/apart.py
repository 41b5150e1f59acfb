"""Takes out of what the model kept the parts that a page sets apart from its text: comments, captions, fact boxes, asides,
a second article, the whole text once more; called by body.py.

The model weighs places and may be outvoted: a page's comments are paragraphs of many alike. What a page names so plainly is not
weighed. Shares of the corpora's true text that each kind costs stand in docs/EXTRACTION.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from newsbot.extract.hinted import fold
from newsbot.extract.tree import Tree
from newsbot.items import Block

_KINDS = {
    kind: frozenset(words.split())
    for kind, words in tomllib.loads(
        files(__package__).joinpath("apart.toml").read_text(encoding="utf-8")
    ).items()
}
# Elements that HTML defines as something beside the text they stand in.
_ELEMENTS = frozenset(("aside", "footer", "button", "figcaption", "form"))
_WHOLE_PAGE = frozenset(("html", "body"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Characters of text that must be left: where fewer are, the part named so is the article, whatever its name says.
_LEAST_LEFT = 200
# A block of at least so many letters is the text once more if so large a share of its sentences was said before.
_REPEATED, _SAID = 1000, 0.6
# Sentences shorter than this many letters recur by chance.
_SENTENCE = 25
_STOP = re.compile(r"[.!?。！？\n]+")


def drop_apart(tree: Tree, blocks: list[Block]) -> None:
    """Mark kept blocks of parts that begin behind the text's first block as dropped, with the kind of part as reason."""
    for kind, parts in _parts(tree).items():
        _drop(tree, blocks, parts, f"extract/{kind}")
    _drop(tree, blocks, _articles(tree, blocks), "extract/second_article")
    _drop_repeated(blocks)


def _parts(tree: Tree) -> dict[str, list[int]]:
    """Return the elements that set something apart, by kind."""
    signs, codes = tree.signs
    parts: dict[str, list[int]] = {}
    kinds = [_kinds(tag, name) for tag, name in signs]
    for element, (code, attributes) in enumerate(zip(codes, tree.attributes, strict=True)):
        found = kinds[code]
        if "id" in attributes and tree.tags[element] not in _WHOLE_PAGE:
            found |= _named(attributes["id"])
        for kind in found:
            parts.setdefault(kind, []).append(element)
    return dict(sorted(parts.items()))


def _kinds(tag: str, name: str | None) -> frozenset[str]:
    if tag in _WHOLE_PAGE:
        return frozenset()
    return _named(name) | {"aside"} if tag in _ELEMENTS else _named(name)


@lru_cache(maxsize=20_000)
def _named(name: str | None) -> frozenset[str]:
    """Return the kinds of part that a class or id names."""
    words = {word.lower() for word in _WORD.findall((name or "")[:300])}
    return frozenset(kind for kind, known in _KINDS.items() if not words.isdisjoint(known))


def _articles(tree: Tree, blocks: list[Block]) -> list[int]:
    """Return the `article` elements with a main heading of their own, on a page whose text has one before it."""
    headings = [element for element, tag in enumerate(tree.tags) if tag == "h1"]
    if len(headings) < 2:
        return []
    first = next((index for index, block in enumerate(blocks) if block.kept), 0)
    if tree.starts[headings[0]] > first:
        return []
    return [element for heading in headings[1:] if (element := _article_around(tree, heading)) > 0]


def _article_around(tree: Tree, element: int) -> int:
    while element > 0 and tree.tags[element] != "article":
        element = tree.parents[element]
    return element


def _drop(tree: Tree, blocks: list[Block], parts: Iterable[int], reason: str) -> None:
    """Drop the kept blocks in those of the parts that begin behind the first kept block, if enough text is left."""
    first = next((index for index, block in enumerate(blocks) if block.kept), len(blocks))
    apart = {
        index
        for part in parts
        if tree.starts[part] > first
        for index in range(tree.starts[part], tree.ends[part])
        if blocks[index].kept
    }
    if not apart:
        return
    left = sum(len(block.text) for index, block in enumerate(blocks) if block.kept and index not in apart)
    if left >= _LEAST_LEFT:
        for index in apart:
            blocks[index].kept, blocks[index].reason = False, reason


def _drop_repeated(blocks: list[Block]) -> None:
    """Drop long blocks whose sentences nearly all stood in kept blocks before."""
    kept = [block for block in blocks if block.kept]
    if not any(len(block.text) >= _REPEATED for block in kept[1:]):
        return
    said: set[str] = set()
    for block in kept:
        sentences = [told for sentence in _STOP.split(block.text) if len(told := fold(sentence)) >= _SENTENCE]
        letters = sum(map(len, sentences))
        if letters >= _REPEATED and sum(len(one) for one in sentences if one in said) > _SAID * letters:
            block.kept, block.reason = False, "extract/repeated"
        else:
            said.update(sentences)
