"""Rights signals of headers, meta elements and what was known before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.declared import Declared
from newsbot.extract.rights import read_rights
from tests.extract.reading import URL, article_of, page_of


def rights(
    headers: list[tuple[str, str]], before: dict[str, str | None] | None = None, html: str = ""
) -> dict[str, str | None]:
    return article_of(html, headers=headers, rights=before or {}).rights


def test_a_page_that_says_nothing() -> None:
    assert rights([]) == {}


def test_what_was_known_from_outside_stays() -> None:
    assert rights([], {"tdm_reservation": "1"}) == {"tdm_reservation": "1"}


def test_robots_of_meta_elements_are_joined_without_doubles() -> None:
    html = '<meta name="robots" content="noarchive"><meta name="ROBOTS" content="max-snippet:5">'
    html += "<meta name=robots content=noarchive>"
    assert rights([], html=html) == {"robots": "noarchive, max-snippet:5"}


def test_x_robots_tag_keeps_its_agents() -> None:
    assert (
        rights([("x-robots-tag", "otherbot: noindex"), ("x-robots-tag", "noarchive")])["x_robots_tag"]
        == "otherbot: noindex, noarchive"
    )


def test_meta_over_header_over_well_known_file() -> None:
    html = '<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="https://a.example/policy.json">'
    before: dict[str, str | None] = {"tdm_reservation": "1", "tdm_policy": "https://a.example/old.json"}
    assert rights([("tdm-reservation", "1")], before)["tdm_reservation"] == "1"
    found = rights([("tdm-reservation", "1")], before, html)
    assert found["tdm_reservation"] == "0"
    assert found["tdm_policy"] == "https://a.example/policy.json"


@pytest.mark.parametrize("value", ["2", "yes", "", "01", "true"])
def test_a_reservation_that_is_neither_0_nor_1_counts_as_unset(value: str) -> None:
    assert "tdm_reservation" not in rights([("tdm-reservation", value)])


def test_of_content_usage_the_most_restrictive_wins() -> None:
    found = rights([("content-usage", "train-ai=y, search=y")], {"content_usage": "train-ai=n"})
    assert found["content_usage"] == "train-ai=n, search=y"


def test_content_signal_of_the_header() -> None:
    assert (
        rights([("content-signal", "search=yes, ai-train=no")])["content_signal"] == "search=yes, ai-train=no"
    )


def test_an_rsl_license_by_link_element_or_header() -> None:
    html = '<link rel="license" type="application/rsl+xml" href="/license.xml"><link rel="license" href="https://cc.example/by">'
    assert rights([], html=html)["rsl_license"] == "https://www.harbour-herald.example/license.xml"
    header = '<https://a.example/x>; rel="next", <https://a.example/l.xml>; rel="license"; type="application/rsl+xml"'
    assert rights([("link", header)])["rsl_license"] == "https://a.example/l.xml"
    assert "rsl_license" not in rights([("link", '<https://a.example/l>; rel="license"')])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["x-robots-tag", "tdm-reservation", "content-usage", "link", "content-signal"]),
            st.text(max_size=60),
        ),
        max_size=4,
    )
)
def test_no_header_raises(headers: list[tuple[str, str]]) -> None:
    found = read_rights(page_of("", URL, headers=headers), Declared())
    assert all(value for value in found.values())
