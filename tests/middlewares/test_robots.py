"""robots.txt in a crawl: once a host, kept for a day, obeyed at every hop; the last good copy; Crawl-delay; tdmrep.json."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, StopDownload
from scrapy.http import Response
from scrapy.signalmanager import SignalManager
from scrapy.signals import bytes_received

from newsbot.middlewares.limits import ROBOTS
from newsbot.middlewares.refused import Refused
from newsbot.middlewares.robots import MAX_AGE, RobotsMiddleware
from newsbot.outcomes import Outcome
from newsbot.robots import MAX_BYTES
from tests.middlewares.test_hosts import FETCHING
from tests.middlewares.wild import fetch, http, wild

RULES = b"User-agent: *\nDisallow: /no/\nContent-Signal: ai-train=no\n"
SITE = "https://example.com"


class Net:
    """Stands for the engine: answers from a list by path, and counts what was asked."""

    def __init__(self, answers: dict[str, tuple[int, bytes] | Exception]) -> None:
        self.answers, self.asked = answers, list[str]()
        self.downloader = SimpleNamespace(per_slot_settings={}, slots={})

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request.url)
        await asyncio.sleep(0)
        found = self.answers.get(request.url, (404, b""))
        if isinstance(found, Exception):
            raise found
        return Response(request.url, status=found[0], body=found[1], request=request)


class Memory:
    """Stands for the state of a publisher."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[float, bytes]] = {}

    def robots(self, url: str) -> tuple[float, bytes] | None:
        return self.kept.get(url)

    def remember_robots(self, url: str, when: float, body: bytes) -> None:
        self.kept[url] = (when, body)


def middleware(net: Net, memory: Memory | None = None) -> RobotsMiddleware:
    extension = SimpleNamespace(run=SimpleNamespace(state=memory)) if memory else None
    crawler: Any = SimpleNamespace(
        engine=net, stats=None, signals=SignalManager(), get_extension=lambda _: extension
    )
    return RobotsMiddleware(crawler, FETCHING)


def outcome(under_test: RobotsMiddleware, path: str) -> Outcome | None:
    async def ask() -> None:
        await cast("Awaitable[None]", under_test.process_request(Request(SITE + path)))

    try:
        asyncio.run(ask())
    except Refused as error:
        return error.outcome
    return None


def test_what_arrives_is_looked_at_while_a_file_does_and_not_longer() -> None:
    net = Net({f"{SITE}/robots.txt": (200, RULES)})
    under_test = middleware(net)
    heard: list[int] = []

    class Listening(Net):
        async def download_async(self, request: Request) -> Response:
            heard.append(
                len(under_test._crawler.signals.send_catch_log(bytes_received, data=b"", request=request))
            )
            return await super().download_async(request)

    under_test._crawler.engine = cast("Any", Listening(net.answers))
    assert outcome(under_test, "/a") is None
    late = under_test._crawler.signals.send_catch_log(bytes_received, data=b"", request=Request(SITE))
    assert heard == [1, 1] and late == []


def test_a_site_is_asked_once_for_many_requests() -> None:
    net = Net({f"{SITE}/robots.txt": (200, RULES)})
    under_test = middleware(net)

    async def ask(path: str) -> str:
        try:
            await under_test.process_request(Request(SITE + path))
        except Refused as error:
            return error.outcome
        return "asked"

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(ask(path) for path in ["/a", "/no/b", "/c"] * 10))

    assert asyncio.run(all_at_once()) == ["asked", "robots", "asked"] * 10
    assert sorted(net.asked) == [f"{SITE}/.well-known/tdmrep.json", f"{SITE}/robots.txt"]


def test_a_copy_is_good_for_a_day_and_then_fetched_anew() -> None:
    net, memory = Net({f"{SITE}/robots.txt": (200, b"User-agent: *\nDisallow: /\n")}), Memory()
    memory.remember_robots(f"{SITE}/robots.txt", time.time() - MAX_AGE + 60, RULES)
    assert outcome(middleware(net, memory), "/a") is None
    assert f"{SITE}/robots.txt" not in net.asked
    memory.remember_robots(f"{SITE}/robots.txt", time.time() - MAX_AGE - 60, RULES)
    assert outcome(middleware(net, memory), "/a") is Outcome.ROBOTS
    assert memory.kept[f"{SITE}/robots.txt"][1].endswith(b"Disallow: /\n")


@pytest.mark.parametrize("fault", [(500, b""), (503, b""), (429, b""), DownloadTimeoutError("slow")])
def test_a_fault_disallows_the_host_and_a_last_good_copy_stands_in(
    fault: tuple[int, bytes] | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    net, memory = Net({f"{SITE}/robots.txt": fault}), Memory()
    assert outcome(middleware(net, memory), "/a") is Outcome.ROBOTS
    assert "the whole host is disallowed for this run" in caplog.text
    assert f"{SITE}/robots.txt" not in memory.kept, "a fault is no statement"
    memory.remember_robots(f"{SITE}/robots.txt", time.time() - 40 * MAX_AGE, RULES)
    assert outcome(middleware(net, memory), "/a") is None
    assert outcome(middleware(net, memory), "/no/a") is Outcome.ROBOTS
    assert "is used" in caplog.text


@pytest.mark.parametrize("status", [400, 404, 410, 401, 403])
def test_no_file_allows_everything(status: int) -> None:
    assert outcome(middleware(Net({f"{SITE}/robots.txt": (status, b"Disallow: /")})), "/no/a") is None


def test_too_many_redirects_are_no_file_and_a_forbidden_address_is_a_refusal() -> None:
    loop = Net({f"{SITE}/robots.txt": Refused(Outcome.REDIRECT_LIMIT, "10 redirects")})
    assert outcome(middleware(loop), "/a") is None
    inside = Net({f"{SITE}/robots.txt": Refused(Outcome.BLOCKED_ADDRESS, "10.0.0.1, a private address")})
    under_test = middleware(inside)
    assert outcome(under_test, "/a") is Outcome.BLOCKED_ADDRESS
    assert outcome(under_test, "/b") is Outcome.BLOCKED_ADDRESS


def test_those_who_wait_hear_the_same() -> None:
    inside = Net({f"{SITE}/robots.txt": Refused(Outcome.BLOCKED_ADDRESS, "10.0.0.1, a private address")})
    under_test = middleware(inside)

    async def two() -> list[object]:
        asked = [under_test.process_request(Request(f"{SITE}/{name}")) for name in "ab"]
        return await asyncio.gather(*asked, return_exceptions=True)

    found = asyncio.run(two())
    assert [getattr(error, "outcome", None) for error in found] == [Outcome.BLOCKED_ADDRESS] * 2


def test_crawl_delay_reaches_the_downloader() -> None:
    net = Net({f"{SITE}/robots.txt": (200, b"User-agent: *\nCrawl-delay: 7\n")})
    outcome(middleware(net), "/a")
    assert net.downloader.per_slot_settings == {"example.com": {"concurrency": 1, "delay": 7.0, "jitter": 0}}


def test_reservations_are_noted_on_the_request() -> None:
    tdmrep = b'[{"location": "/a", "tdm-reservation": 1, "tdm-policy": "https://p/"}]'
    net = Net({f"{SITE}/robots.txt": (200, RULES), f"{SITE}/.well-known/tdmrep.json": (200, tdmrep)})
    under_test, request = middleware(net), Request(f"{SITE}/a")
    asyncio.run(cast("Any", under_test.process_request(request)))
    assert request.meta["rights"] == {
        "tdm_reservation": "1",
        "tdm_policy": "https://p/",
        "content_signal": "ai-train=no",
    }


def test_tdmrep_is_kept_for_a_day_and_not_asked_for_where_robots_txt_disallows_it() -> None:
    net, memory = Net({f"{SITE}/robots.txt": (200, RULES)}), Memory()
    outcome(middleware(net, memory), "/a")
    outcome(middleware(net, memory), "/a")
    assert net.asked.count(f"{SITE}/.well-known/tdmrep.json") == 1
    closed = Net({f"{SITE}/robots.txt": (200, b"User-agent: *\nDisallow: /.well-known/\n")})
    outcome(middleware(closed), "/a")
    assert closed.asked == [f"{SITE}/robots.txt"]


def test_a_bug_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(body: bytes) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("newsbot.middlewares.robots.Robots.parse", broken)
    under_test = middleware(Net({f"{SITE}/robots.txt": (200, RULES)}))

    async def two() -> list[object]:
        asked = [under_test.process_request(Request(f"{SITE}/{name}")) for name in "ab"]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second = asyncio.run(asyncio.wait_for(two(), 5))
    assert isinstance(first, RuntimeError)
    assert isinstance(second, Refused)


def test_what_goes_on_beyond_the_limit_is_stopped() -> None:
    under_test = middleware(Net({}))
    request = Request(f"{SITE}/robots.txt", meta={"newsbot_kind": ROBOTS})
    under_test.bytes_received(b"a" * MAX_BYTES, request)
    with pytest.raises(StopDownload):
        under_test.bytes_received(b"a", request)
    under_test.bytes_received(b"a" * MAX_BYTES * 2, Request(f"{SITE}/a"))


# -- in a process of its own -------------------------------------------------------------------------------


def test_an_endless_robots_txt_is_obeyed_as_far_as_it_is_read() -> None:
    body = RULES + b"# filler\n" * 2_000_000
    with wild(
        {"/robots.txt": http(body, Content_Type="text/plain"), "/a": http(), "/no/a": http()}
    ) as server:
        found = fetch([server.url("/a"), server.url("/no/a")])
    assert found.outcomes == [None, "robots"]
    assert found.results[0].rights == {"content_signal": "ai-train=no"}


def test_the_robots_txt_of_each_hop_is_obeyed() -> None:
    with wild({"/robots.txt": http(RULES), "/no/a": http()}) as second, wild({}) as first:
        first.answers["/a"] = http(status="302 Found", Location=second.url("/no/a", "localhost"))
        found = fetch([first.url("/a")], guard="127.0.0.1/32,::1/128")
    assert found.outcomes == ["robots"]
    assert [asked.path for asked in second.asked] == ["/robots.txt", "/.well-known/tdmrep.json"]


def test_crawl_delay_is_kept_to() -> None:
    answers = {
        "/robots.txt": http(b"User-agent: *\nCrawl-delay: 1\n"),
        "/a": http(),
        "/b": http(),
        "/c": http(),
    }
    with wild(answers) as server:
        found = fetch([server.url(path) for path in ("/a", "/b", "/c")], together=True)
    assert found.outcomes == [None] * 3
    assert found.seconds > 3, "tdmrep.json and three pages, a second apart"
