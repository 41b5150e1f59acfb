"""Cases have names and say what they do; a URL meets one by prefix, by path, or by share."""

from __future__ import annotations

import pytest

from newsbot.demo.nasty import CASES, MODULES, Case, Visit, Wrongs, case
from newsbot.demo.nasty.registry import UnknownCase, nasty
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import serve
from newsbot.demo.wire import Answer
from tests.demo.browsing import get
from tests.demo.nasty.visiting import BROKEN

PAPER = Newspaper(articles=300)
ARTICLES = [PAPER.path(index) for index in range(300)]


def test_every_case_says_what_it_does_in_a_line() -> None:
    assert len(CASES) > 120
    for name, met in CASES.items():
        assert met.name == name
        assert 10 < len(met.says) < 110, name
        assert met.says.endswith("."), name


def test_every_module_brings_cases() -> None:
    homes = {met.act.__module__ for met in CASES.values()}
    assert homes == {module.__name__ for module in MODULES}


def test_two_cases_of_one_name_are_an_error() -> None:
    async def http_500(visit: object) -> None:
        """Again."""

    with pytest.raises(ValueError, match="two nasty cases"):
        nasty()(http_500)


def test_a_case_that_there_is_not() -> None:
    with pytest.raises(UnknownCase, match="--nasty list"):
        case("nonsense")
    with pytest.raises(UnknownCase, match="no share"):
        Wrongs("http_500:lots")


def test_a_prefix_names_the_case() -> None:
    assert Wrongs().met("/nasty/slow_body/city/1/") == ("slow_body", "/city/1/")
    assert Wrongs().met("/nasty/nonsense/city/1/") == ("", "/nasty/nonsense/city/1/")
    assert Wrongs().met("/city/1/") == ("", "/city/1/")


def test_a_path_alone_can_be_spoilt() -> None:
    wrongs = Wrongs()
    wrongs.at["/rss.xml"] = "feed_html"
    assert wrongs.met("/rss.xml") == ("feed_html", "/rss.xml")
    assert wrongs.met("/atom.xml") == ("", "/atom.xml")


@pytest.mark.parametrize("given", ["http_500:0.25", ["http_500:0.25"], {"http_500": 0.25}])
def test_a_share_of_articles_is_the_same_share_every_time(given: object) -> None:
    met = [Wrongs(given).met(path)[0] for path in ARTICLES]  # type: ignore[arg-type]
    assert met == [Wrongs(given).met(path)[0] for path in ARTICLES]  # type: ignore[arg-type]
    assert 0.15 < met.count("http_500") / len(met) < 0.35


def test_cases_keep_to_what_they_are_for() -> None:
    everywhere = Wrongs("http_500,feed_html,sitemap_self,robots_500,calendar_trap")
    assert {everywhere.met(path)[0] for path in ARTICLES} == {"http_500"}
    expected = {
        "/rss.xml": "feed_html",
        "/world/rss.xml": "feed_html",
        "/sitemap.xml": "sitemap_self",
        "/news-sitemap.xml": "sitemap_self",
        "/sitemaps/2026-02.xml.gz": "sitemap_self",
        "/robots.txt": "robots_500",
        "/": "calendar_trap",
        "/world/page/2/": "calendar_trap",
        "/archive/2026/02/01/": "calendar_trap",
        "/images/1.jpg": "",
    }
    assert {path: everywhere.met(path)[0] for path in expected} == expected


def test_the_log_says_which_case_was_met() -> None:
    with serve(Newspaper(articles=10), nasty="http_503") as server:
        get(server.newspaper.url(0))
        get(f"{server.url}/rss.xml")
        assert [(seen.nasty, seen.status) for seen in server.requests] == [("http_503", 503), ("", 200)]


def test_a_bug_in_a_case_is_kept_for_the_test_to_see(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(visit: Visit) -> Answer:
        """It has a bug."""
        raise ZeroDivisionError(visit.asked.path)

    monkeypatch.setitem(CASES, "broken", Case("broken", "article", broken))
    with serve(Newspaper(articles=10), nasty="broken") as server:
        with pytest.raises(BROKEN):
            get(server.newspaper.url(0))
        assert get(f"{server.url}/rss.xml").status == 200
        assert len(server.errors) == 1
        assert "ZeroDivisionError" in server.errors[0]
