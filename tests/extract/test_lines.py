"""newsbot.extract.lines: cutting a dump into lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsbot.exceptions import UnreadablePage
from newsbot.extract.lines import describe, read_lines, unglue
from newsbot.items import Page


def dump(text: str | bytes) -> Page:
    body = text if isinstance(text, bytes) else text.encode()
    return Page(url=None, body=body, fetched_at=datetime(2024, 5, 6, tzinfo=UTC), status=None, media="text")


def texts(text: str | bytes) -> list[str]:
    return [line.text for line in read_lines(dump(text))[0]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0c"])
def test_every_kind_of_line_break_ends_a_line_and_empty_lines_go(end: str) -> None:
    assert texts(f"One  line{end}{end} \t {end}another\xa0one{end}") == ["One line", "another one"]


def test_lines_wrapped_at_a_width_are_joined_to_paragraphs() -> None:
    wrapped = (
        "The board met on Monday evening in the old customs house and\n"
        "talked for three hours about a boat that nobody had yet seen\n"
        "afloat, although two of the pilots had drawn it on a napkin.\n"
        "\n"
        "A second meeting is to follow within a week, the chair said,\n"
        "and then the islanders would be asked as well. Whether they\n"
        "have any money is another question.\n"
    )
    assert [line.split()[0] for line in texts(wrapped)] == ["The", "A"]


def test_lines_of_one_paragraph_each_are_not_joined() -> None:
    lines = [
        f"Paragraph {number} has its own line, and says something that no other says." for number in range(9)
    ]
    lines.append("x" * 200)
    assert texts("\n".join(lines)) == lines


def test_elements_run_together_are_cut_where_a_sentence_ends() -> None:
    glued = "The pier was closed.Nobody came.“We waited,” she said.“All night.”The U.S. boat left at 9.30 a.m. for St.John.A last."
    assert unglue(glued) == [
        "The pier was closed.",
        "Nobody came.",
        "“We waited,” she said.",
        "“All night.”",
        "The U.S. boat left at 9.30 a.m. for St.",
        "John.",
        "A last.",
    ]
    assert texts(glued) == unglue(glued)


def test_one_glued_sentence_alone_is_a_slip_of_the_pen() -> None:
    slip = "He left.She stayed for the whole of the night, and nobody knows why."
    assert texts(slip) == [slip]


@pytest.mark.parametrize("url", ["see example.com for more", "version 2.0beta", "Node.js and vue.js"])
def test_a_small_letter_behind_a_dot_begins_nothing(url: str) -> None:
    assert unglue(url) == [url]


def test_what_a_line_looks_like() -> None:
    prose = describe("The board met on Monday evening, and “nobody came.”")
    assert (prose.words, prose.sentences, prose.is_ended, prose.is_prose) == (9, 1, True, True)
    menu = describe("World Politics Business Sport")
    assert (menu.is_ended, menu.is_prose) == (False, False)
    assert (
        describe("• a boat").is_item
        and describe("2) a boat").is_item
        and not describe("2024 was a good year").is_item
    )
    chinese = describe("港務局週一晚上在舊海關大樓開會，討論了一艘還沒有人見過的船。")
    assert chinese.words > 8 and chinese.is_prose


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadablePage, match="empty"):
        read_lines(dump(b" \n\n"))
    with pytest.raises(UnreadablePage, match="picture"):
        read_lines(dump(b"\x89PNG\r\n\x1a\n" + bytes(range(200))))


def test_bytes_that_cannot_be_decoded_are_counted() -> None:
    page = dump(("Good text ä. " * 3000).encode() + b"\xff and more")
    lines, replaced = read_lines(page)
    assert replaced == 1
    assert "\ufffd" in lines[-1].text


def test_other_encodings_are_read() -> None:
    assert texts("Brücke über die Elbe".encode("utf-16")) == ["Brücke über die Elbe"]
    assert texts("Brücke über die Elbe".encode("cp1252")) == ["Brücke über die Elbe"]
