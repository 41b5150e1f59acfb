"""Tests of newsbot.extract.compiled: what is written in C does the same as what is written in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.extract import forest, tree
from newsbot.extract.compiled import forest_in_c, walk_in_c
from newsbot.extract.elements import BR, KINDS, TEXT, kind_of
from newsbot.extract.forest import Forest
from newsbot.extract.tree import BLOCK_LIMIT, Run, Tree, parse, walk
from tests.extract.blocks import news_page

built = pytest.mark.skipif(walk_in_c is None, reason="not built here: no C compiler, or NEWSBOT_PURE is set")

PIECES = [
    *(
        "<p>",
        "</p>",
        "<div class=a>",
        "</div>",
        "<a href=x>",
        "</a>",
        "<b>",
        "<i>",
        "</b>",
        "<pre>",
        "</pre>",
        "<br>",
        "<li>",
        "<h2>",
    ),
    *(
        "<x-part>",
        "<blink>",
        "<script>x()</script>",
        "<svg><a>x</a></svg>",
        "<!-- -->",
        "<table><td>",
        "</table>",
        "<li>\n<br>\n",
    ),
    *(
        "word",
        " two  words ",
        "\n",
        " ",
        "\v",
        "\xa0",
        "\u2003“é”",
        "🚢",
        "<b>\v</b>",
        "<template><p>x</p></template>",
    ),
]


def both(html: str) -> list[Tree]:
    """Return the tree of a page by C and by Python."""
    parser = parse(html)
    in_c = walk(parser)
    with patch.object(tree, "walk_in_c", None):
        return [in_c, walk(parser)]


@built
@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_the_walk_is_the_same(pieces: list[str]) -> None:
    in_c, in_python = both("".join(pieces))
    assert in_c == in_python
    assert all(type(run) is Run for run in in_c.runs)


@built
@pytest.mark.parametrize(
    "html",
    [
        "",
        news_page(),
        "<div>" * 10_000 + "x",
        "<div><b>" + "word<br><br>" * (BLOCK_LIMIT + 100),
        "<p>word</p>" * (BLOCK_LIMIT + 100),
        "<b><i></i></b>" * 60_000 + "<p>word</p>",
        "<p>" + "<b>a</b> <i>c </i>\n" * 5_000,
        f"<p>{'long  ' * 300_000}</p>",
        "<p " + " ".join(f"a{number}=x" for number in range(10_000)) + ">x",
    ],
    ids=["empty", "news", "deep", "lines", "blocks", "elements", "pieces", "long", "attributes"],
)
def test_the_walk_is_the_same_on_pages_built_to_hurt(html: str) -> None:
    in_c, in_python = both(html)
    assert in_c == in_python


@built
@given(st.integers(1, 7), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_a_forest_gives_the_same_bits(depth: int, blocks: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    inner = 2**depth - 1
    trees = Forest(
        draw.integers(0, 5, (9, inner), np.int32),
        draw.random((9, inner), np.float32),
        draw.standard_normal((9, inner + 1), np.float32),
    )
    columns = draw.random((5, blocks), np.float32)
    in_c = trees.probabilities(columns)
    with patch.object(forest, "forest_in_c", None):
        assert trees.probabilities(columns).tolist() == in_c.tolist()


@built
@given(st.integers(0, 2**32 - 1))
def test_a_forest_whose_trees_end_early_gives_the_same_bits(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = np.array([-np.inf, -1, 0, 1, np.inf, np.nan], np.float32)
    trees = Forest(
        draw.integers(0, 3, (20, 31), np.int32),
        draw.choice(values[:5], (20, 31)),
        draw.standard_normal((20, 32), np.float32),
    )
    columns = draw.choice(values, (3, 130))
    in_c = trees.probabilities(columns)
    with patch.object(forest, "forest_in_c", None):
        assert trees.probabilities(columns).tolist() == in_c.tolist()


@built
@pytest.mark.parametrize(
    ("feature", "threshold", "leaf", "depth", "message"),
    [
        ([0, -1, 0], [1.0] * 3, [1.0] * 4, 2, "feature that there is not"),
        ([0, 1, 0], [1.0] * 2, [1.0] * 4, 2, "do not fit"),
        ([0, 1, 0], [1.0] * 3, [1.0] * 3, 2, "do not fit"),
        ([0, 1, 0], [1.0] * 3, [1.0] * 4, 0, "depth"),
        ([0, 1, 0], [1.0] * 3, [1.0] * 4, 21, "depth"),
    ],
)
def test_a_forest_that_does_not_fit_is_refused(
    feature: list[int], threshold: list[float], leaf: list[float], depth: int, message: str
) -> None:
    assert forest_in_c is not None
    arrays = np.array(feature, np.int32), np.array(threshold, np.float32), np.array(leaf, np.float32)
    with pytest.raises(ValueError, match=message):
        forest_in_c.pack(*arrays, depth)


@built
def test_a_forest_is_not_asked_about_columns_that_there_are_not() -> None:
    assert forest_in_c is not None
    trees = np.array([0, 7, 0], np.int32), np.ones(3, np.float32), np.ones(4, np.float32)
    packed = forest_in_c.pack(*trees, 2)
    with pytest.raises(ValueError, match="feature that there is not"):
        forest_in_c.score(packed, np.zeros((7, 3), np.float32), np.zeros(3))
    with pytest.raises(ValueError, match="Capsule"):
        forest_in_c.score(b"", np.zeros((8, 3), np.float32), np.zeros(3))


@built
def test_the_walk_refuses_lists_without_the_root() -> None:
    assert walk_in_c is not None
    lists: tuple[list[Any], ...] = tuple([] for _ in range(7))
    with pytest.raises(ValueError, match="root"):
        walk_in_c.walk(lists, KINDS, kind_of, Run, (TEXT, BR), (9, 9, 9))


@built
def test_an_error_on_the_way_is_raised_and_nothing_is_kept() -> None:
    def fails(_: str) -> Any:
        raise RuntimeError("no such kind")

    assert walk_in_c is not None
    root = parse("<p>x</p><div><x-part>y</x-part></div>").body
    with pytest.raises(RuntimeError, match="no such kind"):
        walk_in_c.walk(([root], ["body"], [-1], [0], [0], [-1], []), KINDS, fails, Run, (TEXT, BR), (9, 9, 9))


def test_the_sources_are_where_the_build_looks_for_them() -> None:
    setup = Path(__file__).resolve().parents[2] / "setup.py"
    for name in ("_walk", "_forest"):
        assert name in setup.read_text(encoding="utf-8")
        assert (setup.parent / "newsbot" / "extract" / f"{name}.c").is_file()
