"""The first station: schemes, credentials, limits by kind; and redirects."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from newsbot.middlewares.limits import PAGE, PART, ROBOTS, SOURCE_TIMEOUT, LimitsMiddleware
from newsbot.middlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from newsbot.middlewares.refused import Refused
from newsbot.options import Fetching
from newsbot.outcomes import Outcome
from newsbot.urls import without_credentials
from tests.middlewares.test_hosts import FETCHING
from tests.middlewares.wild import fetch, http, wild

LIMITS = Fetching(100, 200, *[getattr(FETCHING, name) for name in list(Fetching.__slots__)[2:]])


def passed(
    url: str = "http://example.com/a", *, renders: bool = False, **meta: Any
) -> tuple[Request, Request | None]:
    request = Request(url, meta=meta)
    return request, LimitsMiddleware(LIMITS, renders=renders).process_request(request)


@pytest.mark.parametrize(
    ("kind", "size", "timeout"),
    [
        (PAGE, 100, None),
        (PART, 100, None),
        ("sitemap", 200, SOURCE_TIMEOUT),
        ("feed", 200, SOURCE_TIMEOUT),
        (ROBOTS, 0, None),
    ],
)
def test_the_kind_sets_the_limits(kind: str, size: int, timeout: int | None) -> None:
    request, again = passed(newsbot_kind=kind)
    assert again is None
    assert (request.meta["download_maxsize"], request.meta.get("download_timeout")) == (size, timeout)


def test_a_request_of_no_kind_is_for_a_page_and_its_own_limits_stay() -> None:
    assert passed()[0].meta["download_maxsize"] == 100
    assert passed(download_maxsize=5)[0].meta["download_maxsize"] == 5


def test_pages_in_the_browser_have_a_slot_of_their_own_and_what_they_are_made_of_has_not() -> None:
    assert passed(renders=True)[0].meta["download_slot"] == "render"
    assert "download_slot" not in passed(renders=True, newsbot_within=True)[0].meta
    assert "download_slot" not in passed(renders=True, newsbot_kind=PART)[0].meta
    assert "download_slot" not in passed(renders=True, newsbot_kind="feed")[0].meta


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/a", "data:,x", "gopher://example.com/"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(Refused) as caught:
        passed(url)
    assert caught.value.outcome is Outcome.BLOCKED_ADDRESS


def test_credentials_are_taken_off() -> None:
    _, again = passed("http://user:p%40ss@example.com:81/a?b=c@d#e")
    assert again is not None
    assert again.url == "http://example.com:81/a?b=c@d#e"


@pytest.mark.parametrize(
    "url", ["http://example.com/a@b", "saved/a@b.html", "http://[::1]@/", "@", "http://example.com/?q=a@b"]
)
def test_what_has_no_credentials_is_left(url: str) -> None:
    assert without_credentials(url) in {url, "http:///"}


# -- redirects ---------------------------------------------------------------------------------------------


def test_a_page_that_says_no_refresh_is_not_decoded() -> None:
    crawler: Any = SimpleNamespace(settings=Settings({"METAREFRESH_ENABLED": True}), spider=None)
    under_test = MetaRefreshMiddleware(crawler.settings)
    response = HtmlResponse("http://example.com/", body=b"<html>plain</html>")
    assert under_test.process_response(Request("http://example.com/"), response) is response
    assert response._cached_ubody is None


def test_too_many_redirects_are_refused_with_their_outcome() -> None:
    under_test = RedirectMiddleware(Settings({"REDIRECT_MAX_TIMES": 2}))
    under_test.crawler = SimpleNamespace(spider=None)  # type: ignore[assignment]
    request = Request("http://example.com/a", meta={"redirect_times": 2, "redirect_ttl": 0})
    with pytest.raises(Refused, match=r"2 redirects, the last to http://example\.com/b") as caught:
        under_test._redirect(request.replace(url="http://example.com/b"), request, 302)
    assert caught.value.outcome is Outcome.REDIRECT_LIMIT


def test_refreshes_at_once_are_followed_and_pages_that_renew_themselves_are_not() -> None:
    at_once = b'<html><head><meta http-equiv="refresh" content="0; url=/b"></head></html>'
    later = b'<html><head><meta http-equiv="refresh" content="60"></head></html>'
    round_and_round = b'<html><head><meta http-equiv="refresh" content="0; url=/round"></head></html>'
    with wild(
        {"/a": http(at_once), "/b": http(), "/later": http(later), "/round": http(round_and_round)}
    ) as server:
        found = fetch([server.url(path) for path in ("/a", "/later", "/round")])
    assert found.outcomes == [None, None, "redirect_limit"]
    assert (found.results[0].url or "").endswith("/b")
    assert server.times("/later") == 1


def test_validators_and_authorization_stay_with_their_host() -> None:
    with wild({"/b": http()}) as second, wild({}) as first:
        first.answers["/a"] = http(
            status="302 Found", Location=second.url("/b", "localhost"), Set_Cookie="a=b"
        )
        fetch([first.url("/a")], guard="127.0.0.1/32,::1/128")
    asked = next(asked for asked in second.asked if asked.path == "/b")
    assert not {"cookie", "authorization", "referer"} & asked.headers.keys()
    assert asked.headers["user-agent"].startswith("newsbot/")
