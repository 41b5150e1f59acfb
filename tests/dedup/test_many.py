"""Sketches of many texts at a time say what those of one at a time say."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest

from newsbot.dedup.many import sketch_many
from newsbot.dedup.near import PERMUTATIONS, shingles

RNG = random.Random(11)
WORDS = [f"word{number}" for number in range(3000)]


def text(count: int) -> str:
    return " ".join(RNG.choice(WORDS) for _ in range(count))


def test_sizes_are_those_of_the_sets_of_runs() -> None:
    texts = [text(400), f"{text(30)} " * 3, text(13), "", text(11), "a b c " * 40]
    sizes, sketches = sketch_many(texts)
    expected = [len(shingles(one)) if len(one.split()) >= 12 else 0 for one in texts]
    assert sizes.tolist() == expected
    assert sketches.shape == (6, PERMUTATIONS)


@pytest.mark.parametrize("share", [0.9, 0.5, 0.0])
def test_similarity_is_the_share_of_common_runs(share: float) -> None:
    whole = text(1000).split()
    part = " ".join(whole[: round(1000 * share)]) or text(900)
    _, sketches = sketch_many([text(50), " ".join(whole), text(50), part])
    assert (sketches[1] == sketches[3]).mean() == pytest.approx(share, abs=0.15), "four standard errors"


def test_order_counts_and_neighbours_do_not() -> None:
    one, other = text(100), text(300)
    _, alone = sketch_many([one])
    _, among = sketch_many([other, one, other])
    assert np.array_equal(alone[0], among[1])
    assert np.array_equal(among[0], among[2])
    words = one.split()
    _, backwards = sketch_many([" ".join(reversed(words))])
    assert (alone[0] == backwards[0]).mean() < 0.1


def test_nothing_gives_nothing() -> None:
    sizes, sketches = sketch_many([])
    assert (len(sizes), sketches.shape) == (0, (0, PERMUTATIONS))
    assert sketch_many(["", "two words"])[0].tolist() == [0, 0]


def test_sketches_are_the_same_in_every_process() -> None:
    code = "from newsbot.dedup.many import sketch_many; print(sketch_many(['a b c d e f g h i j k l m'])[1].tolist())"
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
        for _ in range(2)
    }
    assert runs == {f"{sketch_many(['a b c d e f g h i j k l m'])[1].tolist()}\n"}
