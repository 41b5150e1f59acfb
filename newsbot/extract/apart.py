"""Takes out of what the model kept the parts that a page sets apart from its text: comments, captions, fact boxes, asides,
a second article, the whole text once more; called by body.py.

The model weighs places and may be outvoted: a page's comments are paragraphs of many alike. What a page names so plainly is not
weighed. Shares of the corpora's true text that each kind costs stand in docs/EXTRACTION.md.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
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
_NOTHING = frozenset[str]()
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Characters of text that must be left: where fewer are, the part named so is the article, whatever its name says.
_LEAST_LEFT = 200
# A block of at least so many letters is the text once more if so large a share of its sentences was said before.
_REPEATED, _SAID = 1000, 0.6
# Copies of the whole are among so many of the longest blocks.
_LONGEST = 4
# Sentences shorter than this many letters recur by chance.
_SENTENCE = 25
# Places of a long text at which it is first looked whether the same letters stood before.
_SAMPLES = 8
_STOP = re.compile(r"[.!?。！？\n]+")


def drop_apart(tree: Tree, blocks: list[Block]) -> None:
    """Mark kept blocks of parts that begin behind the text's first block as dropped, with the kind of part as reason."""
    kept = [index for index, block in enumerate(blocks) if block.kept]
    if not kept:
        return
    # Elements come in the order of their first blocks: the others begin before the text or behind it.
    scope = range(bisect_right(tree.starts, kept[0]), bisect_right(tree.starts, kept[-1]))
    for kind, parts in _parts(tree, scope).items():
        _drop(tree, blocks, parts, f"extract/{kind}")
    _drop(tree, blocks, _articles(tree, scope), "extract/second_article")
    _drop_repeated(blocks)


def _parts(tree: Tree, scope: range) -> dict[str, list[int]]:
    """Return the elements that set something apart, by kind."""
    signs, codes = tree.signs
    of_sign: dict[int, frozenset[str]] = {}
    parts: dict[str, list[int]] = {}
    for element in scope:
        code = codes[element]
        found = of_sign.get(code)
        if found is None:
            found = of_sign[code] = _kinds(*signs[code])
        if name := tree.attributes[element].get("id"):
            found |= _named(name)
        for kind in found:
            parts.setdefault(kind, []).append(element)
    return dict(sorted(parts.items()))


def _kinds(tag: str, name: str | None) -> frozenset[str]:
    found = _named(name) if name else _NOTHING
    return found | {"aside"} if tag in _ELEMENTS else found


@lru_cache(maxsize=20_000)
def _named(name: str) -> frozenset[str]:
    """Return the kinds of part that a class or id names."""
    words = {word.lower() for word in _WORD.findall(name[:300])}
    return frozenset(kind for kind, known in _KINDS.items() if not words.isdisjoint(known))


def _articles(tree: Tree, scope: range) -> list[int]:
    """Return the `article` elements with a main heading of their own, on a page whose text has one before it."""
    if "h1" not in tree.tags[: scope.start]:
        return []
    around = [_article_around(tree, element) for element in scope if tree.tags[element] == "h1"]
    return [element for element in around if element in scope]


def _article_around(tree: Tree, element: int) -> int:
    while element > 0 and tree.tags[element] != "article":
        element = tree.parents[element]
    return element


def _drop(tree: Tree, blocks: list[Block], parts: Iterable[int], reason: str) -> None:
    """Drop the kept blocks in the parts, if enough text is left."""
    apart = {
        index for part in parts for index in range(tree.starts[part], tree.ends[part]) if blocks[index].kept
    }
    if not apart:
        return
    left = sum(len(block.text) for index, block in enumerate(blocks) if block.kept and index not in apart)
    if left >= _LEAST_LEFT:
        for index in apart:
            blocks[index].kept, blocks[index].reason = False, reason


def _drop_repeated(blocks: list[Block]) -> None:
    """Drop those of the longest blocks whose sentences nearly all stood in kept blocks before."""
    kept = [block for block in blocks if block.kept]
    long = [index for index, block in enumerate(kept) if index and len(block.text) >= _REPEATED]
    for index in sorted(sorted(long, key=lambda index: -len(kept[index].text))[:_LONGEST]):
        if _is_repeated(kept[index].text, kept[:index]):
            kept[index].kept, kept[index].reason = False, "extract/repeated"


def _is_repeated(text: str, before: list[Block]) -> bool:
    """Tell whether a text was said before; only if a few samples of it were are its sentences looked at one by one."""
    said = "\n".join(block.text for block in before)
    step = len(text) // (_SAMPLES + 1)
    if not any(text[at : at + _SENTENCE] in said for at in range(step, len(text) - step, step)):
        return False
    known = {fold(sentence) for sentence in _STOP.split(said)}
    sentences = [told for sentence in _STOP.split(text) if len(told := fold(sentence)) >= _SENTENCE]
    letters = sum(map(len, sentences))
    return letters >= _REPEATED and sum(len(one) for one in sentences if one in known) > _SAID * letters
