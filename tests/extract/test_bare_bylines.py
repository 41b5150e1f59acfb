"""Names of authors that no mark-up marks."""

from __future__ import annotations

import pytest

from newsbot.extract.bare_bylines import LONGEST, unmarked_authors
from newsbot.extract.names import words
from tests.extract.reading import article_of

TEXT = "The bridge over the river has been opened to all who want to cross it."


def named(*texts: str, at: int = 0) -> list[str]:
    """Return the authors found in texts, the headline being the one at `at`."""
    return unmarked_authors(
        ["Bridge opens" if place == at else text for place, text in enumerate(["", *texts])],
        at,
        "Herald".__eq__,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("ByAda Quill", ["Ada Quill"]),
        ("Von Ada Quill und Ben Roe", ["Ada Quill", "Ben Roe"]),
        ("Written by Ada Quill", ["Ada Quill"]),
        ("03/01/2017 by Ada Quill, Head of Bridges", ["Ada Quill"]),
        ("Dec 08, 2019 by Ada Quill in Bridges", ["Ada Quill"]),
        ("Ada Quill | Senior Writer | July 2, 2025", ["Ada Quill"]),
        ("Ada Quill\nStaff reporter", ["Ada Quill"]),
        ("By the river", []),
        ("Crossed by Ada Quill", []),
        ("Photo by Ada Quill", []),
        ("March 20, 2023 | Project Management", []),
        ("Ada Quill", []),
        ("By Ada Quill " + "and so on " * LONGEST, []),
    ],
)
def test_texts_below_the_headline(text: str, expected: list[str]) -> None:
    assert named(text, TEXT) == expected


def test_the_name_may_follow_in_the_next_text() -> None:
    assert named("By", "Ada Quill", TEXT) == ["Ada Quill"]


def test_a_name_alone_that_the_page_tells_more_of() -> None:
    bio = "Ada Quill is a reporter who has written on bridges and ports for twenty years."
    assert named("Ada Quill", TEXT, bio) == ["Ada Quill"]
    assert (
        named("Ada Quill", TEXT, "Ada Quill said to the council that the bridge would be open to all by May.")
        == []
    )


def test_names_far_from_the_headline_are_others() -> None:
    far = [TEXT] * 70
    assert named(*far, "By Ada Quill") == []
    assert named(*far, "Ada Quill | Senior Writer") == []
    assert named(*far, "Written by Ada Quill") == ["Ada Quill"]


def test_the_site_is_no_author() -> None:
    texts = ["Bridge opens", "By Harbour Herald"]
    assert unmarked_authors(texts, 0, "Harbour Herald".__eq__) == []


def test_no_texts() -> None:
    assert unmarked_authors([], 0, bool) == []


@pytest.mark.parametrize("concept", ["job", "bio"])
def test_words_are_in_lower_case(concept: str) -> None:
    assert all(word == word.lower() for word in words(concept))


def test_a_statement_of_name_and_job_gives_way_to_the_byline() -> None:
    html = (
        '<div itemscope itemtype="https://schema.org/Article"><p itemprop="author">By Ada Quill Senior Bridge Reporter</p></div>'
        '<h1>Bridge opens</h1><div class="byline"><p>By Ada Quill</p><p>Senior Bridge Reporter</p></div>'
    )
    article = article_of(html)
    assert article.authors == ["Ada Quill"]
    assert article.provenance["authors"] == "html"


def test_the_site_beside_the_author_is_no_second_one() -> None:
    html = (
        '<meta property="og:site_name" content="Harbour Herald"><meta name="author" content="Ada Quill">'
        '<h1>Bridge opens</h1><p class="byline">By Ada Quill | Harbour Herald</p>'
    )
    assert article_of(html).credited == ["Ada Quill"]
