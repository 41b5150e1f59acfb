"""robots.txt of any kind, its signals, and tdmrep.json."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.robots import ALLOW_ALL, DISALLOW_ALL, MAX_BYTES, Robots, cut, matches, reserved, usage_of

SITE = "https://example.com"


def allows(text: str | bytes, path: str) -> bool:
    return Robots.parse(text if isinstance(text, bytes) else text.encode()).allows(SITE + path)


def test_longest_match_wins_and_allow_on_a_tie() -> None:
    text = "User-agent: *\nDisallow: /news/\nAllow: /news/open/\nAllow: /tie\nDisallow: /tie"
    assert not allows(text, "/news/a")
    assert allows(text, "/news/open/a")
    assert allows(text, "/tie")


def test_our_own_group_goes_before_the_one_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: newsbot\nDisallow: /private/\n"
    assert allows(text, "/a")
    assert not allows(text, "/private/a")


def test_groups_of_one_agent_are_merged() -> None:
    text = "User-agent: newsbot\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: newsbot\nDisallow: /b\n"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_a_contact_in_the_user_agent_chooses_no_group() -> None:
    assert allows("User-agent: googlebot\nDisallow: /\n", "/a")


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /no/\n",
        b"User-agent: *\r\nDisallow: /no/\r\n",
        b"User-agent: *\rDisallow: /no/\r",
        b"User-agent: *\nDisal\x00low: /no/\n",
        b"\xff\xfe\x80\nUser-agent: *\nDisallow: /no/\n",
        b"USER-AGENT:*\nDISALLOW:/no/\n",
    ],
    ids=["bom", "crlf", "cr", "nul", "no utf-8", "capitals"],
)
def test_rules_are_found_in_odd_bytes(body: bytes) -> None:
    assert not allows(body, "/no/a")
    assert allows(body, "/yes")


def test_html_disallows_nothing() -> None:
    assert allows("<!doctype html><title>Not found</title><p>Disallow: /</p>", "/a")


def test_what_lies_beyond_the_limit_is_dropped_with_the_cut_line() -> None:
    head = b"User-agent: *\nDisallow: /no/\n"
    filler = b"# " + b"x" * 97 + b"\n"
    body = head + filler * (MAX_BYTES // 100 + 100) + b"Disallow: /\n"
    assert len(cut(body)) <= MAX_BYTES
    assert cut(body).endswith(b"\n")
    assert allows(body, "/yes")
    assert not allows(body, "/no/")


def test_a_rule_cut_in_two_is_no_rule() -> None:
    start = b"User-agent: *\n"
    line = b"Disallow: /archive/old\n"
    body = start + b"#" * (MAX_BYTES - len(start) - len(b"\nDisallow: /a")) + b"\n" + line
    assert len(body) > MAX_BYTES
    assert allows(body, "/about")


@given(st.binary(max_size=2000))
def test_no_bytes_end_a_crawl(body: bytes) -> None:
    robots = Robots.parse(body)
    assert isinstance(robots.allows(SITE + "/a?b=c"), bool)
    robots.crawl_delay(30)
    robots.rights(SITE + "/a")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("5", (5.0, False)),
        ("0.5", (0.5, False)),
        ("30", (30.0, False)),
        ("86400", (30.0, True)),
        ("0", None),
        ("-1", None),
        ("abc", None),
        ("inf", None),
        ("nan", None),
        ("1e400", None),
        ("", None),
    ],
)
def test_crawl_delay_is_cut_and_rubbish_ignored(said: str, found: tuple[float, bool] | None) -> None:
    assert Robots.parse(f"User-agent: *\nCrawl-delay: {said}\n".encode()).crawl_delay(30) == found


def test_everything_and_nothing() -> None:
    assert ALLOW_ALL.allows(SITE + "/a")
    assert not DISALLOW_ALL.allows(SITE + "/a")


# -- signals -------------------------------------------------------------------------------------------------


def test_signals_of_the_group_for_all() -> None:
    text = (
        "License: https://example.com/license.xml\n"
        "User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: train-ai=n\nAllow: /\n"
        "User-agent: other\nContent-Signal: ai-train=yes\nDisallow: /\n"
    )
    assert Robots.parse(text.encode()).rights(SITE + "/a") == {
        "content_signal": "search=yes, ai-train=no",
        "content_usage": "train-ai=n",
        "rsl_license": "https://example.com/license.xml",
    }


def test_signals_of_our_own_group_replace_those_for_all() -> None:
    text = "User-agent: *\nContent-Signal: ai-train=no\n\nUser-agent: newsbot\nContent-Signal: ai-train=yes\nDisallow:\n"
    assert Robots.parse(text.encode()).rights(SITE + "/")["content_signal"] == "ai-train=yes"


def test_nothing_said_is_nothing_recorded() -> None:
    assert Robots.parse(b"User-agent: *\nDisallow: /x\n").rights(SITE + "/a") == {}


def test_usage_follows_the_longest_path() -> None:
    rules = (("/", "train-ai=y"), ("/news/", "train-ai=n"), ("/news/*/free", "train-ai=y"))
    assert usage_of(rules, SITE + "/a") == "train-ai=y"
    assert usage_of(rules, SITE + "/news/a") == "train-ai=n"
    assert usage_of(rules, SITE + "/news/a/free") == "train-ai=y"
    assert usage_of((), SITE + "/a") is None


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/anything", True),
        ("/a*c", "/abbbc/d", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*.pdf$", "/x/y.pdf", True),
        ("/*.pdf$", "/x/y.pdf?z", False),
        ("/(a+)+b", "/aaaa", False),
    ],
)
def test_path_patterns(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_a_pattern_of_stars_ends_in_time() -> None:
    assert matches("/" + "*a" * 5000 + "$", "/" + "a" * 5000 + "b") in {True, False}


# -- tdmrep.json ---------------------------------------------------------------------------------------------

TDMREP = b"""[
 {"location": "/open/*", "tdm-reservation": 0},
 {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://example.com/policy.json"},
 {"location": "/never", "tdm-reservation": 0}
]"""


def test_the_first_location_that_matches_is_taken() -> None:
    assert reserved(TDMREP, SITE + "/open/a") == {"tdm_reservation": "0"}
    assert reserved(TDMREP, SITE + "/never") == {
        "tdm_reservation": "1",
        "tdm_policy": "https://example.com/policy.json",
    }


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"{}", b"[1]", b'[{"location": 5}]', b"<html>", b"[" * 100_000, b"\xff"]
)
def test_what_is_no_tdmrep_says_nothing(body: bytes) -> None:
    assert reserved(body, SITE + "/a") == {}


def test_a_reservation_that_is_neither_0_nor_1_is_unset() -> None:
    assert reserved(b'[{"location": "/", "tdm-reservation": "maybe"}]', SITE + "/a") == {}
