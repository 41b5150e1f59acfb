"""Labels a page's blocks by its truth: the share of a block's words that stand in the truth, in order; used by train.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

# Words; a character each of the scripts that part none.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f]+"
)
# Words that must agree in a row: single words agree by chance.
_RUN = 3
# Gaps larger than this (words on the page times words of the truth) are left unaligned.
_GAP = 40_000


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return _WORD.findall(text.lower())


def label_blocks(texts: Sequence[str], truths: Sequence[str]) -> list[float]:
    """Return for each block the share of its words aligned with one of the truths, the best one's."""
    blocks = [words_of(text) for text in texts]
    page = [word for block in blocks for word in block]
    labels = [0.0] * len(blocks)
    for truth in truths:
        hits, start = _align(page, words_of(truth)), 0
        for index, block in enumerate(blocks):
            if block:
                labels[index] = max(labels[index], sum(hits[start : start + len(block)]) / len(block))
            start += len(block)
    return labels


def _align(page: list[str], truth: list[str]) -> list[bool]:
    """Return for each word of the page whether it is aligned: by runs of three words first, then word by word in small gaps."""
    hits = [False] * len(page)
    size = _RUN if len(page) > _RUN and len(truth) > _RUN else 1
    at = there = 0
    for start, other, count in SequenceMatcher(
        None, _runs(page, size), _runs(truth, size), autojunk=False
    ).get_matching_blocks():
        if at < start and there < other and (start - at) * (other - there) < _GAP:
            _align_gap(hits, page, truth, (at, start, there, other))
        if count:
            end = min(start + count + size - 1, len(page))
            hits[start:end] = [True] * (end - start)
            at, there = end, other + count + size - 1
    return hits


def _align_gap(hits: list[bool], page: list[str], truth: list[str], gap: tuple[int, int, int, int]) -> None:
    at, start, there, other = gap
    is_narrow = min(start - at, other - there) <= 4
    for first, _, count in SequenceMatcher(
        None, page[at:start], truth[there:other], autojunk=False
    ).get_matching_blocks():
        if count >= 2 or is_narrow:
            hits[at + first : at + first + count] = [True] * count


def _runs(words: list[str], size: int) -> list[int]:
    return [hash(tuple(words[index : index + size])) for index in range(max(0, len(words) - size + 1))]
