"""The small cleanings that all readers share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.discover.found import MAX_URL, address, raw, title
from newsbot.urls import clean_url

BASE = "https://www.example.com/news/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.com/a-b_c/1.html", "https://www.example.com/a-b_c/1.html"),
        ("https://www.example.com/a?utm_source=x&id=3#top", "https://www.example.com/a?id=3"),
        ("https://me:secret@www.example.com/a", "https://www.example.com/a"),
        ("../a", "https://www.example.com/a"),
        ("//cdn.example.com/a", "https://cdn.example.com/a"),
        (" https://www.example.com/a\n b ", "https://www.example.com/a%20b"),
        ("HTTPS://WWW.EXAMPLE.COM/A", "https://www.example.com/A"),
        ("javascript:alert(1)", None),
        ("ftp://www.example.com/a", None),
        ("https://[bad/", None),
        ("https://www.example.com:99999/", None),
        ("https://www.example.com/" + "a" * MAX_URL, None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_absolute_and_clean(url: str | None, expected: str | None) -> None:
    assert address(url, BASE) == expected


@given(st.from_regex(r"https?://[a-z0-9-]{1,8}\.[a-z]{2,5}/[A-Za-z0-9/_.,~%+-]{0,30}", fullmatch=True))
def test_the_short_cut_changes_nothing(url: str) -> None:
    assert address(url, BASE) == clean_url(url)


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    found = address(text, BASE)
    assert found is None or found.startswith(("http://", "https://"))
    assert title(text) is None or title(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry &amp;amp; mole", "Ferry & mole"),
        ("<b>Ferry</b>&lt;i&gt; sails", "Ferry sails"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("\n  a\t b ", "a b"),
        ("x" * 9000, "x" * 500),
        ("<b></b>", None),
        (None, None),
    ],
)
def test_titles_are_plain_text(text: str | None, expected: str | None) -> None:
    assert title(text) == expected


def test_dates_stay_as_written_but_short() -> None:
    assert raw(" 1 Dec 2020 ") == "1 Dec 2020"
    assert raw("x" * 500) == "x" * 100
    assert raw(" ") is raw(None) is None
