"""Features are the same bits in C as with numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.extract import features
from newsbot.extract.compiled import features_in_c
from newsbot.extract.features import describe, describe_with_numpy
from newsbot.extract.hinted import Hints
from newsbot.extract.second import describe_again
from newsbot.extract.sheet import Table
from newsbot.extract.tree import BLOCK_LIMIT, Run, Tree
from tests.extract.blocks import SENTENCE, built, news_page, tree_of

# What features tell apart: element names and classes, kinds of characters, words, sentences, copies, attributes.
TOLD = [
    *(
        "<p>",
        "</p>",
        "<div class=story-body>",
        "<div class=comments>",
        "<div>",
        "</div>",
        "<article>",
        "</article>",
    ),
    *(
        "<li class=related-item>",
        "</li>",
        "<ul>",
        "</ul>",
        "<h1>",
        "</h1>",
        "<h3>",
        "</h3>",
        "<a href=x>",
        "</a>",
        "<b>",
    ),
    *(
        "<div hidden>",
        "<p id=byline-author>",
        "<i>",
        "</i>",
        "</b>",
        "<br>",
        "<aside style='display:none'>",
        "</aside>",
    ),
    *(
        SENTENCE,
        SENTENCE,
        "Ferry leaves",
        "Share this on Facebook ",
        "Read more: ",
        "By Ann Author, 3 May 2020 ",
        "1,234 ",
    ),
    *(
        "«Ärger» — ",
        "straße ",
        "İstanbul ΣΊΣΥΦΟΣ ",
        "今日は。",
        "मौसम। ",
        "🚢 ",
        "𝒜𝒷 ",
        "\x00",
        "\ufffd",
        "ǅ ",
        "don't © ",
    ),
]


# Lone surrogates are among them.
ANY = st.characters(exclude_categories=())


def tables_of(html: str, hints: Hints, probabilities: Any = None) -> list[Table]:
    """Return the features of a page by C and with numpy."""
    page = tree_of(html)
    tables = [describe(page, hints), describe_with_numpy(page, hints)]
    if probabilities is None:
        probabilities = np.random.default_rng(len(page.runs)).random(len(page.runs)) ** 3
    for table in tables:
        describe_again(table, probabilities)
    return tables


def assert_same(tables: list[Table]) -> None:
    in_c, in_python = tables
    assert in_c.names == in_python.names
    different = (in_c.matrix().view(np.uint32) != in_python.matrix().view(np.uint32)).any(axis=1)
    assert [name for name, is_one in zip(in_c.names, different, strict=True) if is_one] == []


@built
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOLD), max_size=60), st.sampled_from(TOLD), st.booleans())
def test_features_are_the_same_bits(pieces: list[str], hint: str, is_live: bool) -> None:
    assert_same(tables_of("".join(pieces) + "x", Hints("Ferry leaves", hint, hint * 30, is_live)))


@built
@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(ANY, max_size=40), min_size=1, max_size=8), st.text(ANY, max_size=8))
def test_features_of_any_characters_are_the_same_bits(texts: list[str], hint: str) -> None:
    page = Tree(["body"], [-1], [0], [{}], [0], [], [0], [len(texts)])
    for text in texts:
        shown = f"{text}{hint}x".replace("\v", "")
        page.runs.append(Run(shown, 0, 0, len(text) // 2, len(text), 0, 1, 0, "body"))
    assert_same([describe(page, Hints(hint, hint)), describe_with_numpy(page, Hints(hint, hint))])


@built
@pytest.mark.parametrize("blocks", [1, 2, 7, 8, 9, 127, 128, 129, 137, 1000, BLOCK_LIMIT])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sums_over_many_blocks_are_the_same_bits(blocks: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    pieces = (
        f"<p>{'word, ' * draw.integers(1, 30)}<a href=x>{'x' * draw.integers(0, 9)}</a>. "
        for _ in range(blocks)
    )
    assert_same(tables_of("".join(pieces), Hints(), draw.random(blocks)))


@built
@pytest.mark.parametrize("probability", [0.0, 1.0, 0.4, 0.5, 1e-300])
def test_features_of_extreme_probabilities_are_the_same_bits(probability: float) -> None:
    page = news_page()
    count = len(tree_of(page).runs)
    assert_same(tables_of(page, Hints(), np.full(count, probability)))


@built
@pytest.mark.parametrize(
    "html",
    [
        "<div>x" * 10_000,
        "<p>word</p>" * (BLOCK_LIMIT + 100),
        "<b><i></i></b>" * 60_000 + "<p>word</p>",
        "<div><p>a<p>b</div>" * 20_000,
        f"<p>{'long  ' * 300_000}</p>",
        f"<p>{'İ' * 300}</p><p>{'ﷺ' * 400}</p><p>{'ß' * 900}</p>",
    ],
    ids=["deep", "blocks", "elements", "alike", "long", "growing"],
)
def test_features_are_the_same_bits_on_pages_built_to_hurt(html: str) -> None:
    assert_same(tables_of(html, Hints("word", "word", "word " * 100)))


def lists_of(page: Tree, **others: Any) -> tuple[Any, ...]:
    """Return a tree's lists as _features.c wants them, some of them others."""
    names = ("parents", "depths", "starts", "ends", "signs")
    lists = {**{name: getattr(page, name) for name in names}, "marks": [0] * len(page.tags), **others}
    return tuple(lists.values())


@built
@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"parents": [-1, 1]}, "beyond"),
        ({"parents": [-1, -1]}, "beyond"),
        ({"parents": []}, "length"),
        ({"depths": [0]}, "length"),
        ({"starts": [0, 2]}, "beyond"),
        ({"ends": [1, -1]}, "beyond"),
        ({"signs": ([("body", None), ("p", None)], [0, 2])}, "beyond"),
        ({"marks": [0]}, "length"),
    ],
)
def test_lists_that_are_no_tree_are_refused(others: dict[str, Any], message: str) -> None:
    assert features_in_c is not None
    page = tree_of("<p>x")
    tables = features._tables(features_in_c)
    with pytest.raises(ValueError, match=message):
        features_in_c.first(
            tables, lists_of(page, **others), page.runs, ("", "", "", False), Table.of(page).rows
        )


@built
def test_arguments_that_do_not_fit_the_features_are_refused() -> None:
    assert features_in_c is not None
    page, hints = tree_of("<p>x"), ("", "", "", False)
    tables, rows = features._tables(features_in_c), Table.of(page).rows
    with pytest.raises(ValueError, match="room"):
        features_in_c.first(tables, lists_of(page), page.runs, hints, rows[:9])
    with pytest.raises(ValueError, match="without blocks"):
        features_in_c.first(tables, lists_of(page), [], hints, rows)
    for wrong in (("x",), page.runs[0]._replace(text="")):
        with pytest.raises(ValueError, match="no run"):
            features_in_c.first(tables, lists_of(page), [wrong], hints, rows)
    for run in (page.runs[0]._replace(owner=2), page.runs[0]._replace(place=-1)):
        with pytest.raises(ValueError, match="beyond"):
            features_in_c.first(tables, lists_of(page), [run], hints, rows)
    made, count = features_in_c.first(tables, lists_of(page), page.runs, hints, rows)
    with pytest.raises(ValueError, match="probabilities"):
        features_in_c.second(made, np.zeros(2), rows, count)
    with pytest.raises(ValueError, match="room"):
        features_in_c.second(made, np.zeros(1), rows, len(rows))
    with pytest.raises(ValueError, match="Capsule"):
        features_in_c.second(tables, np.zeros(1), rows, count)
    with pytest.raises(ValueError, match="size"):
        features_in_c.tables((b"", b"", b""), features_in_c.lexicon({}), {}, 1, 1)
    with pytest.raises(ValueError, match="Capsule"):
        features_in_c.tables((bytes(0x10000), bytes(0x20000), bytes(0x20000)), made, {}, 1, 1)
    with pytest.raises(TypeError, match="words"):
        features_in_c.lexicon({1: 2})
    with pytest.raises(TypeError, match="dict"):
        features_in_c.lexicon([])
