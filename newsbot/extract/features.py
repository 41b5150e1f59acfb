"""Describes each block of a page by numbers: its text, its place, and the blocks around it; what the first model reads.

`docs/EXTRACTION.md` explains the features. All are computed for all blocks of a page at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType

import numpy as np
import numpy.typing as npt

from newsbot.extract.around import add_best_container, add_containers, add_items, add_surroundings
from newsbot.extract.compiled import features_in_c
from newsbot.extract.hinted import Hints, add_hints, kept_table
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
    Floats,
    Ints,
    Kinds,
    count_kinds,
    kind_table,
)  # fmt: skip
from newsbot.extract.places import MARKS, mark_elements
from newsbot.extract.sheet import TAG_CODES, Elements, Sheet, Table, around, room_for, running
from newsbot.extract.tree import Tree, parse, walk
from newsbot.extract.wordings import BITS, WORDINGS, all_wording_bits, word_table

_TEXT = ("chars", "words", "linked", "links", "strong", "emphasis", "breaks", "word_length", "stops", "words_a_stop", "commas",
         "digits", "upper", "capitals", "quotes", "dashes", "marks", "others", "spaces", "wide", "ends_sentence", "ends_comma",
         "first_kind")  # fmt: skip
_TAGS = ("tag", "parent_tag", "place_tag", "depth", "place_depth")
_MARKED = tuple(f"{reach}_{name}" for reach in ("near", "all") for name in MARKS)
_WORDED = tuple(f"{where}_{name}" for where in ("starts", "says", "under") for name in WORDINGS)
_HEADED = ("telling", "from_heading", "heading_words", "heading_tag", "telling_around")


def describe(tree: Tree, hints: Hints) -> Table:
    """Return a page's blocks, of at least one, as a table of the features of the first model."""
    if features_in_c is None:
        return describe_with_numpy(tree, hints)
    table = Table.of(tree)
    lists = tree.parents, tree.depths, tree.starts, tree.ends, tree.signs, mark_elements(tree)
    said = hints.headline, hints.description, hints.article_body, hints.is_live
    table.page, count = features_in_c.first(_tables(features_in_c), lists, tree.runs, said, table.rows)
    table.names += _names()
    if count != len(table.names):
        raise ValueError("_features.c is of another version than features.py: build it anew")
    return table


@cache
def _tables(in_c: ModuleType) -> object:
    """Return what _features.c looks up: of characters the kind, and whether words have it and comparing keeps it; words."""
    signs = kind_table() | word_table() << 4 | kept_table() << 5
    characters = (signs.tobytes(), _letters_by(str.lower), _letters_by(str.casefold))
    return in_c.tables(characters, in_c.lexicon(BITS), TAG_CODES, len(MARKS), len(WORDINGS))


def _letters_by(change: Callable[[str], str]) -> bytes:
    """Return of each character of the Basic Multilingual Plane what a change makes of it, as uint16; 0 where that is none of it.

    It is 0 of the Greek capital sigma too, whose small letter depends on the letters around.
    """
    changed = (change(chr(code)) for code in range(0x10000))
    letters = np.array([ord(one) if len(one) == 1 else 0 for one in changed])
    letters[(letters > 0xFFFF) | (np.arange(0x10000) == ord("Σ"))] = 0
    return letters.astype(np.uint16).tobytes()


@cache
def _names() -> list[str]:
    """Return the names of the features, as they come with numpy."""
    return smallest_sheet().names


def smallest_sheet() -> Sheet:
    """Return the sheet of a page of one block."""
    return describe_with_numpy(walk(parse("x")), Hints())


def describe_with_numpy(tree: Tree, hints: Hints) -> Sheet:
    """Do with numpy what _features.c does."""
    sheet = _add_text(tree)
    _add_tags(sheet)
    _add_marks(sheet)
    add_surroundings(sheet)
    add_containers(sheet)
    add_best_container(sheet, sheet.good, "good")
    _add_wordings(sheet)
    add_items(sheet)
    add_hints(sheet, hints)
    return sheet


def _numbers(tree: Tree) -> tuple[list[str], Ints]:
    """Return the blocks' texts, and their other numbers in shape (7, n)."""
    texts, *columns, _ = zip(*tree.runs, strict=True)
    return list(texts), np.array(columns, np.int64)


def _add_text(tree: Tree) -> Sheet:
    """Return a page's sheet with the features of the blocks' texts."""
    texts, (owner, place, linked_chars, strong_chars, emphasis, links, breaks) = _numbers(tree)
    counts, words, capitals, kinds, starts = count_kinds(texts)
    kind = counts.T
    chars = kind.sum(axis=0)
    some = np.maximum(chars, 1)
    linked, strong = np.minimum(linked_chars / some, 1), strong_chars / some
    reads = (words >= 8) & (linked < 0.5) & ((kind[STOP] > 0) | (words >= 25))
    elements = Elements.of(tree)
    sheet = Sheet(
        tree,
        room_for(tree),
        elements=elements,
        owner=owner,
        place=place,
        chars=chars,
        words=words,
        linked=linked,
        strong=strong,
        good=np.where(reads, chars * (1 - linked), 0.0),
        tags=np.array([TAG_CODES.get(tag, 0) for tag, _ in tree.signs[0]])[elements.sign],
    )
    ends = kinds[starts], kinds[np.append(starts[1:], len(kinds)) - 2]
    sheet.add(_TEXT, _text_columns(sheet, kind, capitals, (emphasis, links, breaks), ends))
    return sheet


def _text_columns(
    sheet: Sheet, kind: Floats, capitals: Floats, counted: tuple[Ints, Ints, Ints], ends: tuple[Kinds, Kinds]
) -> tuple[npt.ArrayLike, ...]:
    """Return the columns named _TEXT, given counts of kinds, emphasis, links and breaks, and kinds of first and last characters."""
    chars, words, stops = sheet.chars, sheet.words, kind[STOP]
    emphasis, links, breaks = counted
    first, last = ends
    some, any_words = np.maximum(chars, 1), np.maximum(words, 1)
    letters = np.maximum(kind[LOWER] + kind[UPPER] + kind[LETTER] + kind[WIDE], 1)
    share, a_word = kind / some, kind / any_words
    return (
        chars,
        words,
        sheet.linked,
        links,
        sheet.strong,
        emphasis / some,
        breaks,
        letters / any_words,
        stops,
        words / (stops + 1),
        a_word[COMMA],
        share[DIGIT],
        kind[UPPER] / letters,
        capitals / any_words,
        a_word[QUOTE],
        a_word[DASH],
        a_word[MARK],
        share[OTHER],
        share[SPACE],
        kind[WIDE] / letters,
        (last == STOP) | ((last == QUOTE) & (stops > 0)),
        last == COMMA,
        first,
    )


def _add_tags(sheet: Sheet) -> None:
    tags, depth = sheet.tags, sheet.elements.depth
    owner, place = sheet.owner, sheet.place
    own_depth = depth[owner]
    parent_tag = tags[sheet.elements.parent[owner]]
    place_tag = np.where(place == owner, -1, tags[place])
    sheet.add(_TAGS, (tags[owner], parent_tag, place_tag, own_depth, depth[place] - own_depth))


def _add_marks(sheet: Sheet) -> None:
    """Add what the elements around say: near ones (block to grandparent) and all of them."""
    elements, owner, place = sheet.elements, sheet.owner, sheet.place
    parent = elements.parent
    own = np.array(mark_elements(sheet.tree), np.int64)
    near = own[owner] | own[parent[owner]] | own[place]
    inner = place
    while (deeper := inner > owner).any():
        inner = np.where(deeper, parent[inner], owner)
        near |= own[inner]
    every = elements.inherited(own, np.bitwise_or)[place]
    sheet.add_bits(_MARKED, np.stack((near, every)))


def _add_wordings(sheet: Sheet) -> None:
    """Add what the words of short blocks tell, and those of the heading above."""
    starts, says, count = all_wording_bits([run.text for run in sheet.tree.runs])
    tag, words, index = sheet.tags[sheet.owner], sheet.words, sheet.index
    is_heading = ((tag >= TAG_CODES["h1"]) & (tag <= TAG_CODES["h6"])) | ((sheet.strong > 0.9) & (words < 10))
    heading = np.maximum.accumulate(np.where(is_heading, index, -1))
    above = np.concatenate(([-1], heading[:-1]))
    has_heading = above >= 0
    under = np.where(has_heading, says[above], 0)
    sheet.add_bits(_WORDED, np.stack((starts, says, under)))
    tells, said = around(running(np.stack((count.astype(np.float64), words))), (3,))[0]
    sheet.add(
        _HEADED,
        (
            count / np.maximum(words, 1),
            np.where(has_heading, index - above, 999),
            np.where(has_heading, words[above], -1),
            np.where(has_heading, tag[above], -1),
            tells / np.maximum(said, 1),
        ),
    )
