"""What a publisher's patterns say of an address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsbot.publishers.model import Publisher


class Patterns:
    """The compiled patterns of a publisher."""

    def __init__(self, publisher: Publisher) -> None:
        self._wanted = [re.compile(pattern) for pattern in publisher.article_patterns]
        self._unwanted = [re.compile(pattern) for pattern in publisher.other_patterns]

    @property
    def name_articles(self) -> bool:
        """Whether the publisher says which addresses are articles."""
        return bool(self._wanted)

    def verdict(self, url: str) -> bool | None:
        """Whether an address is an article's, by path and query; None where the patterns do not say."""
        parts = urlsplit(url)
        place = parts.path + (f"?{parts.query}" if parts.query else "")
        if any(pattern.search(place) for pattern in self._unwanted):
            return False
        return any(pattern.search(place) for pattern in self._wanted) if self._wanted else None
