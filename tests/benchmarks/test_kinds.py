"""benchmarks.kinds: false alarms on the shared corpora stay under half a per cent."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kinds import ARTICLES, CORPORA, articles


def test_articles_are_hardly_ever_taken_for_something_else(shared: Path) -> None:
    kinds = [article.kind for corpus in CORPORA for _, article in articles(shared, corpus)]
    alarms = sum(kind not in ARTICLES for kind in kinds)
    assert len(kinds) > 900
    assert alarms <= 0.005 * len(kinds)
