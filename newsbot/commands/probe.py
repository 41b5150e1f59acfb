"""Looks at a publisher's robots.txt, sources and one article, and says what answers, what moved and what reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from newsbot.chain import read
from newsbot.commands.errands import Ask
from newsbot.discover.days import fill
from newsbot.discover.found import Further
from newsbot.exceptions import InputError
from newsbot.items import Candidate, Page
from newsbot.normalize.dates import ParsedDate, Reading, parse_date
from newsbot.publishers.model import Publisher, Source
from newsbot.publishers.patterns import Patterns
from newsbot.schedule import Range
from newsbot.spiders.announce import announce
from newsbot.urls import url_key

# Sitemaps of an index that are opened to find an article.
INDEX_STEPS = 2


@dataclass(slots=True)
class Finding:
    """What one address answered."""

    place: str
    """robots.txt, a source's kind, or article."""
    url: str
    is_fine: bool
    text: str


@dataclass(slots=True)
class Probe:
    """What was found at one publisher."""

    publisher: Publisher
    findings: list[Finding] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether everything answers and reads."""
        return all(finding.is_fine for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the findings as JSON values."""
        return {
            "publisher": self.publisher.name,
            "fine": self.is_fine,
            "findings": [asdict(finding) for finding in self.findings],
        }

    async def visit(self, ask: Ask) -> None:
        """Ask for robots.txt, each source and one article, one after another."""
        await self._robots(ask)
        # Archives last: the newest article that the others date says which of their pages must be there.
        for source in sorted(self.publisher.sources, key=lambda source: source.kind == "archive"):
            await self._source(ask, source)
        await self._article(ask)

    async def _robots(self, ask: Ask) -> None:
        url = f"{self.publisher.site}/robots.txt"
        try:
            page = await ask(url, kind="robots")
        except InputError as error:
            # A missing robots.txt allows everything (RFC 9309).
            self._add("robots.txt", url, "HTTP 404" in str(error) or "HTTP 410" in str(error), str(error))
            return
        known = {source.url for source in self.publisher.sources}
        others = [
            found.source.url
            for found in announce(Source("robots", url), page, Range())
            if isinstance(found, Further) and not found.source.is_guess and found.source.url not in known
        ]
        text = (
            f"names {len(others)} sitemaps that the file does not: {', '.join(others[:3])}"
            if others
            else "read"
        )
        self._add("robots.txt", url, is_fine=True, text=text)

    async def _source(self, ask: Ask, source: Source) -> None:
        url = fill(source.url, self._newest()) if source.kind == "archive" else source.url
        try:
            page = await ask(url, kind=source.kind)
            candidates, further = _read(source, page)
            for step in further[:INDEX_STEPS]:
                if not candidates:
                    candidates, _ = _read(step, await ask(step.url, kind=step.kind))
        except InputError as error:
            self._add(source.kind, url, is_fine=False, text=str(error))
            return
        own = [candidate for candidate in candidates if self._may_be_article(candidate.url)]
        self.candidates += own[:3]
        self._add(source.kind, url, *self._judge(url, page, candidates, own))

    def _newest(self) -> date:
        """Return the UTC day of the newest candidate that is dated, else yesterday."""
        now = datetime.now(UTC)
        reading = Reading(seen_at=now)
        found = [parse_date(candidate.date_published_raw or "", reading) for candidate in self.candidates]
        days = [day.instant.date() for day in found if isinstance(day, ParsedDate)]
        return max(days, default=(now - timedelta(days=1)).date())

    def _judge(
        self, url: str, page: Page, candidates: list[Candidate], own: list[Candidate]
    ) -> tuple[bool, str]:
        moved = f", moved to {page.url}" if page.url and url_key(page.url) != url_key(url) else ""
        if not candidates:
            return False, f"announces nothing{moved}"
        text = f"announces {len(candidates)}, {len(own)} of them articles by the file's patterns{moved}"
        return bool(own) and not moved, text

    def _may_be_article(self, url: str) -> bool:
        return self.publisher.holds(url) and Patterns(self.publisher).verdict(url) is not False

    async def _article(self, ask: Ask) -> None:
        if not self.candidates:
            self._add("article", self.publisher.site, is_fine=False, text="no source announces one")
            return
        candidate = self.candidates[0]
        try:
            page = await ask(candidate.url)
            page.candidate = candidate
            article = read(page, self.publisher)
        except InputError as error:
            self._add("article", candidate.url, is_fine=False, text=str(error))
            return
        missing = [name for name in ("headline", "body", "date_published") if not getattr(article, name)]
        words = len((article.body or "").split())
        text = (
            f"without {', '.join(missing)}"
            if missing
            else f"{words} words of {article.date_published:%Y-%m-%d}"
        )
        self._add("article", candidate.url, not missing, f"{text}: {(article.headline or '')[:80]}")

    def _add(self, place: str, url: str, is_fine: bool, text: str) -> None:
        self.findings.append(Finding(place, url, is_fine, text))


def _read(source: Source, page: Page) -> tuple[list[Candidate], list[Source]]:
    candidates, further = [], []
    for found in announce(source, page, Range()):
        if isinstance(found, Candidate):
            candidates.append(found)
        else:
            further.append(found)
    # The newest sitemap of an index is most often the first or the last.
    steps = [step.source for step in further]
    return candidates, steps[:1] + steps[-1:] if len(steps) > 1 else steps
