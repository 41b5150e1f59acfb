"""newsbot.extract.lines: cutting a dump into lines."""

from __future__ import annotations

import pytest

from newsbot.extract.lines import LONGEST_LINE, MOST_CUT, MOST_LINES, cut_lines, describe, part_sentences


def texts(text: str) -> list[str]:
    return [line.text for line in cut_lines(text, lambda line: [line])]


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


def test_only_where_elements_were_run_together_lines_are_cut() -> None:
    def halve(line: str) -> list[str]:
        return [line[: len(line) // 2], line[len(line) // 2 :]]

    slip = "He left.She stayed for the whole of the night, and nobody knows why."
    assert [line.text for line in cut_lines(slip, halve)] == [slip], "one slip of the pen"
    glued = "The pier was closed.Nobody came.“We waited,” she said.“All night.”The boat left."
    assert len(cut_lines(glued, halve)) == 2
    assert len(cut_lines("word " * 800, halve)) >= 2, "no paragraph is so long"


def test_sentences_cut_apart_follow_each_other() -> None:
    glued = (
        "Home.Sport.Isles.News "
        + "The board bought a ferry on Monday. It floats, said the chair of the board. " * 5
    )
    lines = cut_lines(glued, lambda line: [line])
    assert len(lines) == 10
    assert [line.follows for line in lines[:3]] == [False, True, True]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("“He left.” She stayed.", ["“He left.”", "She stayed."]),
        (
            "At 9.30 a.m. he left, cf. the U.S. edition of it.",
            ["At 9.30 a.m. he left, cf. the U.S. edition of it."],
        ),
        ("他走了。她留下了。", ["他走了。", "她留下了。"]),
        ("No end", ["No end"]),
    ],
)
def test_lines_are_cut_between_sentences(line: str, parts: list[str]) -> None:
    assert part_sentences(line) == parts


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


def test_a_dump_is_read_up_to_its_bounds() -> None:
    assert len(texts("line\n" * (MOST_LINES + 5))) == MOST_LINES
    assert texts("x" * (LONGEST_LINE + 5)) == ["x" * LONGEST_LINE]
    assert texts(" \n\n") == []


def test_wrapped_lines_without_end_are_paragraphs_of_bounded_length() -> None:
    wrapped = "The board met on Monday evening in the old customs house and\n" * 4000
    assert max(map(len, texts(wrapped))) <= LONGEST_LINE


def test_what_lies_beyond_a_bound_is_not_looked_at_for_elements_run_together() -> None:
    seen: list[int] = []

    def cut(line: str) -> list[str]:
        seen.append(len(line))
        return [line]

    cut_lines("\n".join(["The pier was closed.Nobody came.“We waited” " * 1000] * 12), cut)
    assert MOST_CUT <= sum(seen) < MOST_CUT + LONGEST_LINE
