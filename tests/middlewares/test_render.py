"""Rendering with Chromium: the text that comes by script arrives, and the browser reaches nobody by itself."""

from __future__ import annotations

import importlib.util
import shutil
from typing import Any

import pytest

from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import serve
from newsbot.politeness import PAGES_AT_A_TIME, rendering
from newsbot.publishers.model import Publisher
from tests.middlewares.wild import Probe, fetch, http, wild

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("scrapy_playwright") is None, reason="the extra `render` is not installed"
    ),
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="Chromium is not installed (apt-get install chromium)"
    ),
]

HOSTILE = """<!doctype html><html><head><title>Hostile</title>
<link rel="prefetch" href="/prefetched"><link rel="stylesheet" href="/style.css">
</head><body><p id="first">Shown from the start.</p><img src="/picture.png"><iframe src="/frame"></iframe>
<script>
var reached = [];
function note(name) { return function () {
  reached.push(name);
  document.body.setAttribute("data-reached", reached.join(" "));
}; }
["/part", "/private/part", "http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]:%(other)d/",
 "http://127.0.0.1:%(other)d/other"].forEach(function (url) {
  fetch(url, {mode: "no-cors"}).then(note(url)).catch(function () {});
});
fetch("/sent", {method: "POST", body: "secret"}).then(note("sent")).catch(function () {});
navigator.sendBeacon("/beacon", "secret");
try { var socket = new WebSocket("ws://127.0.0.1:%(other)d/socket"); socket.onopen = note("socket"); } catch (error) {}
try { window.open("http://127.0.0.1:%(other)d/opened"); } catch (error) {}
</script></body></html>"""


def render(url: str, guard: str, **settings: Any) -> Probe:
    return fetch([url], guard=guard, publisher={"render": True}, keep=100_000, timeout=120, **settings)


def test_text_that_comes_by_script_is_there() -> None:
    with serve(Newspaper(seed=3, articles=8)) as server:
        found = render(f"{server.url}/scripted/3/", f"127.0.0.1/32:{server.port}")
        truth = server.newspaper.truth(3)
        paths = [seen.path for seen in server.requests]
        agents = {seen.headers.get("user-agent") for seen in server.requests}
    result = found.results[0]
    assert (result.outcome, result.status, result.flags) == (None, 200, ["rendered"])
    assert str(truth["headline"]) in result.body
    assert str(truth["body"]).split("\n\n", maxsplit=1)[0] in result.body
    assert "Loading" not in result.body
    assert sorted(paths) == ["/.well-known/tdmrep.json", "/fragments/3/", "/robots.txt", "/scripted/3/"]
    assert len(agents) == 1 and next(iter(agents)).startswith("newsbot/"), agents  # type: ignore[union-attr]


def test_the_browser_reaches_nobody_by_itself() -> None:
    with wild({}) as other, wild({}) as server:
        page = (HOSTILE % {"other": other.port}).encode()
        server.answers |= {
            "/robots.txt": http(b"User-agent: *\nDisallow: /private/\n", Content_Type="text/plain"),
            "/page": http(page),
            "/part": http(b"a part"),
            "/private/part": http(b"not for machines"),
        }
        found = render(server.url("/page"), f"127.0.0.1/32:{server.port}")
    result = found.results[0]
    assert result.flags == ["rendered"], found
    assert 'data-reached="/part"' in result.body
    assert {asked.path for asked in server.asked} == {
        "/robots.txt",
        "/.well-known/tdmrep.json",
        "/page",
        "/part",
    }
    assert other.asked == []


def test_a_page_that_grows_without_end_is_too_large() -> None:
    growing = b"""<!doctype html><html><body><script>
    for (var i = 0; i < 400; i++) { document.body.append("x".repeat(10000)); }</script></body></html>"""
    with wild({"/page": http(growing)}) as server:
        found = render(server.url("/page"), f"127.0.0.1/32:{server.port}", NEWSBOT_MAX_PAGE_BYTES=1_000_000)
    assert (found.results[0].outcome, "when rendered" in (found.results[0].reason or "")) == (
        "too_large",
        True,
    )


def test_a_script_that_never_rests_holds_nothing_up() -> None:
    busy = b"<!doctype html><html><body><p>Text.</p><script>while (true) {}</script></body></html>"
    later = b"<!doctype html><html><body><p>Text.</p><script>setTimeout(function () { while (true) {} }, 0)</script></body></html>"
    with wild({"/busy": http(busy), "/later": http(later), "/good": http()}) as server:
        urls = [server.url(path) for path in ("/busy", "/later", "/good")]
        found = fetch(
            urls, f"127.0.0.1/32:{server.port}", publisher={"render": True}, together=True, timeout=120
        )
    assert found.outcomes == ["fetch_failed", "fetch_failed", None]
    assert found.seconds < 100


def test_what_is_refused_is_refused_before_the_browser() -> None:
    with wild({"/robots.txt": http(b"User-agent: *\nDisallow: /\n")}) as server:
        found = render(server.url("/page"), f"127.0.0.1/32:{server.port}")
    assert found.outcomes == ["robots"]
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


def test_pages_in_the_browser_are_few_at_a_time() -> None:
    settings = rendering(Publisher("x", "https://example.com", render=True))
    assert settings["DOWNLOAD_SLOTS"]["render"]["concurrency"] == PAGES_AT_A_TIME
