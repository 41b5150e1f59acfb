"""From a run's figures to a verdict."""

from __future__ import annotations

from typing import Any

import pytest

from newsbot.monitors import verdict


def source(kind: str = "feed", status: str = "ok", candidates: int = 9) -> dict[str, Any]:
    return {
        "url": f"https://example.com/{kind}",
        "kind": kind,
        "status": status,
        "candidates": candidates,
        "reason": None,
    }


OK = [source()]
DEAD = [source(status="unreadable", candidates=0) | {"reason": "it is HTML"}]
EMPTY = [source(candidates=0), source("news_sitemap", candidates=0)]


def record(sources: list[dict[str, Any]] | None = None, **outcomes: int) -> dict[str, Any]:
    return {"sources": OK if sources is None else sources, "outcomes": outcomes}


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (record(new=20), "healthy"),
        (record(known=300), "healthy"),
        (record(blocked=5, new=5), "blocked"),
        (record(blocked=2, new=2), "healthy"),
        (record(sources=DEAD), "broken"),
        (record(sources=[*DEAD, *OK], new=3), "healthy"),
        (record(http_error=7), "broken"),
        (record(http_error=7, new=1), "healthy"),
        (record(invalid=9, new=1), "changed"),
        (record(invalid=9, new=9), "healthy"),
        (record(robots=50), "healthy"),
        (record(EMPTY), "changed"),
        (record([*EMPTY, *OK], known=9), "healthy"),
        (record([source("news_sitemap", candidates=0)]), "healthy"),
        (record([source("sitemap", candidates=0)]), "healthy"),
        (record([*EMPTY, source("section", "not_modified", 0)]), "healthy"),
        (record([]), "healthy"),
    ],
)
def test_a_run_speaks_for_itself(run: dict[str, Any], expected: str) -> None:
    assert verdict(run).name == expected


def test_nothing_new_is_quiet_only_against_a_history() -> None:
    busy = [record(new=10)] * 5
    assert verdict(record(known=100), busy).name == "quiet"
    assert verdict(record(known=100), busy[:2]).name == "healthy"
    assert verdict(record(known=100), [record(known=5)] * 9).name == "healthy"


def test_a_verdict_names_the_figures() -> None:
    assert "none of 1 sources" in verdict(record(sources=DEAD)).reason
    assert "it is HTML" in verdict(record(sources=DEAD)).reason
    assert verdict(record(blocked=6, new=2)).reason == "6 of 8 pages were refused"
