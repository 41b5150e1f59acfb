"""Describes each block of a page by numbers: its text, its place, and the blocks around it; what the first model reads.

`docs/EXTRACTION.md` explains the features. All are computed for all blocks of a page at once.
"""

from __future__ import annotations

import numpy as np

from newsbot.extract.around import add_best_container, add_containers, add_items, add_surroundings
from newsbot.extract.hinted import Hints, add_hints
from newsbot.extract.letters import (
    COMMA,
    DASH,
    DIGIT,
    LETTER,
    LOWER,
    MARK,
    OTHER,
    QUOTE,
    SPACE,
    STOP,
    UPPER,
    WIDE,
    Ints,
    count_kinds,
)  # fmt: skip
from newsbot.extract.places import MARKS, mark_elements
from newsbot.extract.sheet import TAG_CODES, Groups, Sheet, windowed
from newsbot.extract.tree import Tree
from newsbot.extract.wordings import WORDINGS, wording_bits


def describe(tree: Tree, hints: Hints) -> tuple[Sheet, Groups]:
    """Return a page's blocks as a sheet whose columns are the features of the first model, and their groups."""
    sheet = _add_text(tree)
    _add_tags(sheet)
    _add_marks(sheet)
    groups = Groups.of(sheet)
    add_surroundings(sheet)
    add_containers(sheet, groups)
    add_best_container(sheet, sheet.good, "good")
    _add_wordings(sheet)
    add_items(sheet)
    add_hints(sheet, hints)
    return sheet, groups


def _add_text(tree: Tree) -> Sheet:
    runs = tree.runs
    texts = [run.text for run in runs]
    counts, words, capitals, kinds, starts = count_kinds(texts)
    chars = counts.sum(axis=1)
    some = np.maximum(chars, 1)
    linked = np.minimum(np.array([run.linked for run in runs]) / some, 1)
    first, last = kinds[starts], kinds[np.append(starts[1:], len(kinds)) - 2]
    stops = counts[:, STOP]
    reads = (words >= 8) & (linked < 0.5) & ((stops > 0) | (words >= 25))
    sheet = Sheet(
        tree,
        np.array([run.owner for run in runs]),
        np.maximum(np.array(tree.parents), 0),
        np.array(tree.starts),
        np.array(tree.ends),
        chars,
        words,
        linked,
        np.where(reads, chars * (1 - linked), 0.0),
    )
    ends_sentence = (last == STOP) | ((last == QUOTE) & (stops > 0))
    letters = np.maximum(counts[:, LOWER] + counts[:, UPPER] + counts[:, LETTER] + counts[:, WIDE], 1)
    for name, column in (
        ("chars", chars),
        ("words", words),
        ("linked", linked),
        ("links", [run.links for run in runs]),
        ("strong", np.array([run.strong for run in runs]) / some),
        ("emphasis", np.array([run.emphasis for run in runs]) / some),
        ("breaks", [run.breaks for run in runs]),
        ("word_length", letters / np.maximum(words, 1)),
        ("stops", stops),
        ("words_a_stop", words / (stops + 1)),
        ("commas", counts[:, COMMA] / np.maximum(words, 1)),
        ("digits", counts[:, DIGIT] / some),
        ("upper", counts[:, UPPER] / letters),
        ("capitals", capitals / np.maximum(words, 1)),
        ("quotes", counts[:, QUOTE] / np.maximum(words, 1)),
        ("dashes", counts[:, DASH] / np.maximum(words, 1)),
        ("marks", counts[:, MARK] / np.maximum(words, 1)),
        ("others", counts[:, OTHER] / some),
        ("spaces", counts[:, SPACE] / some),
        ("wide", counts[:, WIDE] / letters),
        ("ends_sentence", ends_sentence),
        ("ends_comma", last == COMMA),
        ("first_kind", first),
    ):
        sheet.add(name, np.asarray(column))
    return sheet


def _add_tags(sheet: Sheet) -> None:
    tree = sheet.tree
    codes = np.array([TAG_CODES.get(tag, 0) for tag in tree.tags])
    depths = _depths(tree.parents)
    places = np.array([run.place for run in tree.runs])
    parent = sheet.parent[sheet.owner]
    sheet.add("tag", codes[sheet.owner])
    sheet.add("parent_tag", codes[parent])
    sheet.add("place_tag", np.where(places == sheet.owner, -1, codes[places]))
    sheet.add("depth", depths[sheet.owner])
    sheet.add("place_depth", depths[places] - depths[sheet.owner])


def _depths(parents: list[int]) -> Ints:
    depths = [0] * len(parents)
    for index in range(1, len(parents)):
        depths[index] = depths[parents[index]] + 1
    return np.array(depths)


def _add_marks(sheet: Sheet) -> None:
    """Add what the elements around say: near ones (block to grandparent) and all of them."""
    tree = sheet.tree
    own = mark_elements(tree)
    parents = tree.parents
    inherited = own[:]
    for index in range(1, len(own)):
        inherited[index] |= inherited[parents[index]]
    near: list[int] = []
    for run in tree.runs:
        mark, index = 0, run.place
        while index > run.owner:
            mark |= own[index]
            index = parents[index]
        parent = max(parents[run.owner], 0)
        near.append(mark | own[run.owner] | own[parent])
    sheet.add_bits("near", MARKS, np.array(near))
    sheet.add_bits("all", MARKS, np.array([inherited[run.place] for run in tree.runs]))


def _add_wordings(sheet: Sheet) -> None:
    """Add what the words of short blocks tell, and those of the heading above."""
    told = np.array([wording_bits(run.text) for run in sheet.tree.runs])
    tag = sheet.column("tag")
    strong = sheet.column("strong")
    is_heading = ((tag >= TAG_CODES["h1"]) & (tag <= TAG_CODES["h6"])) | ((strong > 0.9) & (sheet.words < 10))
    n = len(tag)
    index = np.arange(n)
    heading = np.maximum.accumulate(np.where(is_heading, index, -1))
    above = np.concatenate(([-1], heading[:-1]))
    sheet.add_bits("starts", WORDINGS, told[:, 0])
    sheet.add_bits("says", WORDINGS, told[:, 1])
    sheet.add_bits("under", WORDINGS, np.where(above >= 0, told[above, 1], 0))
    sheet.add("telling", told[:, 2] / np.maximum(sheet.words, 1))
    sheet.add("from_heading", np.where(above >= 0, index - above, 999))
    sheet.add("heading_words", np.where(above >= 0, sheet.words[above], -1))
    sheet.add("heading_tag", np.where(above >= 0, tag[above], -1))
    sheet.add(
        "telling_around", windowed(told[:, 2].astype(float), 3) / np.maximum(windowed(sheet.words, 3), 1)
    )
