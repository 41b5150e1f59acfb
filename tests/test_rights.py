"""What the rights signals of a page let be kept, under each policy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsbot.extract.declared import Declared
from newsbot.items import Page
from newsbot.options import Rights
from newsbot.rights import Decision, apply_policy, declared_rights, directives, reservation

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEEP = Decision()


def page(body: bytes = b"", *headers: tuple[str, str], **rights: str | None) -> Page:
    return Page("https://example.com/a", body, NOW, headers=list(headers), rights=rights)


# -- reading -------------------------------------------------------------------------------------------------


def test_signals_from_outside_headers_and_head() -> None:
    found = declared_rights(
        page(
            b"<head><meta name='robots' content='noarchive'><meta name=tdm-policy content=https://p/>"
            b'<meta content="nofollow" name="newsbot"></head>',
            ("x-robots-tag", "noindex"),
            ("tdm-reservation", "1"),
            content_signal="ai-train=no",
        )
    )
    assert found == {
        "content_signal": "ai-train=no",
        "x_robots_tag": "noindex",
        "tdm_reservation": "1",
        "robots": "noarchive, nofollow",
        "tdm_policy": "https://p/",
    }


def test_a_meta_element_overrides_a_header_and_a_header_the_file() -> None:
    found = declared_rights(
        page(b'<meta name="tdm-reservation" content="0">', ("tdm-reservation", "1"), tdm_reservation="1")
    )
    assert found["tdm_reservation"] == "0"
    assert declared_rights(page(b"", ("tdm-reservation", "0"), tdm_reservation="1"))["tdm_reservation"] == "0"


def test_a_page_that_says_nothing_has_no_rights() -> None:
    assert declared_rights(page(b"<meta name=description content=noindex>")) == {}


def test_other_agents_are_not_us() -> None:
    found = declared_rights(page(b'<meta name="googlebot" content="noindex">'))
    assert found == {}


def test_a_page_of_one_long_tag_ends_in_time() -> None:
    assert declared_rights(page(b"<meta " * 20_000 + b"name=" * 20_000)) == {}


def test_the_same_as_metadata_reads_off_the_page() -> None:
    """newsbot.extract.rights reads headers for the row by the same names."""
    from newsbot.extract.rights import read_rights

    given = page(b"", ("x-robots-tag", "noindex"), ("tdm-reservation", "1"), content_usage="train-ai=n")
    row = read_rights(given, Declared())
    assert {
        name: row.get(name) for name in ("x_robots_tag", "tdm_reservation", "content_usage")
    } == declared_rights(given)


# -- directives ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("noindex, nofollow", {"noindex", "nofollow"}),
        ("NOINDEX", {"noindex"}),
        ("googlebot: noindex, nofollow", set()),
        ("googlebot: noindex, newsbot: noarchive", {"noarchive"}),
        ("newsbot: none", {"none"}),
        ("*: none", {"none"}),
        (
            "max-snippet:-1, max-image-preview:large, noarchive",
            {"max-snippet", "max-image-preview", "noarchive"},
        ),
        ("unavailable_after: 25 Jun 2010 15:00:00 GMT", {"unavailable_after"}),
        ("unavailable_after: 2010-06-25", {"unavailable_after"}),
        ("unavailable_after: 25 Jun 2110 15:00:00 GMT", set()),
        ("unavailable_after: soon", set()),
        ("", set()),
        (", ,:", set()),
    ],
)
def test_directives_that_bind_us(text: str, expected: set[str]) -> None:
    assert directives({"x_robots_tag": text}, NOW) == expected


# -- policy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "policy", "expected"),
    [
        ({"robots": "noindex"}, "record", KEEP),
        ({}, "default", KEEP),
        ({}, "strict", KEEP),
        ({"robots": "noarchive"}, "default", Decision(keep_page=False, reason="noarchive")),
        ({"robots": "noindex"}, "default", Decision(keep_text=False, reason="noindex")),
        ({"robots": "none"}, "default", Decision(keep_page=False, keep_text=False, reason="none")),
        ({"x_robots_tag": "noindex, noarchive"}, "default", Decision(False, False, "noindex")),
        ({"x_robots_tag": "noai"}, "default", KEEP),
        ({"x_robots_tag": "noai"}, "strict", Decision(False, False, "noai")),
        ({"tdm_reservation": "1"}, "default", KEEP),
        ({"tdm_reservation": "1"}, "strict", Decision(False, False, "tdm_reservation")),
        ({"tdm_reservation": "0"}, "strict", KEEP),
        (
            {"content_signal": "search=yes, ai-train=no"},
            "strict",
            Decision(False, False, "content_signal ai-train"),
        ),
        ({"content_usage": "train-ai=n"}, "strict", Decision(False, False, "content_usage train-ai")),
        ({"content_usage": "search=n, train-ai=y"}, "strict", KEEP),
        ({"robots": None, "tdm_reservation": None}, "strict", KEEP),
    ],
)
def test_what_may_be_kept(rights: dict[str, str | None], policy: Rights, expected: Decision) -> None:
    assert apply_policy(rights, policy, NOW) == expected


@pytest.mark.parametrize("text", ["", "ai-train", "ai-train=", "=no", "ai-train=maybe", ",,"])
def test_rubbish_reserves_nothing(text: str) -> None:
    assert reservation({"content_signal": text}) is None
