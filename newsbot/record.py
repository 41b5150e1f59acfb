"""The record of a run: what became of every URL and source, as JSON under `runs/`, written when the run ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from newsbot.exceptions import OutputUnwritable
from newsbot.outcomes import Outcome

# Enough to see a pattern, few enough for a line each in the report.
SAMPLES = 20


_BRIEF = frozenset(
    ("run_id", "started_at", "ended_at", "seconds", "urls", "outcomes", "rows", "verdict", "verdict_reason")
)


@dataclass(slots=True)
class SourceRecord:
    """What one source gave in a run."""

    url: str
    kind: str
    status: str = "ok"
    """ok, not_modified, unreadable, or an outcome such as fetch_failed."""
    candidates: int = 0
    """URLs it announced."""
    reason: str | None = None


@dataclass(slots=True)
class RunRecord:
    """One crawl of one publisher. Times are UTC, ISO 8601."""

    run_id: str
    publisher: str
    spider: str
    started_at: str
    ended_at: str | None = None
    seconds: float = 0.0
    exit_status: int | None = None
    finish_reason: str | None = None
    urls: int = 0
    """URLs the run took on; the sum of `outcomes`."""
    outcomes: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    """Rows committed."""
    batches: list[str] = field(default_factory=list)
    """Names of the manifests committed."""
    partitions: dict[str, int] = field(default_factory=dict)
    """Rows by day."""
    sources: list[SourceRecord] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)
    """Up to 20 `URL: reason` lines by failing outcome."""
    counters: dict[str, int] = field(default_factory=dict)
    """What the stages counted: `stage/rule` -> times."""
    completeness: str | None = None
    """How complete a backfill can be, in one sentence; null for a run that asked for no days."""
    verdict: str | None = None
    """healthy, quiet, blocked, changed or broken; see newsbot.monitors."""
    verdict_reason: str | None = None

    def add_batch(self, name: str, files: Iterable[tuple[str, int]]) -> None:
        """Book a batch that was committed: its manifest's name, and the day and rows of each of its files."""
        self.batches.append(name)
        for day, rows in files:
            self.rows += rows
            self.partitions[day] = self.partitions.get(day, 0) + rows

    def brief(self) -> dict[str, Any]:
        """Return the figures that the state keeps of a run, for the monitors."""
        return {name: value for name, value in asdict(self).items() if name in _BRIEF}

    def write(self, root: Path) -> Path:
        """Write `root/<publisher>/<run_id>.json` whole: aside, then renamed in. Raises OutputUnwritable."""
        path = Path(root) / self.publisher / f"{self.run_id}.json"
        aside = path.with_suffix(".json.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
            aside.replace(path)
        except OSError as error:
            raise OutputUnwritable(
                f"cannot write the run record {path}: {error.strerror}; set NEWSBOT_OUTPUT"
            ) from error
        return path


class Ledger:
    """Books the URLs of a run: each is begun once and ends in exactly one outcome."""

    def __init__(self) -> None:
        self._begun: set[str] = set()
        self._open: dict[str, str] = {}
        self.outcomes: Counter[Outcome] = Counter()
        self.samples: dict[Outcome, list[str]] = {}

    def begin(self, key: str, url: str) -> bool:
        """Take on a URL by its key; False where this run already has."""
        if key in self._begun:
            return False
        self._begun.add(key)
        self._open[key] = url
        return True

    def end(self, key: str, outcome: Outcome, reason: str | None = None) -> bool:
        """End a URL; False (and nothing changes) where it was not open, so a second end can never be counted."""
        url = self._open.pop(key, None)
        if url is None:
            return False
        self.outcomes[outcome] += 1
        if reason is not None or outcome.is_failure:
            lines = self.samples.setdefault(outcome, [])
            if len(lines) < SAMPLES:
                lines.append(f"{url}: {reason}" if reason else url)
        return True

    def url(self, key: str) -> str | None:
        """Return the URL of an open key, else None."""
        return self._open.get(key)

    def is_open(self, key: str) -> bool:
        """Whether the URL was begun and has not ended."""
        return key in self._open

    def end_all(self, outcome: Outcome, reason: str) -> list[str]:
        """End whatever is still open, and return the keys."""
        keys = list(self._open)
        for key in keys:
            self.end(key, outcome, reason)
        return keys

    @property
    def urls(self) -> int:
        """How many URLs were begun."""
        return len(self._begun)


def history(root: Path, publisher: str, limit: int = 30) -> list[dict[str, Any]]:
    """Return the last `limit` run records of a publisher, newest first; a damaged file is left out."""
    paths = sorted((Path(root) / publisher).glob("*.json"), reverse=True)[:limit]
    records = []
    for path in paths:
        try:
            records.append(orjson.loads(path.read_bytes()))
        except (OSError, orjson.JSONDecodeError):
            continue
    return records


def now() -> str:
    """Return the present instant as ISO 8601 UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
