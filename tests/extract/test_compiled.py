"""Tests of newsbot.extract.compiled: what is written in C does the same as what is written in Python."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract import endless, features, forest, second
from newsbot.extract.hinted import Hints
from newsbot.extract.model import load_model
from tests.extract.blocks import built, news_page, tree_of


@built
@given(
    st.lists(
        st.sampled_from([b"<", b"<o", b"<O", b"<\xcf", b"o>", b"<p", b"</option", b"\0", b"/"]), max_size=12
    )
)
def test_tags_are_counted_as_numpy_counts_them(pieces: list[bytes]) -> None:
    page = b"<ol>" * 6000 + b"".join(pieces)
    count = endless.tags_with_o(page)
    with patch.object(endless, "features_in_c", None):
        assert endless.tags_with_o(page) == count >= 6000


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


def test_the_sources_are_where_the_build_looks_for_them() -> None:
    setup = Path(__file__).resolve().parents[2] / "setup.py"
    for name in ("_walk", "_forest", "_features"):
        assert name in setup.read_text(encoding="utf-8")
        assert (setup.parent / "newsbot" / "extract" / f"{name}.c").is_file()
