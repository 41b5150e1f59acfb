"""Dates that a page shows, and how likely each is the article's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsbot.extract import shown_dates as module
from newsbot.extract.shown_dates import (
    MOST,
    NONE,
    ShownDate,
    beside_headline,
    changes,
    hint_of_class,
    likely,
    load_weights,
)
from tests.extract.reading import signals_of

HEAD = "<h1>Bridge opens</h1>"
TEXT = "<p>" + "The bridge over the river has been opened to all who want to cross it. " * 5 + "</p>"


def shown(html: str) -> list[ShownDate]:
    return signals_of(html).dates("Bridge opens")


def only(html: str) -> ShownDate:
    found = shown(html)
    assert len(found) == 1, found
    return found[0]


def test_a_page_without_dates() -> None:
    assert shown(HEAD + TEXT) == []
    assert shown("") == []


@pytest.mark.parametrize(
    "text",
    ["3 May 2024", "Published: May 3, 2024", "03/05/24", "2024年5月3日", "٣ مايو ٢٠٢٤", "3 พฤษภาคม 2567"],
)
def test_short_blocks_with_a_date_are_candidates(text: str) -> None:
    assert only(f"{HEAD}<p>{text}</p>{TEXT}").value == text


@pytest.mark.parametrize(
    "text", ["© 2024 Herald", "Call 01234 567", "In May", "The year was 2024, and all was well. " * 12]
)
def test_other_blocks_are_not(text: str) -> None:
    assert shown(f"{HEAD}<p>{text}</p>") == []


def test_a_dateline_opens_a_paragraph() -> None:
    assert (
        only(f"{HEAD}<p>Port Alder, 3 May 2024 – {TEXT[3:]}").value
        == "Port Alder, 3 May 2024 – The bridge over"
    )


def test_a_year_in_the_headline_is_none() -> None:
    assert signals_of("<h1>12 bridges of 2024</h1>").dates("12 bridges of 2024") == []


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ("<p><b>Ada Quill</b><i>May 3, 2024</i></p>", "Ada Quill May 3, 2024"),
        ("<p><b>Ada</b><i>3/5/2024</i></p>", "Ada 3/5/2024"),
        ("<p><b>May 3, 2024</b><i>May 4, 2024</i></p>", "May 3, 2024 May 4, 2024"),
        ("<p><b>03.05.24</b><i>12:34</i></p>", "03.05.24 12:34"),
    ],
)
def test_texts_that_style_alone_parts_are_parted(html: str, value: str) -> None:
    assert only(HEAD + html).value == value


def test_the_attribute_of_a_time_element_comes_before_its_text() -> None:
    found = shown(f'{HEAD}<p>Posted <time datetime="2024-05-03T10:00Z">3 May 2024</time></p>{TEXT}')
    assert [(date.value, date.kind, date.hint) for date in found] == [
        ("2024-05-03T10:00Z", "datetime", "published"),
        ("Posted 3 May 2024", "text", "published"),
    ]
    assert likely(found)[0] == "2024-05-03T10:00Z"


def test_an_empty_time_element_stands_in_its_parent() -> None:
    found = shown(f'{HEAD}<div>By Ada<time datetime="2024-05-03"></time></div>{TEXT}')
    assert [date.value for date in found] == ["2024-05-03"]


def test_each_of_two_times_in_a_line_has_its_own_hint() -> None:
    line = 'Published <time datetime="2024-05-03">3 May 2024</time>, updated <time datetime="2024-05-04">4 May 2024</time>'
    found = shown(f"{HEAD}<p>{line}</p>{TEXT}")
    assert {date.value: date.hint for date in found if date.kind == "datetime"} == {
        "2024-05-03": "published",
        "2024-05-04": "modified",
    }


@pytest.mark.parametrize(
    ("html", "hint"),
    [
        ("<p>Last updated: 3 May 2024</p>", "modified"),
        ("<div>Last updated:</div><div>3 May 2024</div>", "modified"),
        ('<p class="updated">3 May 2024</p>', "modified"),
        ('<p class="entry-date published updated">3 May 2024</p>', "published"),
        ("<p>Veröffentlicht am 3. Mai 2024</p>", "published"),
        ("<p>3 May 2024</p>", ""),
    ],
)
def test_what_a_date_is_said_to_be(html: str, hint: str) -> None:
    assert only(HEAD + html).hint == hint


def test_classes_that_name_both_speak_of_publication() -> None:
    assert hint_of_class("entry-date published updated") == "published"
    assert hint_of_class("date updated") == "modified"
    assert hint_of_class("date") == ""


def test_the_date_below_the_headline_comes_before_those_of_teasers() -> None:
    teasers = "".join(
        f'<li class="post"><a>Story</a><span>{day} June 2024</span></li>' for day in range(1, 8)
    )
    found = shown(f"<ul>{teasers}</ul>{HEAD}<p>3 May 2024</p>{TEXT}<ul>{teasers}</ul>")
    assert likely(found) == ["3 May 2024"]
    assert beside_headline(found) == ["3 May 2024"]


def test_where_only_teasers_have_dates_there_is_none() -> None:
    teasers = "".join(
        f'<li class="post"><a>Story {day}</a><span>{day} June 2024</span></li>' for day in range(1, 8)
    )
    assert likely(shown(f"{HEAD}{TEXT}{TEXT}<p>More</p><ul>{teasers}</ul>")) == []


def test_a_date_behind_the_text_corrects_nothing() -> None:
    found = shown(f"{HEAD}{TEXT}{TEXT}<p>Published on 3 May 2024</p>")
    assert likely(found) == ["Published on 3 May 2024"]
    assert beside_headline(found) == []


def test_changes_are_kept_apart() -> None:
    found = shown(f"{HEAD}<p>3 May 2024</p><p>Updated 4 May 2024</p>{TEXT}")
    assert likely(found) == ["3 May 2024"]
    assert changes(found) == ["Updated 4 May 2024"]
    assert changes(shown(f"{HEAD}{TEXT}<aside><p>Updated 4 May 2024</p></aside>")) == []


def test_where_it_stands() -> None:
    date = only(f"<p>x</p>{HEAD}<p>By Ada</p><ul><li>3 May 2024</ul>{TEXT}")
    assert {"zone_head", "distance_2", "length_25", "alone", "listed", "text"} <= date.features.keys()
    behind = only(f"{HEAD}{TEXT}<footer><p class=date>3 May 2024</p></footer>")
    assert {"zone_tail", "aside", "marked"} <= behind.features.keys()


def test_the_same_date_twice_is_no_list() -> None:
    line = '<p class="d">3 May 2024</p>'
    assert all("alone" in date.features for date in shown(f"{HEAD}{line}{TEXT}{line}"))
    other = '<p class="d">4 May 2024</p>'
    assert all("repeated" in date.features for date in shown(f"{HEAD}{line}{TEXT}{other}"))


def test_a_page_of_dates_is_bounded() -> None:
    assert len(shown(HEAD + "<li>3 May 2024</li>" * 2000)) == MOST


def test_every_weight_is_of_a_feature() -> None:
    weights = load_weights()
    assert NONE in weights
    source = Path(module.__file__).read_text(encoding="utf-8")
    plain = [name for name in weights if "&" not in name and "_" not in name]
    assert all(f'"{name}"' in source for name in plain)
    model = json.loads(Path(module.__file__).with_name("dates.json").read_text(encoding="utf-8"))
    assert set(model["trained_on"]) >= {"fundus", "wcxb"}
