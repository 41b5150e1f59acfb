"""Which candidates a run fetches, in which order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.items import Candidate
from newsbot.outcomes import Outcome
from newsbot.publishers.model import Publisher
from newsbot.run import Run
from newsbot.spiders.frontier import UNCONDITIONAL, Frontier
from newsbot.state import KnownUrl
from newsbot.urls import article_id, url_key
from tests.run.running import options

SITE = "https://www.example.com"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    opened = Run(options(tmp_path), Publisher("alder", SITE), "news")
    yield opened
    opened.close("finished")


def candidate(path: str) -> Candidate:
    return Candidate(SITE + path)


def know(run: Run, path: str, next_visit_at: float | None, visits: int = 1) -> None:
    key = article_id(url_key(SITE + path))
    known = KnownUrl(key, SITE + path, "new", "a", time.time(), next_visit_at, visits, '"1"', None)
    run.delta.urls[key] = known


def paths(frontier: Frontier, most: int = 100) -> list[str]:
    return [ticket.candidate.url.removeprefix(SITE) for ticket in frontier.take(most)]


def test_what_is_due_or_left_over_goes_before_what_is_new(run: Run) -> None:
    frontier = Frontier(run, 10)
    for path in ("/1", "/2"):
        frontier.push(candidate(path))
    frontier.push(candidate("/3"), first=True)
    assert len(frontier) == 3
    assert paths(frontier) == ["/3", "/1", "/2"]


def test_known_addresses_are_fetched_only_when_due(run: Run) -> None:
    now = time.time()
    know(run, "/final", None)
    know(run, "/later", now + 60)
    know(run, "/due", now - 60)
    frontier = Frontier(run, 10)
    tickets = [frontier.push(candidate(path)) for path in ("/final", "/later", "/due")]
    assert [ticket is not None for ticket in tickets] == [False, False, True]
    assert run.ledger.outcomes == {Outcome.KNOWN: 2}


def test_a_named_address_is_fetched_whatever_is_known(run: Run) -> None:
    know(run, "/final", None)
    frontier = Frontier(run, 10)
    ticket = frontier.push(candidate("/final"), always=True)
    assert ticket is not None
    assert not ticket.is_conditional


@pytest.mark.parametrize(
    ("visits", "conditional"), [(1, True), (UNCONDITIONAL, False), (UNCONDITIONAL + 1, True)]
)
def test_every_tenth_visit_is_unconditional(run: Run, visits: int, conditional: bool) -> None:
    know(run, "/due", 1.0, visits)
    ticket = Frontier(run, 10).push(candidate("/due"))
    assert ticket is not None
    assert ticket.is_conditional is conditional


def test_variants_of_one_page_are_taken_once(run: Run) -> None:
    frontier = Frontier(run, 10)
    for path in ("/a/1", "/a/1/", "/a/1?utm_source=x", "/a/1/amp", "/a/1#top"):
        frontier.push(candidate(path))
    frontier.push(Candidate("https://m.example.com/a/1"))
    assert paths(frontier) == ["/a/1"]


def test_what_is_no_address_is_left(run: Run) -> None:
    assert Frontier(run, 10).push(Candidate("mailto:a@alder.example")) is None


def test_a_limit_leaves_the_rest_to_the_next_run(run: Run) -> None:
    frontier = Frontier(run, 3)
    for number in range(5):
        frontier.push(candidate(f"/{number}"))
    assert paths(frontier, most=2) == ["/0", "/1"]
    spent = [frontier.is_spent]
    assert paths(frontier) == ["/2"]
    assert [*spent, frontier.is_spent] == [False, True]
    assert [left.url for _, left in frontier.waiting()] == [f"{SITE}/3", f"{SITE}/4"]


def test_what_an_earlier_run_left_is_resumed(run: Run) -> None:
    frontier = Frontier(run, 1)
    ticket = frontier.push(candidate("/left"))
    assert ticket is not None
    run.keep_pending([(ticket.key, ticket.candidate)])
    run.ledger = type(run.ledger)()
    second = Frontier(run, 10)
    second.resume()
    assert paths(second) == ["/left"]


def test_what_is_new_goes_before_what_was_left_and_left_overs_keep_no_source_waiting(run: Run) -> None:
    frontier = Frontier(run, 10)
    ticket = frontier.push(candidate("/left"))
    assert ticket is not None
    run.keep_pending([(ticket.key, ticket.candidate)])
    run.ledger = type(run.ledger)()
    second = Frontier(run, 10)
    second.resume()
    assert len(second) == 0
    second.push(candidate("/new"))
    assert len(second) == 1
    assert [key for key, _ in second.waiting()] != [ticket.key] and len(list(second.waiting())) == 2
    assert paths(second) == ["/new", "/left"]


def test_due_articles_are_visited_again(run: Run) -> None:
    know(run, "/due", 1.0)
    run.commit()
    frontier = Frontier(run, 10)
    frontier.revisit()
    assert [(ticket.candidate.url, ticket.candidate.source_kind) for ticket in frontier.take(9)] == [
        (f"{SITE}/due", "revisit")
    ]
