"""Finds the dates that a page shows for its article, those most likely its own first; serves dated.py.

A date that is shown stands in a short block near the headline, but teasers, comments and the text have dates too. Each candidate
is described by features (by name, below) and weighed with dates.json, trained by benchmarks/train_dates.py (`make train`); what
weighs less than the model's `none` is left out: the page may show no date of its own article at all.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from newsbot.extract.digits import with_dates
from newsbot.extract.nodes import class_of, fold, speaks
from newsbot.extract.shown import (
    ASIDE_CLASS,
    DATE_CLASS,
    FRAME,
    NOT_DATE_CLASS,
    Hint,
    Shown,
    hint_of,
    hinted_parts,
)
from newsbot.extract.tree import Tree

SHORT = 160
"""Characters of a block up to which it can be a date line."""
MOST = 300
"""Candidates described: no article's date stands behind that many others."""
OPENING = 40
"""Characters of a longer block that are looked at: datelines stand there."""
LONG = 200
"""Characters from which a block is a paragraph of the text."""
SURE = 2.5
"""Weight from which a date at the head corrects a declared one: below it, offers' ends and editions' years were taken."""
LABEL = 30
"""Characters up to which the block before a date can be its label (`Last updated:`)."""
NONE = "none"
"""The weight in the model that a date must pass."""
_GLUED = re.compile(
    r"(?<=[./-]\d\d)(?=\d\d:\d\d)|(?<=[a-z])(?=[A-Z])|(?<=\d{4})(?=[A-Za-z\u00c0-\u052f])|(?<=[^\W\d_])(?=\d{1,2}[./-]\d{1,2}[./-]\d\d)"
)
"""Where elements side by side are parted by style alone: `Jane Doe3/4/2025`, `Updated onMay 3, 2024`."""
_AT_HEAD = frozenset({"zone_head", "zone_before"})
_OTHERS = frozenset({"aside", "repeated_often"})
"""Features of what stands in lists of other articles."""
_BINS = ((2, "2"), (5, "5"), (12, "12"), (30, "30"))
_LENGTHS = ((25, "25"), (50, "50"), (90, "90"))


@dataclass(slots=True)
class ShownDate:
    """A text that may hold the article's date."""

    value: str
    """The text, or the attribute of a time element."""
    kind: str
    """datetime (attribute of a time element) or text."""
    run: int
    """Index of its block."""
    element: int
    """Index of the deepest element around it."""
    hint: Hint = ""
    features: dict[str, float] = field(default_factory=dict)


def shown_dates(tree: Tree, shown: Shown, headline: str | None) -> list[ShownDate]:
    """Return every date shown in a short block or time element, in the page's order, described; some may be no dates."""
    page = _Page(tree, headline)
    found = [*_in_times(tree, shown), *_in_runs(tree, page.headline)]
    found = sorted(found, key=lambda date: (date.run, date.kind))[:MOST]
    looks = [page.look(date) for date in found]
    # The same date twice is no list of others'.
    counts = Counter(
        look for look, _ in {(look, date.value) for look, date in zip(looks, found, strict=True)}
    )
    for date, look in zip(found, looks, strict=True):
        page.describe(date, counts[look])
    return found


def likely(dates: list[ShownDate]) -> list[str]:
    """Return what may be the date of publication, the likeliest first, without what is less likely than none."""
    least = load_weights().get(NONE, 0.0)
    return _ordered(date for date in dates if date.hint != "modified" and _weight(date) > least)


def beside_headline(dates: list[ShownDate]) -> list[str]:
    """Return the dates that stand at the article's head beyond doubt: what the page tells its readers of it."""
    return likely(
        [
            date
            for date in dates
            if not _AT_HEAD.isdisjoint(date.features)
            and "repeated_often" not in date.features
            and _weight(date) > SURE
        ]
    )


def changes(dates: list[ShownDate]) -> list[str]:
    """Return what is said to be the date of a change of the article, the likeliest first."""
    return _ordered(date for date in dates if date.hint == "modified" and _OTHERS.isdisjoint(date.features))


def _ordered(dates: Iterable[ShownDate]) -> list[str]:
    """Return the texts, the heaviest first; of equal ones the first on the page."""
    return list(dict.fromkeys(date.value for date in sorted(dates, key=_weight, reverse=True)))


def _weight(date: ShownDate) -> float:
    return weigh(date.features, load_weights())


def weigh(features: dict[str, float], weights: dict[str, float]) -> float:
    """Return the weight of a candidate."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


@cache
def load_weights() -> dict[str, float]:
    """Return the model: weight by feature."""
    model = json.loads((files("newsbot.extract") / "dates.json").read_text(encoding="utf-8"))
    return {str(name): float(weight) for name, weight in model["weights"].items()}


def _in_times(tree: Tree, shown: Shown) -> Iterator[ShownDate]:
    """Yield the attributes of time elements; where one is empty, it stands in its parent."""
    if not shown.times or not tree.runs:
        return
    places = {identity: index for index, identity in enumerate(tree.ids)}
    for time in shown.times:
        element = places.get(time.node, places.get(time.parent, -1))
        if element >= 0 and any(char.isdigit() for char in time.value):
            run = min(tree.starts[element], len(tree.runs) - 1)
            text = tree.runs[run].text
            parts = hinted_parts(text) if len(text) <= SHORT else []
            hint: Hint = next((hint for hint, part in parts if time.text in part), "")
            yield ShownDate(time.value, "datetime", run, element, hint)


def _in_runs(tree: Tree, headline: int) -> Iterator[ShownDate]:
    """Yield the short blocks that hold a date, parted where they hold both, and the starts of paragraphs that open with one.

    The headline may name a year and is none.
    """
    texts = [text if len(text) <= SHORT else text[:OPENING] for text in tree.texts]
    for index in with_dates(texts):
        if index != headline:
            for hint, part in hinted_parts(_GLUED.sub(" ", texts[index])):
                yield ShownDate(part, "text", index, tree.runs[index].place, hint)


class _Page:
    """Where on the page the headline and the text stand, and which elements frame other articles."""

    def __init__(self, tree: Tree, headline: str | None) -> None:
        self.tree = tree
        self.asides: dict[int, bool] = {0: False}
        self.headline = find_headline(tree, headline)
        long = [
            index
            for index, text in enumerate(tree.texts)
            if len(text) > LONG and 2 * tree.runs[index].linked < len(text)
        ]
        behind = [index for index in long if index > self.headline]
        self.first = behind[0] if behind else len(tree.runs)
        self.last = long[-1] if long else 0

    def look(self, date: ShownDate) -> tuple[str, str, str | None, str | None, bool]:
        """Return what a date shares with the others of its list: kind, element, classes, whether it is said to be of a change."""
        tree, element = self.tree, date.element
        parent = max(tree.parents[element], 0)
        return (
            date.kind,
            tree.tags[element],
            tree.attributes[element].get("class"),
            tree.attributes[parent].get("class"),
            date.hint == "modified",
        )

    def describe(self, date: ShownDate, alike: int) -> None:
        """Fill features and, where the block itself gives none, the hint of label and classes."""
        tree, run = self.tree, self.tree.runs[date.run]
        around = self._around(date.element, 6)
        names = " ".join(class_of(tree.attributes[element]) for element in around[:3])
        date.hint = date.hint or self._label(date.run) or hint_of_class(names)
        zone, distance = self._zone(date.run), abs(date.run - self.headline)
        length, hint, tags = len(run.text), date.hint or NONE, [tree.tags[element] for element in around]
        told = [
            date.kind,
            f"hint_{hint}",
            f"zone_{zone}",
            f"{zone}&{hint}",
            f"distance_{_bin(distance, _BINS, 'far')}",
            f"length_{_bin(length, _LENGTHS, 'more')}",
            "repeated" if 1 < alike <= 3 else "repeated_often" if alike > 3 else "alone",
        ]
        if tree.tags[date.element] == "time":
            told.append("time")
        if speaks(DATE_CLASS, names) and not speaks(NOT_DATE_CLASS, names):
            told.append("marked")
        if self._is_aside(date.element):
            told.append("aside")
        if "li" in tags:
            told.append("listed")
        if run.linked > 0.6 * length:
            told.append("linked")
        date.features = dict.fromkeys(told, 1.0)

    def _label(self, run: int) -> Hint:
        before = self.tree.runs[run - 1].text if run else ""
        return hint_of(before) if len(before) <= LABEL else ""

    def _zone(self, run: int) -> str:
        """Return where a block stands: at the article's head, before its headline, above, in the text or behind it."""
        if run >= self.headline:
            return "head" if run <= self.first else "tail" if run > self.last else "text"
        return "before" if run >= self.headline - 6 else "above"

    def _around(self, element: int, most: int) -> list[int]:
        """Return an element and its ancestors, nearest first."""
        around: list[int] = []
        while element > 0 and len(around) < most:
            around.append(element)
            element = self.tree.parents[element]
        return around

    def _is_aside(self, element: int) -> bool:
        """Tell whether an element stands in the site's frame or in a list of other articles; remembers."""
        chain: list[int] = []
        while element not in self.asides:
            chain.append(element)
            if self.tree.tags[element] in FRAME or speaks(
                ASIDE_CLASS, class_of(self.tree.attributes[element])
            ):
                self.asides[element] = True
                break
            element = self.tree.parents[element]
        self.asides.update(dict.fromkeys(chain, self.asides[element]))
        return self.asides[element]


def _bin(size: int, bins: tuple[tuple[int, str], ...], last: str) -> str:
    for most, name in bins:
        if size <= most:
            return name
    return last


@lru_cache(maxsize=5000)
def hint_of_class(names: str) -> Hint:
    """Return which date classes speak of; one that names both, as WordPress does, is of an article never changed."""
    hint = hint_of(names)
    return "published" if hint == "modified" and re.search(r"publish", names, re.IGNORECASE) else hint


def find_headline(tree: Tree, headline: str | None) -> int:
    """Return the index of the headline's block: in an h1, else anywhere, else the first h1's, else 0."""
    key, size = fold(headline or ""), len(headline or "")
    found: list[int] = []
    if key:
        near = [index for index, length in enumerate(map(len, tree.texts)) if size - 9 < length < size + 9]
        found = [index for index in near if fold(tree.texts[index]) == key]
    titles = [index for index in found if _is_title(tree, tree.runs[index].owner)]
    if titles or found:
        return (titles or found)[0]
    return tree.starts[tree.tags.index("h1")] if "h1" in tree.tags else 0


def _is_title(tree: Tree, element: int) -> bool:
    return tree.tags[element] == "h1" or tree.tags[max(tree.parents[element], 0)] == "h1"
