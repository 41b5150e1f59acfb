"""Pauses that hosts ask for, hosts that are down, and both in a crawl."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Response

from newsbot.middlewares.hosts import MAX_LOST, MAX_PAUSES, HostsMiddleware, retry_after
from newsbot.middlewares.outcomes import outcome_of, reason_of
from newsbot.middlewares.refused import Refused
from newsbot.options import Fetching
from newsbot.outcomes import Outcome
from tests.middlewares.wild import Asked, fetch, http, wild

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
FETCHING = Fetching(
    max_page_bytes=1,
    max_source_bytes=1,
    pause=10,
    max_pause=120,
    max_crawl_delay=30,
    run_seconds=0,
    robots_forbidden="allow",
)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"0", 0),
        (b"120", 120),
        (b" 7 ", 7),
        (b"1000000000", 1e9),
        (b"9" * 5000, 999_999_999_999),
        (b"Sun, 01 Mar 2026 12:01:00 GMT", 60),
        (b"Sunday, 01-Mar-26 12:01:00 GMT", 60),
        (b"Fri, 31 Dec 1999 23:59:59 GMT", 0),
        (b"-5", None),
        (b"soon", None),
        (b"1.5", None),
        (b"", None),
        (None, None),
        (b"\xff\xfe", None),
        (b"Sun, 99 Mar 2026 99:99:99 GMT", None),
        ("²".encode("latin-1"), None),
    ],
)
def test_retry_after_in_all_its_forms(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


class Clock:
    """A monotonic clock that is moved by hand, and by sleeping."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("newsbot.middlewares.hosts.time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr("newsbot.middlewares.hosts.asyncio", SimpleNamespace(sleep=self.sleep))

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def middleware(**fields: Any) -> HostsMiddleware:
    crawler: Any = SimpleNamespace(stats=None, crawling=True, engine=None)
    return HostsMiddleware(crawler, replace(FETCHING, **fields))


def request(url: str = "https://example.com/a") -> Request:
    return Request(url)


def answered(
    under_test: HostsMiddleware, status: int, after: str | None = None, url: str = "https://example.com/a"
) -> Response:
    asked = request(url)
    response = Response(url, status=status, headers={"Retry-After": after} if after else {}, request=asked)
    return under_test.process_response(asked, response)


def wait(under_test: HostsMiddleware, url: str = "https://example.com/b") -> None:
    asyncio.run(under_test.process_request(request(url)))


def test_the_whole_host_waits_as_long_as_it_asks(clock: Clock) -> None:
    under_test = middleware()
    answered(under_test, 429, "30")
    wait(under_test, "https://other.example/")
    assert clock.now == 1000
    wait(under_test)
    assert clock.now == pytest.approx(1030)


def test_without_a_time_each_pause_is_twice_the_last(clock: Clock) -> None:
    under_test = middleware()
    waited = []
    for _ in range(3):
        before = clock.now
        answered(under_test, 503)
        wait(under_test)
        waited.append(round(clock.now - before))
    assert waited == [10, 20, 40]


def test_a_page_between_forgets_the_pauses(clock: Clock) -> None:
    under_test = middleware()
    for _ in range(MAX_PAUSES * 3):
        answered(under_test, 429, "1")
        wait(under_test)
        answered(under_test, 200)
    wait(under_test)


def test_answers_of_requests_under_way_count_as_one_pause(clock: Clock) -> None:
    under_test = middleware()
    for _ in range(16):
        answered(under_test, 429, "2")
    wait(under_test)
    assert clock.now == pytest.approx(1002)


@pytest.mark.parametrize("after", ["121", "1000000000", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_host_that_asks_for_more_than_a_run_waits_is_left(after: str, clock: Clock) -> None:
    under_test = middleware()
    response = answered(under_test, 503, after)
    assert outcome_of(response) is Outcome.DEFERRED
    assert (reason_of(response) or "").startswith("HTTP 503, asks to wait")
    with pytest.raises(Refused) as caught:
        wait(under_test)
    assert caught.value.outcome is Outcome.DEFERRED


def test_a_host_that_goes_on_asking_is_left(clock: Clock) -> None:
    under_test = middleware()
    for _ in range(MAX_PAUSES):
        answered(under_test, 429, "1")
        wait(under_test)
    answered(under_test, 429, "1")
    with pytest.raises(Refused, match="6 times in a row"):
        wait(under_test)


def test_no_pause_goes_beyond_the_end_of_the_run(clock: Clock) -> None:
    under_test = middleware(run_seconds=60)
    clock.now += 50
    answered(under_test, 503, "30")
    with pytest.raises(Refused, match="asks to wait 30 s"):
        wait(under_test)


def test_who_waits_leaves_when_the_crawl_is_stopped(clock: Clock) -> None:
    under_test = middleware()
    answered(under_test, 503, "100")
    under_test._crawler.crawling = False
    with pytest.raises(Refused, match="the run ended"):
        wait(under_test)
    assert clock.now == 1000


def test_a_host_without_answers_is_down_and_one_answer_revives_it(clock: Clock) -> None:
    under_test = middleware()
    for number in range(MAX_LOST - 1):
        under_test.process_exception(
            request(), DownloadTimeoutError() if number % 2 else DownloadConnectionRefusedError()
        )
    answered(under_test, 500)
    for _ in range(MAX_LOST - 1):
        under_test.process_exception(request(), DownloadTimeoutError())
    wait(under_test)
    under_test.process_exception(request(), DownloadTimeoutError())
    with pytest.raises(Refused, match=f"no answer {MAX_LOST} times in a row"):
        wait(under_test)
    # Another port is another host.
    wait(under_test, "https://example.com:8443/")


def test_refusals_of_our_own_mark_no_host_down(clock: Clock) -> None:
    under_test = middleware()
    for _ in range(MAX_LOST * 2):
        under_test.process_exception(request(), Refused(Outcome.REDIRECT_LIMIT, "loop"))
    wait(under_test)


# -- in a crawl --------------------------------------------------------------------------------------------


def test_a_dead_host_is_not_asked_for_ever() -> None:
    with wild({}) as server:
        gone = server.url("/")
    urls = [f"{gone}{number}" for number in range(20)]
    found = fetch(urls, RETRY_TIMES=0)
    assert set(found.outcomes) <= {"robots", "deferred"}
    assert (
        found.stats["downloader/exception_type_count/scrapy.exceptions.DownloadConnectionRefusedError"]
        <= MAX_LOST
    )


def test_a_name_that_does_not_resolve_is_a_fault_of_its_host_alone() -> None:
    with wild({"/a": http()}) as server:
        found = fetch(["http://no-such-host.invalid/", server.url("/a")], RETRY_TIMES=0)
    assert found.outcomes == ["robots", None]
    assert found.results[0].reason == "robots.txt could not be read: the host's name cannot be resolved"


def test_a_date_is_waited_for() -> None:
    async def later(writer: asyncio.StreamWriter, asked: Asked) -> None:
        when = datetime.now(UTC) + timedelta(seconds=2)
        date = when.strftime("%a, %d %b %Y %H:%M:%S GMT")
        writer.write(http() if asked.times else http(status="503 Busy", Retry_After=date))

    started = time.monotonic()
    with wild({"/a": later}) as server:
        found = fetch([server.url("/a")])
    assert (found.outcomes, server.times("/a")) == ([None], 2)
    assert time.monotonic() - started > 1
