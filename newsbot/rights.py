"""What the rights signals of a page allow under the policy that is set: whether to keep the page, whether to keep its text.

The signals themselves are read by `newsbot.extract.rights` (headers and meta elements) and by `newsbot.robots` (robots.txt and
tdmrep.json); here stands what they mean. All values are public statements of the publisher; docs/SAFETY.md has the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from newsbot.items import Page
from newsbot.options import Rights

# Our product token: a directive scoped to it binds us, one scoped to another agent does not.
AGENT = "newsbot"
# Directives that name a value after a colon, which is then no agent (Google's list of robots meta directives).
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
# A meta element is looked for in a page's first bytes only: heads are no longer than this.
_HEAD_BYTES = 65_536
_META = re.compile(rb"<meta\s[^>]{0,1000}>", re.IGNORECASE)
_NAME = re.compile(
    rb"""\bname\s*=\s*["']?(robots|newsbot|tdm-reservation|tdm-policy)["'\s/>]""", re.IGNORECASE
)
_CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# Categories of AIPREF and Content Signals that stand for the training of models, and for text and data mining at all.
_TRAINING = frozenset({"train-ai", "train-genai", "ai-train", "tdm", "ai-use", "bots"})
_NO = frozenset({"n", "no"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be kept of a page."""

    keep_page: bool = True
    """Whether the page may go into the raw archive."""
    keep_text: bool = True
    """Whether description and body may go into the dataset; metadata always may."""
    reason: str | None = None
    """The signal that took something away, such as `noindex`."""


def declared_rights(page: Page) -> dict[str, str | None]:
    """Return the signals of a page before it is read, by the names of Article.rights: from outside, headers, and head."""
    rights = dict(page.rights)
    for name in ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-usage", "content-signal"):
        value = page.header(name)
        if value:
            rights[name.replace("-", "_")] = value
    found: dict[str, list[str]] = {}
    for name, content in _metas(page.body[:_HEAD_BYTES]):
        found.setdefault("robots" if name == AGENT else name.replace("-", "_"), []).append(content)
    rights.update({name: ", ".join(values) for name, values in found.items()})
    return rights


def apply_policy(rights: Mapping[str, str | None], policy: Rights, now: datetime | None = None) -> Decision:
    """Return what may be kept under `policy`: record (all), default, or strict (reservations of mining drop the text too)."""
    if policy == "record" or not any(rights.values()):
        return Decision()
    told = directives(rights, now or datetime.now(UTC))
    hidden = told & {"noindex", "none", "unavailable_after"}
    if hidden:
        return Decision(
            keep_page=not told & {"noarchive", "none", "unavailable_after"},
            keep_text=False,
            reason=min(hidden),
        )
    reserved = ("noai" if "noai" in told else reservation(rights)) if policy == "strict" else None
    if reserved:
        return Decision(keep_page=False, keep_text=False, reason=reserved)
    if "noarchive" in told:
        return Decision(keep_page=False, reason="noarchive")
    return Decision()


def directives(rights: Mapping[str, str | None], now: datetime) -> set[str]:
    """Return the robots directives that bind us; `unavailable_after` only where its time has passed."""
    told: set[str] = set()
    for name in ("robots", "x_robots_tag"):
        told.update(_directives(rights.get(name) or "", now))
    return told


def _directives(text: str, now: datetime) -> Iterator[str]:
    agent = ""
    # A date after unavailable_after holds commas and colons of its own: it runs up to the next known directive.
    for part in re.split(r",(?!\s*\d)", text.lower()):
        head, colon, rest = part.strip().partition(":")
        name = head.strip()
        if colon and name not in _VALUED:
            agent, (name, colon, rest) = name, rest.strip().partition(":")
        name = name.strip()
        if name and agent in {"", AGENT, "*"} and (name != "unavailable_after" or _is_past(rest, now)):
            yield name


def _is_past(text: str, now: datetime) -> bool:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text.strip())
        except (ValueError, TypeError, IndexError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)) < now
    return False


def reservation(rights: Mapping[str, str | None]) -> str | None:
    """Return the signal by which the publisher reserves text mining or the training of models, or None."""
    if (rights.get("tdm_reservation") or "").strip() == "1":
        return "tdm_reservation"
    for name in ("content_usage", "content_signal"):
        for part in (rights.get(name) or "").lower().split(","):
            category, _, answer = part.strip().partition("=")
            if category.strip() in _TRAINING and answer.strip() in _NO:
                return f"{name} {category.strip()}"
    return None


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    for element in _META.findall(head):
        name = _NAME.search(element)
        content = name and _CONTENT.search(element)
        if name and content:
            value = next(group for group in content.groups() if group is not None)
            yield name[1].decode("ascii").lower(), value.decode("utf-8", "replace")
