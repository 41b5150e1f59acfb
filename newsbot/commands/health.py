"""How a publisher fares: its last run's verdict and what is known of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from newsbot import publishers
from newsbot.exceptions import PublisherFileError, StateError
from newsbot.options import Options
from newsbot.record import history
from newsbot.state import State


@dataclass(slots=True)
class Health:
    """A line of `scrapy publishers`."""

    name: str
    country: str | None = None
    languages: tuple[str, ...] = ()
    sources: int = 0
    verdict: str = "never run"
    """healthy, quiet, blocked, changed, broken; never run; or broken file, broken state."""
    reason: str | None = None
    last_run: str | None = None
    """When the last run ended, UTC, ISO 8601."""
    new: int | None = None
    """Articles that were new in it."""
    articles: int | None = None
    """Articles known."""

    def as_json(self) -> dict[str, Any]:
        """Return the line as JSON values."""
        return asdict(self)


def health_of(name: str, options: Options) -> Health:
    """Return how a publisher fares, by its file, its last run record and its state."""
    health = Health(name)
    try:
        publisher = publishers.load(name, options.publishers, options.variables())
    except PublisherFileError as error:
        health.verdict, health.reason = "broken file", str(error)
        return health
    health.country, health.languages, health.sources = (
        publisher.country,
        publisher.languages,
        len(publisher.sources),
    )
    for record in history(options.folder("runs"), name, 1):
        health.verdict = record.get("verdict") or "unknown"
        health.last_run = record.get("ended_at")
        health.new = record.get("outcomes", {}).get("new", 0)
        if health.verdict != "healthy":
            health.reason = record.get("verdict_reason")
    if (options.state_root / f"{name}.sqlite3").exists():
        _add_state(health, options)
    return health


def _add_state(health: Health, options: Options) -> None:
    try:
        state = State.open(options.state_root, health.name, read_only=True)
    except StateError as error:
        health.verdict, health.reason = "broken state", str(error)
        return
    try:
        health.articles = state.counts()["articles"]
    finally:
        state.close()
