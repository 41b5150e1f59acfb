"""On which line a key stands."""

from __future__ import annotations

import pytest

from newsbot.publishers.lines import Place, line_of, spell

TEXT = """\
# a comment with site = "nothing"
site = "https://example.com"
"title" = "Example"

[[sources]]
kind = "feed"
url = "https://example.com/rss"

[[sources]]   # the second
kind = "sitemap"
url = "https://example.com/sitemap.xml"

[budgets]
  delay = 2
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("site",), 2),
        (("title",), 3),
        (("sources", 0), 5),
        (("sources", 0, "url"), 7),
        (("sources", 1, "kind"), 10),
        (("budgets", "delay"), 14),
        (("sources", 1, "missing"), 9),
        (("sources", 7, "kind"), 5),
        (("nowhere",), None),
        ((), None),
    ],
)
def test_a_key_or_the_table_around_it_is_found(place: Place, line: int | None) -> None:
    assert line_of(TEXT, place) == line


def test_places_are_spelled_as_people_count() -> None:
    assert spell(("sources", 1, "kind")) == "sources[2].kind"
    assert spell(("site",)) == "site"
    assert spell(()) == ""
