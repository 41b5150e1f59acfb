"""What elements say of the text in them is the same in C as in Python."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.extract import places
from newsbot.extract.compiled import features_in_c
from newsbot.extract.tree import Attributes, Tree
from tests.extract.blocks import built

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
