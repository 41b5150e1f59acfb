"""Tests of benchmarks.labels: the share of a block that stands in the truth."""

from __future__ import annotations

import pytest

from benchmarks.labels import label_blocks, words_of


@pytest.mark.parametrize(
    ("blocks", "truths", "labels"),
    [
        (["Menu here now", "The ferry left the harbour", "Share this story"], ["The ferry left the harbour"], [0, 1, 0]),
        (["One two three four", "Five"], ["One two three four Five"], [1, 1]),
        (["one two three inserted words four five six"], ["one two three four five six"], [0.75]),
        # Any of several truths will do.
        (["A lead comes first", "Text comes after"], ["Text comes after", "A lead comes first Text comes after"], [1, 1]),
        # What comes twice on the page counts where the order fits.
        (["It left at noon", "Some words of text", "It left at noon"], ["Some words of text It left at noon"], [0, 1, 1]),
        (["…", "one two three"], ["one two three"], [0, 1]),
        (["a b c"], [], [0]),
        (["東京の船が出た"], ["東京の船が出た"], [1]),
    ],
)  # fmt: skip
def test_a_block_counts_by_its_words_in_the_truth(
    blocks: list[str], truths: list[str], labels: list[float]
) -> None:
    assert label_blocks(blocks, truths) == pytest.approx(labels)


def test_words_are_folded_and_characters_of_scripts_without_spaces_stand_alone() -> None:
    assert words_of("Fähre, 2 Boote: 東京") == ["fähre", "2", "boote", "東", "京"]
