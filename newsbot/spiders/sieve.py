"""Which announced candidates a run takes on: of the site, by the publisher's patterns or what was learned, and no trap."""

from __future__ import annotations

import hashlib

from newsbot.discover.shapes import is_likely_article
from newsbot.discover.traps import Traps
from newsbot.items import Candidate
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher, Source
from newsbot.publishers.patterns import Patterns
from newsbot.run import Run

# Of addresses whose like were never articles, one in this many is looked at all the same: sites change.
ONE_IN = 20


class Sieve:
    """Decides on each candidate; what it leaves out is counted, a trap has its outcome."""

    def __init__(self, run: Run, publisher: Publisher) -> None:
        self._run, self._publisher = run, publisher
        self._patterns = Patterns(publisher)
        self._traps = Traps()
        self._met: set[int] = set()

    def takes(self, candidate: Candidate, source: Source) -> bool:
        """Whether the run takes a candidate on."""
        url = candidate.url
        if not self._publisher.holds(url):
            return self._leave("off_site")
        if not self.may_be_article(url, source):
            return self._leave("not_article")
        if hash(url) in self._met:
            return False
        self._met.add(hash(url))
        reason = self._traps.reason(url, is_named=self._patterns.name_articles)
        if reason is None:
            return True
        key = self._run.begin(candidate)
        if key is not None:
            self._run.end(key, Outcome.TRAP, reason)
        return False

    def may_be_article(self, url: str, source: Source) -> bool:
        """Whether the publisher's patterns let a URL be an article; without patterns, what became of its like."""
        said = self._patterns.verdict(url)
        if said is not None:
            return said
        learned = self._run.shapes.verdict(url)
        if learned is False:
            return int.from_bytes(hashlib.blake2b(url.encode(), digest_size=2).digest(), "big") % ONE_IN == 0
        # Feeds and news sitemaps hold news; a sitemap holds every page of a site.
        return learned is True or source.kind != "sitemap" or is_likely_article(url)

    def _leave(self, why: str) -> bool:
        self._run.count({f"discover/{why}": 1})
        return False
