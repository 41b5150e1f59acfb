"""Who asks, how often, and that real sites are not asked without a contact."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import Any

import pytest

from newsbot import settings
from newsbot.exceptions import SettingError, UsageError
from newsbot.options import Options, read_fetching, read_options
from newsbot.politeness import check_contact, is_loopback, politeness, user_agent
from newsbot.publishers.model import Budgets, Publisher, Source

REAL = Publisher("real", "https://news.example.com")
OWN = Publisher("own", "http://127.0.0.1:8000")


def options(**given: str) -> Options:
    return read_options(lambda name: given.get(name, getattr(settings, name)))


def test_the_user_agent_names_project_and_contact() -> None:
    assert user_agent("me@example.org").startswith("newsbot/")
    assert user_agent("me@example.org").endswith(" (+me@example.org)")
    assert "Mozilla" not in user_agent("x")


def test_a_real_site_is_not_asked_without_a_contact() -> None:
    with pytest.raises(UsageError, match=r"NEWSBOT_CONTACT is not set.*NEWSBOT_CONTACT=you@example\.org"):
        check_contact(REAL, options(NEWSBOT_CONTACT=""))
    check_contact(REAL, options(NEWSBOT_CONTACT="me@example.org"))
    check_contact(OWN, options(NEWSBOT_CONTACT=""))


@pytest.mark.parametrize(
    "publisher",
    [
        replace(
            OWN,
            sources=(Source("feed", "http://127.0.0.1:8000/rss"), Source("feed", "https://far.example/rss")),
        ),
        replace(OWN, other_sites=("https://far.example",)),
    ],
)
def test_a_real_site_is_one_wherever_the_publisher_names_it(publisher: Publisher) -> None:
    with pytest.raises(UsageError, match=r"NEWSBOT_CONTACT is not set: https://far\.example"):
        check_contact(publisher, options(NEWSBOT_CONTACT=""))
    check_contact(publisher, options(NEWSBOT_CONTACT="me@example.org"))
    assert "DOWNLOAD_DELAY" not in politeness(publisher, options()), "it is asked as politely as any"


def test_an_address_named_beside_the_publisher_counts() -> None:
    with pytest.raises(UsageError, match=r"https://far\.example/a"):
        check_contact(OWN, options(NEWSBOT_CONTACT=""), ["http://127.0.0.1:8000/a", "https://far.example/a"])
    check_contact(OWN, options(NEWSBOT_CONTACT=""), ["http://127.0.0.1:8000/a"])


@pytest.mark.parametrize(
    "contact",
    ["me", "me@", "@example.org", "me@example.org\r\nX: y", "call (me@example.org)", "ftp://example.org"],
)
def test_a_contact_that_reaches_nobody_is_named(contact: str) -> None:
    for publisher in (REAL, OWN):
        with pytest.raises(UsageError, match=r"NEWSBOT_CONTACT is .*such as"):
            check_contact(publisher, options(NEWSBOT_CONTACT=contact))


@pytest.mark.parametrize(
    "contact", ["me@example.org", "mailto:me@example.org", "https://example.org/bot?x=1"]
)
def test_contacts_of_every_kind(contact: str) -> None:
    check_contact(REAL, options(NEWSBOT_CONTACT=contact))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]/", True),
        ("http://localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("https://example.com", False),
    ],
)
def test_what_is_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_a_site_of_ones_own_needs_no_delay_and_a_real_one_gets_the_default() -> None:
    assert politeness(OWN, options())["DOWNLOAD_DELAY"] == 0
    assert "DOWNLOAD_DELAY" not in politeness(REAL, options())
    assert settings.DOWNLOAD_DELAY > 0
    assert settings.AUTOTHROTTLE_ENABLED


def test_budgets_of_the_publisher_go_before() -> None:
    for publisher in (REAL, OWN):
        found = politeness(replace(publisher, budgets=Budgets(delay=3.0, concurrency=1)), options())
        assert (found["DOWNLOAD_DELAY"], found["CONCURRENT_REQUESTS_PER_DOMAIN"]) == (3.0, 1)


def test_tls_is_verified_unless_the_publisher_says_otherwise() -> None:
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES
    assert "DOWNLOAD_VERIFY_CERTIFICATES" not in politeness(REAL, options())
    assert politeness(replace(REAL, verify_tls=False), options())["DOWNLOAD_VERIFY_CERTIFICATES"] is False


def test_rendering_without_the_extra_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"real says render = true: .*pip install 'newsbot\[render\]'"):
        politeness(replace(REAL, render=True), options())


def test_a_browser_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match=r"NEWSBOT_CHROMIUM is /none, .*such as /usr/bin/chromium"):
        politeness(replace(REAL, render=True), options(NEWSBOT_CHROMIUM="/none"))


def test_the_way_in_is_shut() -> None:
    assert not settings.TELNETCONSOLE_ENABLED
    assert not settings.REMOTE_CONTROL_ENABLED
    assert not settings.COOKIES_ENABLED
    assert not settings.HTTPPROXY_ENABLED
    assert {scheme for scheme, handler in settings.DOWNLOAD_HANDLERS.items() if handler} == {"http", "https"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSBOT_MAX_PAGE_BYTES", "0"),
        ("NEWSBOT_MAX_SOURCE_BYTES", "many"),
        ("NEWSBOT_PAUSE", "-1"),
        ("NEWSBOT_MAX_PAUSE", "inf"),
        ("NEWSBOT_MAX_CRAWL_DELAY", ""),
        ("NEWSBOT_ROBOTS_FORBIDDEN", "maybe"),
    ],
)
def test_a_setting_that_means_nothing_is_named(name: str, value: str) -> None:
    given: dict[str, Any] = {name: value}
    with pytest.raises(SettingError, match=name):
        read_fetching(lambda asked: given.get(asked, getattr(settings, asked)))
