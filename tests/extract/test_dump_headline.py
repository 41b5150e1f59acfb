"""newsbot.extract.dump_headline: which lines can be the headline, and as what."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.dedup.exact import fold
from newsbot.extract.dump_headline import find_candidates, may_head, text_start, without_site
from newsbot.extract.line_features import describe_lines, describe_lines_again
from newsbot.extract.lines import Line, describe

PROSE = "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits."


def lines_of(*texts: str) -> list[Line]:
    return [describe(text) for text in texts]


@pytest.mark.parametrize("text", ["3 May 2024", "By Jane Doe", "Home", "Sport", "x y", "word " * 70])
def test_what_can_be_no_headline(text: str) -> None:
    assert not may_head(describe(text))


@pytest.mark.parametrize(
    ("first", "other", "headline"),
    [
        ("Ferry bought at last | Tide", "Ferry bought at last", "Ferry bought at last"),
        ("Ferry bought at last – The Tide", "Home", "Ferry bought at last"),
        (
            "Ferry bought - islanders rejoice over it all night",
            "Home",
            "Ferry bought - islanders rejoice over it all night",
        ),
        ("Ferry bought at last", "Home", "Ferry bought at last"),
    ],
)
def test_the_sites_name_is_cut_off_the_window_title(first: str, other: str, headline: str) -> None:
    lines = lines_of(first, other)
    assert without_site(lines, [fold(line.text) for line in lines], 0) == headline


def test_elsewhere_only_what_stands_alone_is_cut_free() -> None:
    lines = lines_of("Home and sport", "Ferry bought - what now?")
    assert without_site(lines, [fold(line.text) for line in lines], 1) == "Ferry bought - what now?"


def test_candidates_stand_before_the_text_or_at_its_start() -> None:
    lines = lines_of(
        "Ferry bought | Tide", *["Home page"] * 150, "Ferry bought", PROSE, PROSE, PROSE, "Behind the text"
    )
    first = np.array([0.9 if line.text == PROSE else 0.1 for line in lines])
    columns = describe_lines(lines)
    describe_lines_again(columns, first)
    assert text_start(lines, first) == 152
    found = find_candidates(lines, columns, first)
    assert found.places[0] == 0 and found.places[-1] == 154 and 20 not in found.places
    assert found.features.shape[1] == len(found.places) == len(found.texts)


def test_without_lines_that_can_be_one_there_are_no_candidates() -> None:
    lines = lines_of("Home")
    columns = describe_lines(lines)
    assert find_candidates(lines, columns, np.array([0.1])).places == []
