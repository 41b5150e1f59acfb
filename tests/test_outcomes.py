"""The closed lists of outcomes and exit statuses."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from newsbot import outcomes
from newsbot.outcomes import ExitStatus, Outcome


@pytest.mark.parametrize("name", ["Outcome", "ExitStatus"])
def test_each_member_has_one_sentence(name: str) -> None:
    tree = ast.parse(Path(outcomes.__file__).read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name).body
    for member, text in pairwise(body):
        if isinstance(member, ast.Assign):
            assert isinstance(text, ast.Expr), f"{ast.unparse(member)} has no sentence under it"
            assert isinstance(text.value, ast.Constant)
            assert str(text.value.value).endswith(".")


def test_what_wrote_a_row_is_no_failure_and_is_remembered() -> None:
    for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.REMOVED):
        assert outcome.is_final
        assert not outcome.is_failure


def test_passing_faults_are_tried_again() -> None:
    assert not Outcome.FETCH_FAILED.is_final
    assert not Outcome.DEFERRED.is_final
    assert Outcome.GONE.is_final
    assert Outcome.NOT_ARTICLE.is_final


def test_only_done_is_zero() -> None:
    assert [status for status in ExitStatus if status == 0] == [ExitStatus.DONE]


def test_a_page_that_took_too_long_is_looked_at_again() -> None:
    """Its machine may have been busy."""
    assert Outcome.EXTRACT_TIMEOUT.is_failure and not Outcome.EXTRACT_TIMEOUT.is_final
