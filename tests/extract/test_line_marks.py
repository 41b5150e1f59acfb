"""newsbot.extract.line_marks: what a line of a dump is there for."""

from __future__ import annotations

import pytest

from newsbot.extract.line_marks import byline_of, find_stretch, is_behind, is_byline, is_date_line, is_icons
from newsbot.extract.lines import describe

PROSE = "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits."


@pytest.mark.parametrize("text", ["Comments", "12 comments", "Das könnte Sie auch interessieren", "関連記事"])
def test_heads_of_what_stands_behind(text: str) -> None:
    assert is_behind(describe(text))
    assert not is_behind(describe(f"{text} and so on and so forth, for the whole of a line"))


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("1 Dec, 2020 11:42", True),
        ("Updated: May 3, 2024 5:06 pm", True),
        ("03.05.2024", True),
        ("2024年5月3日", True),
        ("The last boat was bought on 3 May 2008, and sold in a year.", False),
        ("Call 555 1234", False),
    ],
)
def test_date_lines(text: str, is_date: bool) -> None:
    assert is_date_line(describe(text)) is is_date


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("Von Jane Doe, 3. Mai 2024", "Jane Doe"),
        ("By the harbour they waited", None),
        ("By 2030 it will be gone", None),
        ("Jane Doe", None),
    ],
)
def test_bylines(text: str, names: str | None) -> None:
    assert byline_of(describe(text)) == names
    assert is_byline(describe(text)) is (names is not None)


def test_icon_runs() -> None:
    assert is_icons(describe("icon bookmark-bicon bookmarkicon cameraicon checkicon fm"))
    assert not is_icons(describe("An icon of the age, he said, is an icon no more."))


def test_the_stretch_of_sentences_bridges_a_sub_heading_and_no_menu() -> None:
    lines = [
        describe(text)
        for text in ("Home", "Sport", PROSE, "What it cost", PROSE, *["Home", "Sport"] * 9, PROSE)
    ]
    assert find_stretch(lines) == (2, 5)
    assert find_stretch([describe("Home")]) == (0, 0)
