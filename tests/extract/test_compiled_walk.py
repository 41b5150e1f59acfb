"""The walk, signs and paths in C are those in Python."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode

from newsbot.extract import tree
from newsbot.extract.compiled import walk_in_c
from newsbot.extract.elements import BR, KINDS, TEXT, kind_of
from newsbot.extract.tree import BLOCK_LIMIT, Lists, Run, Tree, parse, walk
from tests.extract.blocks import built, news_page, tree_of

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
