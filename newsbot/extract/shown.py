"""Files what a page shows: title, headings, times, bylines, breadcrumbs; serves metadata.py."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborNode

from newsbot.extract.nodes import (
    NOT_SHOWN,
    Attributes,
    Frames,
    class_of,
    short_lines,
    short_text,
    speaks,
    text_of,
)

Hint = Literal["published", "modified", ""]

FRAME = frozenset({"nav", "aside", "footer"})
"""Elements around what belongs to the site rather than to the article."""
MOST_HEADINGS = 50
MOST = 300
"""Bylines, and dates, that are filed: no article names more before those of its teasers begin."""
SHORT = 160
"""Characters up to which a text can be a date line or byline."""

_DATE_CLASS = re.compile(
    r"date|time|publish|posted|updated|modified|meta(?![a-z])|datum|fecha|byline|kicker__d", re.IGNORECASE
)
_NOT_DATE_CLASS = re.compile(
    r"comment|countdown|timeline|sometimes|event|validate|candidate|mandate|read-?ing-?time|read-time",
    re.IGNORECASE,
)
_MODIFIED = re.compile(
    r"modif|updat|edit|aktuali[sz]|actuali[sz]|aggiorn|uppdater|oppdater|opdater|bijgewerkt|päivitet|güncel|frissít|изм|обнов|оновл|ενημερώ|עודכן|"
    r"تحديث|به.?روز|अपडेट|更新|수정|업데이트",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi|posted|creat|erstellt|veröff|pubdate|entry-date|post-date|geplaatst|julkais|yayın|опубл|δημοσ|פורסם|نُ?شر|منتشر|प्रकाशित|公開|配信|发布|입력",
    re.IGNORECASE,
)
_BYLINE_CLASS = re.compile(
    r"author|autor|byline|by-line|auteur|autore|verfasser|contributor|\bfn\b|writer|journalist|redakt",
    re.IGNORECASE,
)
_ASIDE_CLASS = re.compile(
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
class ShownDate:
    """A text that may hold a date."""

    value: str
    hint: Hint
    kind: str
    """time, datetime (attribute of a time element), or class."""
    framed: bool
    place: int
    """Number of h1 before it."""
    node: int
    """The element's id in the tree."""
    after: int = 0
    """Matches of the query between the last h1 and it: how near the headline it stands."""


@dataclass(slots=True)
class Shown:
    """Parts of a page as a reader sees them, in document order."""

    title: str | None = None
    """The `title` element of the head; an svg symbol's title is none."""
    headings: list[Heading] = field(default_factory=list)
    dates: list[ShownDate] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    """Texts of links of rel=tag that stand in no list of other articles."""
    figures: list[LexborNode] = field(default_factory=list)
    since: int = 0
    """Matches of the query since the last h1."""
    asides: Frames = field(default_factory=lambda: Frames(_ASIDE_CLASS, FRAME))
    others: Frames = field(default_factory=lambda: Frames(_OTHERS, FRAME))
    readers: Frames = field(default_factory=lambda: Frames(_COMMENT, frozenset()))

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
            self.since = 0
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
        """File a time element: its attribute first, then its text."""
        text = short_text(node, SHORT) or ""
        around = class_of(node.parent.attributes) if node.parent else ""
        name = f"{class_of(attributes)} {around} {text}"
        for kind, value in (
            ("datetime", attributes.get("datetime") or attributes.get("content")),
            ("time", text),
        ):
            if value and any(char.isdigit() for char in value):
                self._add_date(node, value.strip(), hint_of(name), kind)

    def _add_date(self, node: LexborNode, value: str, hint: Hint, kind: str) -> None:
        if len(self.dates) >= MOST:
            return
        self.dates.append(
            ShownDate(value, hint, kind, self.is_aside(node), len(self.headings), node.mem_id, self.since)
        )

    def add_classed(self, node: LexborNode, attributes: Attributes) -> None:
        """File an element whose class or id speaks of a date or an author."""
        name = class_of(attributes)
        by = speaks(_BYLINE_CLASS, name)
        dated = speaks(_DATE_CLASS, name) and not speaks(_NOT_DATE_CLASS, name)
        if not (by or dated) or node.tag in ("html", "body", "main", "article"):
            return
        lines = short_lines(node, SHORT)
        if lines is None or len(lines) < 2:
            return
        if by:
            self._add_byline(node, lines, "class")
        text = lines.replace("\n", " ")
        if dated and any(char.isdigit() for char in text):
            for hint, part in hinted_parts(text):
                self._add_date(node, part, hint or hint_of(name), "class")

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
    if _MODIFIED.search(name):
        return "modified"
    return "published" if _PUBLISHED.search(name) else ""


def hinted_parts(text: str) -> list[tuple[Hint, str]]:
    """Cut a date line such as `Published 3 May 2024, updated 4 May 2024` into its hinted parts."""
    cuts = sorted({match.start() for pattern in (_PUBLISHED, _MODIFIED) for match in pattern.finditer(text)})
    if len(cuts) < 2:
        return [(hint_of(text), text)]
    bounds = [0 if index == 0 else cut for index, cut in enumerate(cuts)] + [len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(bounds)]
    return [(hint_of(part), part) for part in parts if any(char.isdigit() for char in part)]
