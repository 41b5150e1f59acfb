"""Tests of newsbot.extract.compiled: what is written in C does the same as what is written in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode

from newsbot.extract import features, forest, places, second, tree
from newsbot.extract.compiled import features_in_c, find, forest_in_c, walk_in_c
from newsbot.extract.elements import BR, KINDS, TEXT, kind_of
from newsbot.extract.features import describe, describe_with_numpy
from newsbot.extract.forest import Forest
from newsbot.extract.hinted import Hints
from newsbot.extract.model import load_model
from newsbot.extract.second import describe_again
from newsbot.extract.sheet import Table
from newsbot.extract.tree import BLOCK_LIMIT, Attributes, Lists, Run, Tree, parse, walk
from tests.extract.blocks import SENTENCE, news_page, tree_of

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
        ([0, 1, 0], [1.0] * 3, [1.0] * 4, 16, "depth"),
        ([0, 40_000, 0], [1.0] * 3, [1.0] * 4, 2, "feature that there is not"),
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


def lists_with_root() -> Lists:
    """Return the lists that the walk fills."""
    return Lists(["body"], [-1], [0], [{}], [0], [0], [-1], [])


@built
def test_the_walk_refuses_lists_without_the_root() -> None:
    assert walk_in_c is not None
    lists: tuple[list[Any], ...] = tuple([] for _ in range(8))
    with pytest.raises(ValueError, match="root"):
        walk_in_c.walk(parse("x").body, lists, KINDS, kind_of, Run, (TEXT, BR), (9, 9, 9))
    with pytest.raises(TypeError, match="tuple"):
        walk_in_c.walk(parse("x").body, lists_with_root(), KINDS, kind_of, Tree, (TEXT, BR), (9, 9, 9))


@built
def test_an_error_on_the_way_is_raised_and_nothing_is_kept() -> None:
    def fails(_: str) -> Any:
        raise RuntimeError("no such kind")

    assert walk_in_c is not None
    root = parse("<p>x</p><div><x-part>y</x-part></div>").body
    with pytest.raises(RuntimeError, match="no such kind"):
        walk_in_c.walk(root, lists_with_root(), KINDS, fails, Run, (TEXT, BR), (9, 9, 9))


class Node:
    """A node of a parser whose properties are not written in C."""

    def __init__(self, node: LexborNode) -> None:
        self.node = node

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.node, name)
        return Node(value) if isinstance(value, LexborNode) else value


@built
def test_nodes_of_any_kind_are_walked() -> None:
    assert walk_in_c is not None
    root = parse(news_page()).body
    assert root is not None
    plain, other = lists_with_root(), lists_with_root()
    for node, lists in ((root, plain), (Node(root), other)):
        assert not walk_in_c.walk(node, lists, KINDS, kind_of, Run, (TEXT, BR), (999, 999, 99))
    assert plain == other
    with pytest.raises(AttributeError, match="first_child"):
        walk_in_c.walk(object(), lists_with_root(), KINDS, kind_of, Run, (TEXT, BR), (9, 9, 9))


@built
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "div", "x-é"]), st.sampled_from([None, "", "a", "b c", "é", "\ud800"])
        )
    )
)
def test_signs_are_the_same(pairs: list[tuple[str, str | None]]) -> None:
    page = Tree([tag for tag, _ in pairs], attributes=[{"id": "x", "class": name} for _, name in pairs])
    in_c = page.signs
    del page.signs
    with patch.object(tree, "walk_in_c", None):
        assert page.signs == in_c


@built
@pytest.mark.parametrize(
    "html", ["x", "<div class='a  b\xa0c '><p class=' '>x</p>y</div>z", news_page(), "<div class=é🚢>x" * 99]
)
def test_paths_are_the_same(html: str) -> None:
    page = tree_of(html)
    places = [run.place for run in page.runs]
    in_c = page.paths(places)
    with patch.object(tree, "walk_in_c", None):
        assert page.paths(places) == in_c


@built
@pytest.mark.parametrize(
    ("parents", "depths", "codes", "elements"),
    [
        ([], [], [], []),
        ([-1, 0], [0], [0, 1], []),
        ([-1, 1], [0, 1], [0, 1], [1]),
        ([-1, 0], [0, 1], [0, 2], [1]),
        ([-1, 0], [0, -1], [0, 1], [1]),
        ([-1, 0], [0, 1], [0, 1], [2]),
    ],
)
def test_paths_of_what_is_no_tree_are_refused(
    parents: list[int], depths: list[int], codes: list[int], elements: list[int]
) -> None:
    assert walk_in_c is not None
    with pytest.raises(ValueError, match=r"length|beyond"):
        walk_in_c.paths(parents, depths, ([("a", None), ("b", "c")], codes), elements, 60)


@built
def test_signs_of_what_is_no_element_are_refused() -> None:
    assert walk_in_c is not None
    with pytest.raises(ValueError, match="as many"):
        walk_in_c.signs(["p"], [])
    with pytest.raises(TypeError, match="dict"):
        walk_in_c.signs(["p"], [None])
    with pytest.raises(TypeError, match="hash"):
        walk_in_c.signs([[]], [{}])


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


@built
@settings(max_examples=500)
@given(
    st.lists(
        st.sampled_from(
            ['"articleBody"', "article", "Body", '"', "a", "y", "ŷ", "é", "🚢", "\ud800", '"articleBoda"']
        )
    ),
    st.sampled_from(['"articleBody"', "article", "aa", "a", "ya", "é", "ŷa", "🚢", "\ud800a"]),
    st.integers(0, 40),
)
def test_a_word_is_found_where_str_finds_it(pieces: list[str], word: str, start: int) -> None:
    text = "".join(pieces)
    assert find(text, word, start) == text.find(word, start)


@built
@pytest.mark.parametrize(("word", "start"), [("", 0), ("x" * 65, 0), ("x", -1)])
def test_a_word_that_cannot_be_looked_for_is_refused(word: str, start: int) -> None:
    with pytest.raises(ValueError, match="letters"):
        find("text", word, start)


NAMES = [
    *(
        "article",
        "Article",
        "ARTICLE",
        "Body",
        "body",
        "-",
        "_",
        " ",
        "HTMLComment",
        "ShareTools",
        "x",
        "X",
        "9",
        "é",
        "İ",
        "K",
    ),
    *(
        "none",
        "hidden",
        "display",
        "visibility",
        ":",
        ";",
        "\n",
        "\xa0",
        "\u2003",
        "true",
        "\ud800",
        "z" * 290,
        "relatedLinks",
    ),
]


@built
@settings(max_examples=300)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["class", "id", "role", "style", "hidden", "aria-hidden", "data-type", "src", "é", ""]
            ),
            st.none() | st.lists(st.sampled_from(NAMES), max_size=6).map("".join),
            max_size=4,
        ),
        max_size=6,
    )
)
def test_marks_are_the_same(attributes: list[Attributes]) -> None:
    page = Tree(["nav", "p", "h2", "div", "ul", "x"][: len(attributes)], attributes=attributes)
    in_c = places.mark_elements(page)
    with patch.object(places, "features_in_c", None):
        assert places.mark_elements(page) == in_c


@built
def test_marks_of_what_is_no_element_are_refused() -> None:
    assert features_in_c is not None
    lexicon = features_in_c.lexicon({})
    bits: tuple[Any, ...] = {}, frozenset(["id"]), 1, 2
    with pytest.raises(ValueError, match="as many"):
        features_in_c.marks(lexicon, [], ([], [0]), bits)
    with pytest.raises(ValueError, match="beyond"):
        features_in_c.marks(lexicon, [{}], ([], [0]), bits)
    with pytest.raises(TypeError, match="sign"):
        features_in_c.marks(lexicon, [{}], ([None], [0]), bits)
    with pytest.raises(TypeError, match="dict"):
        features_in_c.marks(lexicon, [None], ([("p", None)], [0]), bits)
    with pytest.raises(ValueError, match="Capsule"):
        features_in_c.marks(None, [], ([], []), bits)


@built
def test_without_what_is_compiled_pages_are_judged_the_same() -> None:
    page, model = tree_of(news_page(40)), load_model()
    in_c = model.judge(page, Hints("Ferry leaves"))
    with (
        patch.object(features, "features_in_c", None),
        patch.object(second, "features_in_c", None),
        patch.object(forest, "forest_in_c", None),
    ):
        assert model.judge(page, Hints("Ferry leaves")).tolist() == in_c.tolist()


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


def test_the_sources_are_where_the_build_looks_for_them() -> None:
    setup = Path(__file__).resolve().parents[2] / "setup.py"
    for name in ("_walk", "_forest", "_features"):
        assert name in setup.read_text(encoding="utf-8")
        assert (setup.parent / "newsbot" / "extract" / f"{name}.c").is_file()
