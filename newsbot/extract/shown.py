"""Files what a page shows: title, headings, times, bylines, breadcrumbs; serves metadata.py."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from selectolax.lexbor import LexborNode

from newsbot.extract.nodes import (
    NOT_SHOWN,
    Attributes,
    Frames,
    Lineage,
    class_of,
    short_lines,
    short_text,
    text_of,
)

Hint = Literal["published", "modified", ""]

FRAME = frozenset({"nav", "aside", "footer"})
"""Elements around what belongs to the site rather than to the article."""
MOST_HEADINGS = 50
MOST = 300
"""Bylines, and dates, that are filed: no article names more before those of its teasers begin."""
LONGEST_CLASS = 400
"""Characters of a class that are looked at."""
_WHOLE = frozenset({"html", "body", "main", "article"})
SHORT = 160
"""Characters up to which a text can be a date line or byline."""

DATE_CLASS = re.compile(
    r"date|time|publish|posted|updated|modified|meta(?![a-z])|datum|fecha|byline|kicker__d", re.IGNORECASE
)
NOT_DATE_CLASS = re.compile(
    r"comment|countdown|timeline|sometimes|event|validate|candidate|mandate|read-?ing-?time|read-time",
    re.IGNORECASE,
)
# Of text in lower case: without regard to case they would take five times as long.
_MODIFIED = re.compile(
    r"modif|updat|(?<![a-z])edited|last.?edit|aktuali[sz]|actuali[sz]|aggiorn|uppdater|oppdater|opdater|bijgewerkt|päivitet|güncel|"
    r"frissít|изм|обнов|оновл|ενημερώ|עודכן|تحديث|به.?روز|अपडेट|更新|수정|업데이트",
)
_PUBLISHED = re.compile(
    r"publish|publi[eé]|public(?:ad|at)|publi[kz]|pubblica|pubdate|posted|created|erstellt|veröff|entry-date|post-date|geplaatst|"
    r"julkais|yayın|опубл|δημοσ|פורסם|نُ?شر|منتشر|प्रकाशित|公開|配信|发布|입력",
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
AUTHORS = (
    "author", "autor", "byline", "by-line", "auteur", "autore", "verfasser", "contributor", "fn", "writer", "journalist", "redakt",
)  # fmt: skip
"""What classes of authors hold; `fn` as a word."""
_BYLINE_CLASS = re.compile("|".join(AUTHORS).replace("fn", r"\bfn\b"), re.IGNORECASE)
ASIDE_CLASS = re.compile(
    r"comment|related|recommend|teaser|sidebar|footer|promo|popular|trending|most-read|newsletter|card|carousel|widget|more-|next-post",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"(?<![a-z])comments?(?![a-z])|commentlist|disqus|(?<![a-z])repl(?:y|ies)(?![a-z])|respond|review-",
    re.IGNORECASE,
)
"""Around the names of readers."""
_OTHERS = re.compile(
    r"(?:^|[ _-])(?:comments?|related|recommended|newsletter|modal|popup|cookies?)(?:$|[ _-])", re.IGNORECASE
)
"""The same for headings: those stand in cards, teasers and under `with-sidebar` too, and 9 in 10 so framed were the headline."""
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|a|i)?|auteurs?|autore|people|profile|profiles|byline|by|staff|team|contributors?|writers?|journalists?|"
    r"forfatter|person|columnist|reporters?|u|user|users|members?)/[^/?#]+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Heading:
    """A shown h1."""

    text: str
    framed: bool
    """Under a nav, aside or footer, or in a list of other articles."""
    marked: bool
    """Its class, id or microdata calls it headline or title."""
    parts: list[str] = field(default_factory=list)
    """Texts of its child elements and what stands beside them: a kicker and the headline proper may share it."""
    node: int = 0
    """The element's id in the tree."""


@dataclass(slots=True)
class Byline:
    """A short text that may name authors."""

    text: str
    """A line feed stands where blocks part it."""
    kind: str
    """rel (a link of rel=author), link (to an author's page), class (by class, id or test id)."""
    framed: bool
    place: int
    """Number of h1 before it."""
    node: int
    """The element's id in the tree."""
    around: tuple[int, ...]
    """Ids of its ancestors, nearest first, at most five."""


@dataclass(slots=True)
class Time:
    """A time element."""

    value: str
    """Its attribute."""
    text: str
    node: int
    """Its id in the tree."""
    parent: int
    """Its parent's."""


@dataclass(slots=True)
class Shown:
    """Parts of a page as a reader sees them, in document order."""

    title: str | None = None
    """The `title` element of the head; an svg symbol's title is none."""
    headings: list[Heading] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    """Texts of links of rel=tag that stand in no list of other articles."""
    figures: list[LexborNode] = field(default_factory=list)
    lineage: Lineage = field(default_factory=Lineage)
    asides: Frames = field(init=False)
    others: Frames = field(init=False)
    readers: Frames = field(init=False)

    def __post_init__(self) -> None:
        """Let all kinds of frames share what is known of elements."""
        self.asides = Frames(ASIDE_CLASS, FRAME, self.lineage)
        self.others = Frames(_OTHERS, FRAME, self.lineage)
        self.readers = Frames(_COMMENT, frozenset(), self.lineage)

    def is_aside(self, node: LexborNode) -> bool:
        """Tell whether an element stands in the site's frame or in a list of other articles."""
        return self.asides.hold(node)

    def add_title(self, node: LexborNode) -> None:
        """File the document's title."""
        parent = node.parent
        if self.title is None and (parent is None or parent.tag in ("head", "html", "body")):
            self.title = " ".join(node.text().split()) or None

    def add_heading(self, node: LexborNode, attributes: Attributes) -> None:
        """File an h1."""
        if len(self.headings) >= MOST_HEADINGS:
            return
        text = text_of(node)
        name = f"{attributes.get('class')} {attributes.get('id')} {attributes.get('itemprop')}".lower()
        if text:
            marked = "headline" in name or "title" in name
            self.headings.append(
                Heading(
                    text,
                    self.others.hold(node),
                    marked,
                    _parts(node) if len(self.headings) < 4 else [],
                    node.mem_id,
                )
            )

    def add_time(self, node: LexborNode, attributes: Attributes) -> None:
        """File a time element that states its time in an attribute."""
        value, parent = attributes.get("datetime") or attributes.get("content"), node.parent
        if value and parent is not None and len(self.times) < MOST:
            self.times.append(Time(value.strip(), short_text(node, SHORT) or "", node.mem_id, parent.mem_id))

    def add_classed(self, node: LexborNode, attributes: Attributes) -> None:
        """File an element whose class or id speaks of an author."""
        if not names_author(class_of(attributes)[:LONGEST_CLASS]) or node.tag in _WHOLE:
            return
        lines = short_lines(node, SHORT)
        if lines is not None and len(lines) > 1:
            self._add_byline(node, lines, "class")

    def add_link(self, node: LexborNode, attributes: Attributes) -> None:
        """File a link to an author's page, unless it stands in a sentence."""
        relations = (attributes.get("rel") or "").lower().split()
        if "tag" in relations:
            self._add_tag(node)
        relation = "author" in relations
        if not relation and not _AUTHOR_PATH.search(attributes.get("href") or ""):
            return
        text = short_lines(node, SHORT) or ""
        parent = node.parent
        if len(text) < 2 or parent is None:
            return
        if relation or short_text(parent, 3 * len(text) + 100) is not None:
            self._add_byline(node, text, "rel" if relation else "link")

    def _add_tag(self, node: LexborNode) -> None:
        text = short_text(node, SHORT)
        if text and len(self.tags) < MOST and not self.is_aside(node):
            self.tags.append(text)

    def _add_byline(self, node: LexborNode, text: str, kind: str) -> None:
        if len(self.bylines) >= MOST or self.readers.hold(node):
            return
        around: list[int] = []
        parent = node.parent
        while parent is not None and len(around) < 5:
            around.append(parent.mem_id)
            parent = parent.parent
        self.bylines.append(
            Byline(text, kind, self.is_aside(node), len(self.headings), node.mem_id, tuple(around))
        )


def _parts(node: LexborNode) -> list[str]:
    """Return the texts of an element's children, at most six, where there are several."""
    parts: list[str] = []
    child = node.first_child
    while child is not None and len(parts) < 6:
        text = " ".join((child.text_content or "").split()) if child.tag == "-text" else ""
        if (child.tag or "-")[0] != "-" and child.tag not in NOT_SHOWN:
            text = text_of(child)
        if text:
            parts.append(text)
        child = child.next
    return parts if len(parts) > 1 else []


def hint_of(name: str) -> Hint:
    """Return which date a text or class speaks of."""
    lower = name.lower()
    if _MODIFIED.search(lower):
        return "modified"
    return "published" if _PUBLISHED.search(lower) else ""


def hinted_parts(text: str) -> list[tuple[Hint, str]]:
    """Cut a date line such as `Published 3 May 2024, updated 4 May 2024` or `3 May 2024, updated 4 May` into its hinted parts."""
    lower = text.lower()
    cuts = sorted({match.start() for pattern in (_PUBLISHED, _MODIFIED) for match in pattern.finditer(lower)})
    # A few letters are longer in lower case: then the places are not those of the text.
    if not cuts or len(lower) != len(text):
        return [(hint_of(lower) if cuts else "", text)]
    if len(cuts) == 1 and _YEAR.search(text, 0, cuts[0]) and _YEAR.search(text, cuts[0]):
        cuts.insert(0, 0)
    if len(cuts) < 2:
        return [(hint_of(lower), text)]
    bounds = [0 if index == 0 else cut for index, cut in enumerate(cuts)] + [len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(bounds)]
    return [(hint_of(part), part) for part in parts if any(char.isdigit() for char in part)]


@lru_cache(maxsize=8192)
def names_author(name: str) -> bool:
    """Tell whether a class speaks of an author; remembered, for a publisher's pages share their classes."""
    return _BYLINE_CLASS.search(name) is not None
