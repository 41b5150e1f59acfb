"""What a source may announce beside candidates: further sources; and the limits and small cleanings all readers share."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from newsbot.items import Candidate
from newsbot.publishers.model import Source
from newsbot.urls import clean_url

# The sitemap protocol allows 50,000 entries a file; some sites run a little over.
MAX_ENTRIES = 60_000
# Longer ones are no article's (the protocol allows 2,048).
MAX_URL = 2048
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_SPACE = re.compile(r"\s+")
# Dropped from addresses as browsers do (https://url.spec.whatwg.org/#concept-basic-url-parser).
_BREAK = re.compile(r"[\t\r\n]")
# Addresses that cleaning leaves as they are: no query, fragment, port or credentials. Nine in ten; 20 times as fast.
_CLEAN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[A-Za-z0-9/_.,~%+-]*")


@dataclass(frozen=True, slots=True)
class Further:
    """A source that another source names: a sitemap of an index, the next page of a section."""

    source: Source
    changed_at_raw: str | None = None
    """When it changed last, as the naming source wrote it (an index's `lastmod`)."""
    is_page: bool = False
    """Whether it is the next page of the same source rather than a source of its own."""


Announced = Candidate | Further


def address(url: str | None, base: str) -> str | None:
    """Return the absolute http(s) URL without fragment, trackers and credentials, or None where it is none."""
    if not url or len(url) > MAX_URL:
        return None
    if _CLEAN.fullmatch(url):
        return url
    try:
        return clean_url(urljoin(base, _BREAK.sub("", url.strip()).replace(" ", "%20")))
    except ValueError:
        return None


def title(text: str | None) -> str | None:
    """Return a headline hint as plain text, 500 characters at most, or None."""
    if not text:
        return None
    plain = _SPACE.sub(" ", html.unescape(_TAG.sub(" ", html.unescape(text[:4000])))).strip()
    return plain[:500].strip() or None


def raw(text: str | None) -> str | None:
    """Return a date as written, 100 characters at most, or None."""
    return text.strip()[:100] or None if text else None
