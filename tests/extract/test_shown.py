"""Title, headings, dates and bylines as a page shows them."""

from __future__ import annotations

import pytest

from newsbot.extract.shown import Shown, hint_of, hinted_parts
from tests.extract.reading import signals_of


def shown(html: str) -> Shown:
    return signals_of(html).shown


def test_the_title_of_the_head_not_of_an_icon() -> None:
    assert shown("<svg><title>icon camera</title></svg><p>").title is None
    assert (
        shown("<title> Bridge\n opens </title><svg><symbol><title>icon</title></symbol></svg>").title
        == "Bridge opens"
    )


def test_headings_with_their_parts() -> None:
    found = shown(
        '<nav><h1>Herald</h1></nav><h1 class="headline"><span>City</span><span>Bridge opens</span></h1>'
    ).headings
    assert [(h.text, h.framed, h.marked, h.parts) for h in found] == [
        ("Herald", True, False, []),
        ("City Bridge opens", False, True, ["City", "Bridge opens"]),
    ]


def test_a_time_element_gives_its_attribute_and_its_text() -> None:
    found = shown(
        '<p><time datetime="2024-05-03T10:00Z"> 3 May\n 2024</time> <time>4 May 2024</time></p>'
    ).times
    assert [(time.value, time.text) for time in found] == [("2024-05-03T10:00Z", "3 May 2024")]


def test_a_line_of_both_dates_is_cut() -> None:
    assert hinted_parts("Published 3 May 2024, updated 4 May 2024") == [
        ("published", "Published 3 May 2024, "),
        ("modified", "updated 4 May 2024"),
    ]
    assert hinted_parts("3 May 2024") == [("", "3 May 2024")]
    assert hinted_parts("3 May 2024 Updated: 4 May 2024") == [
        ("", "3 May 2024 "),
        ("modified", "Updated: 4 May 2024"),
    ]
    assert hinted_parts("3 May 2024 (updated)") == [("modified", "3 May 2024 (updated)")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Veröffentlicht am", "published"),
        ("Aktualisiert:", "modified"),
        ("Ενημερώθηκε:", "modified"),
        ("опубликовано", "published"),
        ("обновлено", "modified"),
        ("تم تحديث", "modified"),
        ("更新", "modified"),
        ("公開", "published"),
        ("अपडेट", "modified"),
        ("3 May", ""),
        ("Photo credit", ""),
        ("Special edition", ""),
        ("The Republic", ""),
        ("Creative class", ""),
        ("Edited by Ada", "modified"),
        ("publié le", "published"),
        ("Publicado em", "published"),
    ],
)
def test_hints_in_many_languages(text: str, expected: str) -> None:
    assert hint_of(text) == expected


def test_bylines_by_relation_link_and_class() -> None:
    found = shown(
        '<p><a rel="author" href="/x">Ada Quill</a></p><p><a href="/authors/ben-roe">Ben Roe</a></p>'
        '<div class="byline"><p>Cy Poe</p><p>Reporter</p></div>'
    ).bylines
    assert [(b.text, b.kind) for b in found] == [
        ("Ada Quill", "rel"),
        ("Ben Roe", "link"),
        ("Cy Poe\nReporter", "class"),
    ]


@pytest.mark.parametrize("around", ["comment", "comments-list", "commentlist", "replies"])
def test_who_comments_writes_no_article(around: str) -> None:
    assert shown(f'<ol class="{around}"><li><b class="author">Dee Loud</b> says:</li></ol>').bylines == []


def test_links_that_are_tags() -> None:
    html = '<a rel="tag" href="/t/1">Bridges</a><a rel="category tag" href="/t/2"> Port </a>'
    html += '<div class="related"><a rel="tag">Ferry</a></div>'
    assert shown(html).tags == ["Bridges", "Port"]


def test_a_link_in_a_sentence_is_no_byline() -> None:
    text = "The council heard at great length from " + "word " * 60
    assert shown(f'<p>{text}<a href="/people/ada-quill">Ada Quill</a> and others {text}</p>').bylines == []
