"""Describes each block of a page by numbers: its text, its place, and the blocks around it; what the first model reads.

`docs/EXTRACTION.md` explains the features. All are computed for all blocks of a page at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from newsbot.extract.letters import (
    COMMA, DASH, DIGIT, LETTER, LOWER, MARK, OTHER, QUOTE, SPACE, STOP, UPPER, WIDE, Floats, Ints, count_kinds,
)  # fmt: skip
from newsbot.extract.places import MARKS, mark_elements
from newsbot.extract.tree import Tree
from newsbot.extract.wordings import WORDINGS, wording_bits

TAGS = ("p", "div", "li", "td", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "span", "a", "blockquote", "section", "dd", "dt",
        "button", "th", "article", "body", "aside", "header", "footer", "nav", "form", "label", "center", "address", "pre", "summary")  # fmt: skip
_TAG_CODES = {tag: code for code, tag in enumerate(TAGS, 1)}


@dataclass(slots=True)
class Hints:
    """What the metadata says that helps to place a block."""

    headline: str = ""
    description: str = ""
    article_body: str = ""
    """JSON-LD's `articleBody`."""
    is_live: bool = False


@dataclass(slots=True)
class Sheet:
    """A page as arrays; n blocks, m elements."""

    tree: Tree
    owner: Ints
    """(n) Index of the element that lays the block out."""
    parent: Ints
    """(m) Index of each element's parent, the root's own."""
    starts: Ints
    """(m) First block in each element."""
    ends: Ints
    """(m) Block behind the last in each element."""
    chars: Floats
    words: Floats
    linked: Floats
    """(n) Share of the characters that are in links."""
    good: Floats
    """(n) Characters of the block if it reads like running text, else 0."""
    names: list[str] = field(default_factory=list)
    columns: list[Floats] = field(default_factory=list)

    def add(self, name: str, column: Floats | Ints | np.ndarray) -> None:
        """Add a feature."""
        self.names.append(name)
        self.columns.append(np.asarray(column, np.float64))

    def within(self, values: Floats, elements: Ints) -> Floats:
        """Return the sum of a block value over all blocks in each of some elements."""
        sums = np.concatenate(([0.0], np.cumsum(values)))
        return sums[self.ends[elements]] - sums[self.starts[elements]]


def describe(tree: Tree, hints: Hints) -> tuple[Sheet, Groups]:
    """Return a page's blocks as a sheet whose columns are the features of the first model, and their groups."""
    sheet = _add_text(tree)
    _add_tags(sheet)
    _add_marks(sheet)
    groups = Groups.of(sheet)
    _add_surroundings(sheet)
    _add_containers(sheet, groups)
    add_best_container(sheet, sheet.good, "good")
    _add_wordings(sheet)
    _add_items(sheet)
    _add_hints(sheet, hints)
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
    codes = np.array([_TAG_CODES.get(tag, 0) for tag in tree.tags])
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
    bits = np.arange(len(MARKS))
    near_bits = (np.array(near)[:, None] >> bits) & 1
    all_bits = (np.array([inherited[run.place] for run in tree.runs])[:, None] >> bits) & 1
    for place, name in enumerate(MARKS):
        sheet.add(f"near_{name}", near_bits[:, place])
        sheet.add(f"all_{name}", all_bits[:, place])


@dataclass(slots=True)
class Groups:
    """Blocks that a page's maker treats alike, as a code a block for each way of grouping."""

    own: Ints
    """Same element name and class."""
    parent: Ints
    """Same parents' name and class."""
    both: Ints
    """Both."""
    family: Ints
    """Both, and the grandparents' name and class."""

    @classmethod
    def of(cls, sheet: Sheet) -> Groups:
        """Group a page's blocks."""
        codes: dict[tuple[str, str | None], int] = {}
        tree = sheet.tree
        signs = np.array(
            [
                codes.setdefault((tag, attributes.get("class")), len(codes))
                for tag, attributes in zip(tree.tags, tree.attributes, strict=True)
            ]
        )
        parent = sheet.parent[sheet.owner]
        own, above = signs[sheet.owner], signs[parent]
        highest = signs[sheet.parent[parent]]
        size = len(codes)
        both = np.unique(own * size + above, return_inverse=True)[1]
        family = np.unique(both * size + highest, return_inverse=True)[1]
        return cls(own, above, both, family)

    def items(self) -> tuple[tuple[str, Ints], ...]:
        """Return the groupings with their names."""
        return ("own", self.own), ("parent", self.parent), ("both", self.both), ("family", self.family)


def _add_surroundings(sheet: Sheet) -> None:
    """Add where in the page's text the block stands, and what its neighbours are like."""
    n = len(sheet.chars)
    total = max(sheet.chars.sum(), 1.0)
    good_total = max(sheet.good.sum(), 1.0)
    before, good_before = np.cumsum(sheet.chars) - sheet.chars, np.cumsum(sheet.good) - sheet.good
    sheet.add("index", np.arange(n))
    sheet.add("index_share", np.arange(n) / n)
    sheet.add("blocks", np.full(n, n))
    sheet.add("text_before", before / total)
    sheet.add("good_before", good_before / good_total)
    sheet.add("good_page", np.full(n, good_total))
    sheet.add("good_share_page", np.full(n, good_total / total))
    for name, values in (("chars", sheet.chars), ("linked", sheet.linked), ("good", sheet.good)):
        for step in (-3, -2, -1, 1, 2, 3):
            sheet.add(f"{name}_at{step:+}", shifted(values, step))
    for name, values in (
        ("tag", sheet.columns[sheet.names.index("tag")]),
        ("owner_parent", sheet.parent[sheet.owner].astype(float)),
    ):
        for step in (-1, 1):
            sheet.add(f"same_{name}{step:+}", shifted(values, step) == values)
    for width in (3, 8):
        sheet.add(
            f"good_window{width}", windowed(sheet.good, width) / np.maximum(windowed(sheet.chars, width), 1)
        )


def shifted(values: Floats, step: int, beyond: float = -1.0) -> Floats:
    """Return the value of the block `step` places on, `beyond` behind the ends."""
    moved = np.full(len(values), beyond)
    if abs(step) < len(values):
        if step > 0:
            moved[:-step] = values[step:]
        else:
            moved[-step:] = values[:step]
    return moved


def windowed(values: Floats, width: int) -> Floats:
    """Return the sum over the blocks up to `width` places away."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    index = np.arange(len(values))
    high: Floats = sums[np.minimum(index + width + 1, len(values))] - sums[np.maximum(index - width, 0)]
    return high


def _add_containers(sheet: Sheet, groups: Groups) -> None:
    """Add what the elements around hold, and what blocks of the same kind hold."""
    n = len(sheet.chars)
    ones = np.ones(n)
    linked_chars = sheet.chars * sheet.linked
    total, good_total = max(sheet.chars.sum(), 1.0), max(sheet.good.sum(), 1.0)
    element = sheet.owner
    for level in ("owner", "parent", "grand", "great"):
        if level != "owner":
            element = sheet.parent[element]
        chars, count = sheet.within(sheet.chars, element), sheet.within(ones, element)
        sheet.add(f"{level}_blocks", count)
        sheet.add(f"{level}_linked", sheet.within(linked_chars, element) / np.maximum(chars, 1))
        sheet.add(f"{level}_share", chars / total)
        sheet.add(f"{level}_good", sheet.within(sheet.good, element) / good_total)
        sheet.add(f"{level}_mean", chars / np.maximum(count, 1))
        if level in {"parent", "grand"}:
            place = np.arange(n) - sheet.starts[element]
            sheet.add(f"{level}_place", place)
            sheet.add(f"{level}_rest", sheet.ends[element] - sheet.starts[element] - place)
    for name, codes in groups.items():
        chars, count = summed(codes, sheet.chars), summed(codes, ones)
        sheet.add(f"like_{name}_blocks", count)
        sheet.add(f"like_{name}_share", chars / total)
        sheet.add(f"like_{name}_good", summed(codes, sheet.good) / good_total)
        sheet.add(f"like_{name}_linked", summed(codes, linked_chars) / np.maximum(chars, 1))
        sheet.add(f"like_{name}_mean", chars / count)


def summed(codes: Ints, values: Floats) -> Floats:
    """Return for each block the sum of a value over its group."""
    sums: Floats = np.bincount(codes, values)[codes]
    return sums


def add_best_container(sheet: Sheet, mass: Floats, name: str) -> None:
    """Add where the block stands to the element whose children and grandchildren hold most of some mass of text."""
    parent = sheet.parent[sheet.owner]
    grand = sheet.parent[parent]
    weights = np.bincount(parent, mass, len(sheet.parent)) + 0.5 * np.bincount(grand, mass, len(sheet.parent))
    best = int(weights.argmax())
    n = len(sheet.chars)
    steps = climbs(sheet, best)
    index = np.arange(n)
    start, end = sheet.starts[best], sheet.ends[best]
    inside = mass[start:end].sum()
    heavy = np.flatnonzero(mass[start:end] > 0)
    first, last = (start + heavy[0], start + heavy[-1]) if len(heavy) else (start, end)
    sheet.add(f"{name}_best_steps", steps)
    sheet.add(f"{name}_best_share", np.full(n, inside / max(mass.sum(), 1e-9)))
    sheet.add(f"{name}_best_from_first", index - first)
    sheet.add(f"{name}_best_from_last", index - last)
    sheet.add(f"{name}_best_is_parent", parent == best)
    sheet.add(f"{name}_best_is_grand", grand == best)


def _add_wordings(sheet: Sheet) -> None:
    """Add what the words of short blocks tell, and those of the heading above."""
    told = np.array([wording_bits(run.text) for run in sheet.tree.runs])
    bits = np.arange(len(WORDINGS))
    start, every = (told[:, 0, None] >> bits) & 1, (told[:, 1, None] >> bits) & 1
    tag = sheet.columns[sheet.names.index("tag")]
    strong = sheet.columns[sheet.names.index("strong")]
    is_heading = ((tag >= _TAG_CODES["h1"]) & (tag <= _TAG_CODES["h6"])) | (
        (strong > 0.9) & (sheet.words < 10)
    )
    n = len(tag)
    index = np.arange(n)
    heading = np.maximum.accumulate(np.where(is_heading, index, -1))
    above = np.concatenate(([-1], heading[:-1]))
    under = np.where(above[:, None] >= 0, every[above], 0)
    for place, name in enumerate(WORDINGS):
        sheet.add(f"starts_{name}", start[:, place])
        sheet.add(f"says_{name}", every[:, place])
        sheet.add(f"under_{name}", under[:, place])
    sheet.add("telling", told[:, 2] / np.maximum(sheet.words, 1))
    sheet.add("from_heading", np.where(above >= 0, index - above, 999))
    sheet.add("heading_words", np.where(above >= 0, sheet.words[above], -1))
    sheet.add("heading_tag", np.where(above >= 0, tag[above], -1))
    sheet.add(
        "telling_around", windowed(told[:, 2].astype(float), 3) / np.maximum(windowed(sheet.words, 3), 1)
    )


def _add_items(sheet: Sheet) -> None:
    """Add whether the block lies in one of several elements alike that hold some blocks each: posts, comments, teasers."""
    tree, n = sheet.tree, len(sheet.chars)
    counts: dict[tuple[int, str, str | None], int] = {}
    sizes = sheet.ends - sheet.starts
    keys: list[tuple[int, str, str | None] | None] = []
    for index, size in enumerate(sizes.tolist()):
        key = None
        if size >= 2 and index:
            key = (tree.parents[index], tree.tags[index], tree.attributes[index].get("class"))
            counts[key] = counts.get(key, 0) + 1
        keys.append(key)
    alike = [counts[key] if key else 0 for key in keys]
    # Of each element: the most elements alike among it and its ancestors, and how many blocks such a one holds.
    most, held = alike[:], [0] * len(alike)
    parents = tree.parents
    size_list = sizes.tolist()
    for index in range(1, len(alike)):
        above = parents[index]
        if most[above] >= most[index]:
            most[index], held[index] = most[above], held[above]
        else:
            held[index] = size_list[index]
    owner = sheet.owner
    sheet.add("alike", np.array(most)[owner])
    sheet.add("alike_blocks", np.array(held)[owner])
    near = np.array(alike)
    parent = sheet.parent[owner]
    sheet.add("alike_near", np.maximum(np.maximum(near[owner], near[parent]), near[sheet.parent[parent]]))
    del n


def _add_hints(sheet: Sheet, hints: Hints) -> None:
    """Add how the block stands to headline, description and text as the metadata has them."""
    headline, description = fold(hints.headline), fold(hints.description)
    n = len(sheet.chars)
    index = np.arange(n)
    texts = [fold(run.text[:400]) for run in sheet.tree.runs]
    is_headline = np.array([bool(headline) and text == headline for text in texts])
    is_h1 = sheet.columns[sheet.names.index("tag")] == _TAG_CODES["h1"]
    at = np.flatnonzero(is_headline & is_h1)
    at = at if len(at) else np.flatnonzero(is_headline)
    at = at if len(at) else np.flatnonzero(is_h1)
    sheet.add("is_headline", is_headline)
    sheet.add("from_headline", index - at[0] if len(at) else np.full(n, 9999))
    steps = np.full(n, -1.0)
    if len(at):
        steps = climbs(sheet, int(sheet.owner[at[0]]))
    sheet.add("headline_steps", steps)
    stem = description[:60]
    sheet.add(
        "is_description",
        [
            bool(stem) and (text.startswith(stem) or (len(text) > 30 and text in description))
            for text in texts
        ],
    )
    copies: dict[str, int] = {}
    for text in texts:
        copies[text] = copies.get(text, 0) + 1
    seen: set[str] = set()
    first = []
    for text in texts:
        first.append(text not in seen)
        seen.add(text)
    sheet.add("copies", [copies[text] for text in texts])
    sheet.add("is_first", first)
    stems: dict[str, int] = {}
    for text in texts:
        if len(text) >= 40:
            stems[text[:40]] = stems.get(text[:40], 0) + 1
    sheet.add("stem_copies", [stems.get(text[:40], 0) for text in texts])
    body = fold(hints.article_body)
    if len(body) > 200:
        inside = np.array([len(text) >= 12 and text[:60] in body for text in texts])
        share = (inside * sheet.chars).sum() / max(len(body), 1)
        sheet.add("in_body", np.where(inside, 1, 0))
        sheet.add("body_share", np.full(n, share))
        sheet.add("body_steps", np.full(n, 1.0))
    else:
        sheet.add("in_body", np.full(n, -1))
        sheet.add("body_share", np.full(n, -1))
        sheet.add("body_steps", np.full(n, 0.0))
    sheet.add("is_live", np.full(n, hints.is_live))


def climbs(sheet: Sheet, element: int) -> Floats:
    """Return for each block the steps up from an element to one that holds the block."""
    steps = np.zeros(len(sheet.chars))
    for _ in range(20):
        steps[: sheet.starts[element]] += 1
        steps[sheet.ends[element] :] += 1
        if element == 0:
            break
        element = int(sheet.parent[element])
    return steps


def fold(text: str) -> str:
    """Return text in lower case without anything but letters and digits, for comparing."""
    return "".join(filter(str.isalnum, text.casefold()))
