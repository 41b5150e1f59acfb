"""newsbot.extract.cuts: where elements were run together."""

from __future__ import annotations

import numpy as np
import pytest

from newsbot.extract.cuts import MOST_ATOMS, cut_line, describe_gaps, split_atoms
from newsbot.extract.forest import Forest
from newsbot.extract.line_model import load_dump_model


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("World PoliticsSport", ["World", "Politics", "Sport"]),
        ("was there.The next", ["was", "there.", "The", "next"]),
        ("said.“All night.”The", ["said.", "“All", "night.”", "The"]),
        ("updates12 May 2024By Jane", ["updates", "12", "May", "2024", "By", "Jane"]),
        ("it’s a U.S. boat", ["it’s", "a", "U.", "S.", "boat"]),
        ("渡轮终于来了。", ["渡轮终于来了。"]),
    ],
)
def test_words_are_split_where_two_may_be_run_together(line: str, pieces: list[str]) -> None:
    atoms = split_atoms(line)
    assert atoms.texts == pieces
    words = "".join(
        ("" if glued else " ") + text for text, glued in zip(atoms.texts, atoms.glued.tolist(), strict=True)
    )
    assert words.strip() == line, "nothing is lost"


def test_each_gap_has_a_column() -> None:
    atoms = split_atoms("Home Sport Home Sport FerryThe board bought a ferry.")
    matrix = describe_gaps(atoms)
    assert matrix.shape[1] == len(atoms.texts) and np.isfinite(matrix).all()
    assert describe_gaps(split_atoms("one")).shape == (matrix.shape[0], 1)


def stump(feature: int, threshold: float) -> Forest:
    """Return a forest that says yes where a feature is above a threshold."""
    return Forest(
        np.array([[feature]], np.int32), np.array([[threshold]], np.float32), np.array([[-9, 9]], np.float32)
    )


def test_a_line_is_cut_where_the_model_says_so() -> None:
    is_glued = stump(0, 0.5)
    assert cut_line("World PoliticsSport and thereThe next", is_glued) == [
        "World Politics",
        "Sport and there",
        "The next",
    ]
    assert cut_line("alone", is_glued) == ["alone"]
    assert cut_line("", is_glued) == [""]


def test_what_lies_beyond_the_bound_is_kept_whole() -> None:
    parts = cut_line("word " * (MOST_ATOMS + 7), stump(0, 0.5))
    assert [len(part.split()) for part in parts] == [MOST_ATOMS, 7]


def test_the_trained_model_cuts_menu_headline_and_text_apart() -> None:
    line = (
        "HomeWorldSportSign inIslanders greet ferry after four winters of waitingThe boat came in at first light on Thursday, "
        "two days late.It was tied up at the old mole before the church bell had rung.“It floats,” the baker said."
    )
    parts = cut_line(line, load_dump_model().cuts)
    assert "Islanders greet ferry after four winters of waiting" in parts
    assert "It was tied up at the old mole before the church bell had rung." in parts
