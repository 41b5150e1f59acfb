"""Which addresses are articles, where a publisher's file does not say: by their look, and by what became of their like."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|xml|rss|atom|pdf|zip|gz|mp[34]|m4a|ogg|wav|webm|mov|avi|docx?|xlsx?|pptx?|"
    r"epub|woff2?|ttf|ics|txt|csv|apk|exe)$",
    re.IGNORECASE,
)
_SERVICE = frozenset(
    tomllib.loads(files(__package__).joinpath("paths.toml").read_text(encoding="utf-8"))["service"]
)
_WORDS = re.compile(r"[^\W\d_]+")
# A year alone tells nothing.
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}")
_IDENTIFIER = re.compile(r"(?=\D*\d)(?=[^a-z]*[a-z])[a-z0-9]{9,}", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?\d{1,2})?/")
_IN_QUERY = re.compile(
    r"(?:^|&)(?:id|article|articleid|newsid|nid|p|aid|idx?no|story|cid|item|a|n)=\d{3,}", re.IGNORECASE
)
_HEX = re.compile(r"[0-9a-f-]{12,}", re.IGNORECASE)
# A shape is trusted from this many pages on.
FEW = 10


def is_likely_article(url: str) -> bool:
    """Whether an address looks like an article's: a long slug, a long number, or a date in its path. Errs towards yes."""
    parts = urlsplit(url)
    path = parts.path
    segments = [segment for segment in path.lower().split("/") if segment]
    if _FILE.search(path) or (segments and segments[0] in _SERVICE):
        return False
    if not segments:
        return bool(_IN_QUERY.search(parts.query))
    if segments[-1] in _SERVICE or segments[-1] in {"amp", "print"}:
        segments = segments[:-1]
    if _IN_QUERY.search(parts.query):
        return True
    dated = _DATED.search(path) and segments and _words(segments[-1]) >= 2
    return any(map(_is_telling, segments)) or bool(dated)


def _is_telling(segment: str) -> bool:
    """Whether a path segment is one that articles have: a long slug, a long number, a mixed identifier."""
    words = _words(segment)
    return (
        words >= 4
        or (words == 3 and bool(re.search(r"\d{3}", segment)))
        or bool(_NUMBER.search(segment))
        or bool(_IDENTIFIER.fullmatch(segment))
    )


def _words(segment: str) -> int:
    """Return how many words a segment has; other scripts do not part theirs by hyphens, so any text in them counts as many."""
    bare = segment.rpartition(".")[0] or segment
    return len(_WORDS.findall(bare)) if bare.isascii() and "%" not in bare else 4


@lru_cache(maxsize=256)
def shape_of(url: str) -> str:
    """Return what an address shares with its like: each path segment as a word, a slug, a number, a date part or a mixture.

    `/news/473849-three-killed/` gives `/news/#-slug/`; query parameters are kept by name.
    """
    parts = urlsplit(url)
    segments = [
        _kind(segment, index) for index, segment in enumerate(parts.path.split("/")) if segment or index == 0
    ]
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    end = "/" if parts.path.endswith("/") and len(parts.path) > 1 else ""
    return "/".join(segments) + end + (f"?{'&'.join(names[:8])}" if names else "")


def _kind(segment: str, index: int) -> str:
    if not segment:
        return ""
    name, dot, extension = segment.rpartition(".")
    suffix = f".{extension}" if dot and len(extension) <= 5 and extension.isalpha() else ""
    bare = name if suffix else segment
    if bare.isdecimal():
        return (f"#{len(bare)}" if len(bare) in {2, 4} else "#") + suffix
    if _HEX.fullmatch(bare) and any(char.isdigit() for char in bare):
        return "hex" + suffix
    words = len(re.findall(r"[^\W\d_]+", bare))
    has_number = bool(re.search(r"\d{4,}", bare))
    if words >= 3 or (not bare.isascii()) or "%" in bare:
        return ("#-slug" if has_number else "slug") + suffix
    if has_number:
        return "#-word" + suffix
    return bare.lower()[:40] + suffix if index <= 2 else "word" + suffix


class Shapes:
    """What became of the pages of each shape."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        """`rows`: as State.shapes() returns them."""
        self._counts: dict[str, list[int]] = {}
        for row in rows:
            self.add(str(row["name"]), int(row.get("articles", 0)), int(row.get("others", 0)))

    def add(self, name: str, articles: int, others: int) -> None:
        """Add to the counts of a shape."""
        counts = self._counts.setdefault(name, [0, 0])
        counts[0] += articles
        counts[1] += others

    def rows(self) -> list[dict[str, Any]]:
        """Return the counts as JSON values, by name, as the state takes them."""
        return [
            {"name": name, "articles": articles, "others": others}
            for name, (articles, others) in sorted(self._counts.items())
        ]

    def count(self, url: str, *, is_article: bool) -> None:
        """Add one page that was read."""
        self.add(shape_of(url), int(is_article), int(not is_article))

    def verdict(self, url: str) -> bool | None:
        """Whether pages like this one turned out to be articles; None where too few were seen, or both."""
        articles, others = self._counts.get(shape_of(url), (0, 0))
        if articles + others < FEW:
            return None
        # One article in twenty keeps a shape open: missing articles costs more than fetching a page too many.
        return True if articles * 20 >= articles + others else False if articles == 0 else None
