"""benchmarks.kinds: few false alarms on the shared corpora, and every other page of the demo newspaper is found."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kinds import ARTICLES, CORPORA, articles, found_kinds
from newsbot.demo.newspaper import Newspaper


def test_articles_are_hardly_ever_taken_for_something_else(shared: Path) -> None:
    kinds = [article.kind for corpus in CORPORA for _, article in articles(shared, corpus)]
    alarms = sum(kind not in ARTICLES for kind in kinds)
    assert len(kinds) > 900
    assert alarms <= 0.005 * len(kinds)


def test_walls_errors_and_lists_of_the_demo_newspaper_are_found() -> None:
    found = found_kinds(Newspaper(seed=3, articles=80))
    assert {
        "home",
        "authors",
        "archive",
        "error_page",
        "consent_wall",
        "bot_challenge",
        "login_wall",
    } <= found.keys()
    for name, kinds in found.items():
        right = sum(count for (is_right, _), count in kinds.items() if is_right)
        # A tag, section or day of one or two articles has nothing that tells it from a short article.
        assert right >= (0.3 if name in {"tag", "section", "archive"} else 0.99) * kinds.total(), (
            name,
            kinds,
        )
