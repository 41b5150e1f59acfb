"""Boilerplate learned across the pages of one publisher: blocks that recur on distinct articles at one place in the tree.

What is counted are sums over articles, so that the same pages in any order, in one run or in several, teach the same. A text is
removed where it recurs on enough articles, measured against all articles that have such a place; what may rightly recur (headings,
quotes, datelines, a column's title, corrections, an agency's note) needs a place that holds nothing else: see docs/CLEANING.md.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsbot.clean.rightful import may_recur
from newsbot.dedup.exact import fold
from newsbot.items import Article, Block

LEARNED = "learned"
"""Reason of a block that was removed because it recurs; it counts on, or what was learned would be forgotten."""
FEW = 3
"""Articles on which a text must stand at least."""
SHARE = 0.05
"""Of the articles that have the text's places: prompts stood on 8 % and more, sentences that rightly recur on less than 3 %."""
FEW_PAGES = 20
"""With fewer articles half of them must have the text: five pages of a publisher taught nothing that was worth a risk."""
LONG = 100
"""Words above which a block is not counted: a paragraph of an article, and the state would grow by it."""
PURE = 0.8
"""Share of a slot's blocks that recur, from which on the slot itself is boilerplate's. A slot is the end of a place, the same in
all designs that a publisher's sections have: `blockquote.social-post>p`."""
MOST = 60_000
"""Rows kept at most: about 4,000 articles' worth of texts, 20 MB. Beyond, texts that are far from recurring are forgotten."""
_SAMPLE = 200
_SHARED = frozenset({"place", "slot", "first_day"})
"""Fields whose values many rows have in common: held once."""
_ENDS = frozenset(".!?…。！？।؟:")
ALL = "*"
"""Key of the row that counts all articles."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a publisher's pages repeat: keys of (folded text, place)."""

    keys: frozenset[str] = frozenset()

    def __contains__(self, block: object) -> bool:
        return isinstance(block, Block) and block.role != "standfirst" and key_of(block) in self.keys


@dataclass(frozen=True, slots=True)
class Lesson:
    """One learned text, for people: what is removed, where it stands, and the evidence."""

    key: str
    text: str
    """Its first 200 characters."""
    place: str
    pages: int
    """Articles with the text at this place."""
    of: int
    """Articles that have the place."""
    why: str
    """recurs: on enough of the articles; place: its slot holds hardly anything else."""


@dataclass(frozen=True, slots=True)
class Text:
    """A block that can be learned, its text folded once: that is most of the work."""

    block: Block
    folded: str
    key: str
    is_opening: bool


def texts_of(article: Article) -> list[Text]:
    """Return the texts of an article that can be learned: short enough, not the standfirst, kept or removed as learned."""
    blocks = [block for block in article.blocks if block.kept or block.reason == LEARNED]
    found = []
    for block in blocks:
        if block.role != "standfirst" and len(block.text.split()) <= LONG:
            folded = fold(block.text)
            found.append(Text(block, folded, hash_of(f"{folded}\n{block.path}"), block is blocks[0]))
    return found


@dataclass(slots=True)
class Sightings:
    """Counts of texts by place; the same pages in any order give the same counts.

    Rows: of a text (`key`, `text`, `place`, `pages`, `opening`: times it stood first, `rightful`: times it looked like what may
    recur), of a place (key begins with `@`: `pages`), of a slot (`%`: `pages`, `blocks`), and of all articles (key `*`: `pages`).
    """

    counts: dict[str, dict[str, Any]] = field(default_factory=dict)
    most: int | None = None
    """Rows held at most; MOST unless given."""

    def add(self, article: Article) -> None:
        """Count each block of an article's text once."""
        self.merge(sighted(article, texts_of(article)))

    def merge(self, rows: Iterable[dict[str, Any]]) -> None:
        """Add counts: of an article, of a batch or of earlier runs. The rows may be kept and changed."""
        counts = self.counts
        for row in rows:
            mine = counts.get(row["key"])
            if mine is None:
                for name in _SHARED & row.keys():
                    row[name] = sys.intern(row[name])
                counts[row["key"]] = row
                continue
            for name, value in row.items():
                if type(value) is int:
                    mine[name] = mine.get(name, 0) + value
                elif value != mine.get(name):
                    mine[name] = min(mine.get(name, value), value)
        if len(counts) > (MOST if self.most is None else self.most):
            self.counts = {row["key"]: row for row in self._standing(2)}

    def forget_singles(self) -> None:
        """Leave out the texts that stand on one article, which teach nothing yet: who merges more looks them up first."""
        times: Counter[str] = Counter()
        for row in self.counts.values():
            times[row.get("folded", "")] += row["pages"]
        self.counts = {
            key: row for key, row in self.counts.items() if "folded" not in row or times[row["folded"]] > 1
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return the counts as JSON values, by key; of a hundred articles and more without texts that stood on fewer than 1 in 400.

        A text needs 5 % of the articles that have its place, so those left out would have to come 20 times as often from now on.
        """
        everywhere = int(self.counts.get(ALL, {}).get("pages", 0))
        return sorted(
            self._standing(1 if everywhere < 100 else 2 + everywhere // 400), key=lambda row: str(row["key"])
        )

    def _standing(self, least: int) -> list[dict[str, Any]]:
        """Return the rows of what stood on `least` articles, and the one that counts all."""
        return [row for row in self.counts.values() if row["pages"] >= least or row["key"] == ALL]

    def learned(self) -> Learned:
        """Return what recurs often enough."""
        return Learned(frozenset(lesson.key for lesson in self.explain()))

    def explain(self) -> list[Lesson]:
        """Return what is removed and why, those on most articles first."""
        everywhere = int(self.counts.get(ALL, {}).get("pages", 0))
        by_text: dict[str, list[dict[str, Any]]] = {}
        for row in self.counts.values():
            if "folded" in row:
                by_text.setdefault(row["folded"], []).append(row)
        recurring = {text: rows for text, rows in by_text.items() if sum(row["pages"] for row in rows) > 1}
        pure = self._pure_slots(recurring.values())
        found: list[Lesson] = []
        for rows in recurring.values():
            found.extend(self._lessons(rows, pure, everywhere))
        return sorted(found, key=lambda lesson: (-lesson.pages, lesson.key))

    def _pure_slots(self, recurring: Iterable[list[dict[str, Any]]]) -> frozenset[str]:
        """Return the slots most of whose blocks recur, of those seen on several articles."""
        times: Counter[str] = Counter()
        for rows in recurring:
            for row in rows:
                times[slot_of(row["place"])] += row["pages"]
        slots = {row["slot"]: row for key, row in self.counts.items() if key.startswith("%")}
        return frozenset(
            slot
            for slot, count in times.items()
            if slot in slots and slots[slot]["pages"] >= 2 * FEW and count >= PURE * slots[slot]["blocks"]
        )

    def _lessons(self, rows: list[dict[str, Any]], pure: frozenset[str], everywhere: int) -> list[Lesson]:
        pages = sum(row["pages"] for row in rows)
        of = sum(self._pages_of(row["place"]) for row in rows)
        least = needed(of, everywhere) * (2 if looks_like_heading(rows[0]["text"]) else 1)
        is_rightful = 2 * sum(row["rightful"] + row.get("opening", 0) for row in rows) >= pages
        found = []
        for row in rows:
            if slot_of(row["place"]) in pure and everywhere >= FEW_PAGES:
                why = "place"
            elif not is_rightful and pages >= least:
                why = "recurs"
            else:
                continue
            found.append(
                Lesson(row["key"], row["text"], row["place"], row["pages"], self._pages_of(row["place"]), why)
            )
        return found

    def _pages_of(self, place: str) -> int:
        return int(self.counts.get(f"@{hash_of(place)}", {}).get("pages", 0))


def sighted(article: Article, texts: Sequence[Text]) -> list[dict[str, Any]]:
    """Return what one article adds to the counts, by its `texts_of`; nothing for one without any."""
    if not texts:
        return []
    day = f"{article.fetched_at:%Y-%m-%d}" if article.fetched_at else "9999-12-31"
    rows: list[dict[str, Any]] = [{"key": ALL, "pages": 1}]
    rows += [_row_of(text, day) for text in {text.key: text for text in texts}.values()]
    places = [text.block.path for text in texts]
    rows += [{"key": f"@{hash_of(place)}", "pages": 1, "place": place} for place in dict.fromkeys(places)]
    rows += [
        {"key": f"%{hash_of(slot)}", "pages": 1, "blocks": there, "slot": slot}
        for slot, there in Counter(map(slot_of, places)).items()
    ]
    return rows


def _row_of(text: Text, day: str) -> dict[str, Any]:
    return {
        "key": text.key,
        "pages": 1,
        "opening": int(text.is_opening),
        "rightful": int(may_recur(text.block, text.folded)),
        "text": text.block.text[:_SAMPLE],
        "folded": hash_of(text.folded),
        "place": text.block.path,
        "first_day": day,
    }


def needed(of: int, everywhere: int) -> int:
    """Return on how many of `of` articles with its places a text must stand, `everywhere` counting all articles.

    Two are enough of twenty to forty articles, where two are 5 %; then 5 % of up to 500, and of more a share that falls with
    their root, for prompts come and go.
    """
    if everywhere < FEW_PAGES:
        return max(FEW, math.ceil(of / 2))
    least = 2 if everywhere >= FEW_PAGES and of <= 2 / SHARE else FEW
    return max(least, math.ceil(SHARE * min(of, 500)), math.ceil(math.sqrt(of)) if of > 500 else 0)


def looks_like_heading(text: str) -> bool:
    """Whether a text is short and ends as no sentence does: a sub-heading that is set as a paragraph in bold looks so."""
    return len(text) <= 60 and text.rstrip("\"'”’»)] ")[-1:] not in _ENDS


def slot_of(place: str) -> str:
    """Return the last two steps of a place."""
    return ">".join(place.split(">")[-2:])


def hash_of(text: str) -> str:
    """Return 24 hex digits of a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def key_of(block: Block) -> str:
    """Return the key of a block: a hash of its folded text and place."""
    return hash_of(f"{fold(block.text)}\n{block.path}")


def remove_learned(blocks: Iterable[Block], learned: Learned) -> int:
    """Mark the kept blocks that are learned boilerplate as dropped; return how many."""
    removed = 0
    # To tell a text its key takes its words, folded: nothing is learned in a publisher's first run.
    for block in blocks if learned.keys else ():
        if block.kept and block in learned:
            block.kept, block.reason = False, LEARNED
            removed += 1
    return removed
