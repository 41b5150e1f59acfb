"""benchmarks.rules: what a rule drops, told by the truth."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks.pages import Labelled
from benchmarks.rules import CORPORA, Cleaned, scores, tally
from newsbot.clean.rules import RULES, apply_rules
from newsbot.items import Article, Block

SAYS = "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits."
PROMPT = "Subscribe to our newsletter for more of this."
CREDIT = "Photo: Una Quayle"


@pytest.fixture
def cleaned() -> Cleaned:
    article = Article(
        headline="Ferry bought", blocks=[Block(text) for text in ("Ferry bought", SAYS, PROMPT, CREDIT)]
    )
    apply_rules(article)
    truth: dict[str, Any] = {"id": "a", "url": "https://tide.example/a", "body": f"{SAYS}\n{CREDIT}"}
    return Cleaned(Labelled("aeb", truth, Path()), article)


def test_words_are_counted_as_the_truth_has_them_or_not(cleaned: Cleaned) -> None:
    found = tally([cleaned])
    assert found.keys() == {rule.__name__ for rule in RULES}
    assert (found["prompts"].blocks, found["prompts"].true, found["prompts"].false) == (1, 0, 8)
    assert (found["captions"].blocks, found["captions"].true, found["captions"].false) == (1, 3, 0)
    assert found["captions"].examples == [(1.0, "a", CREDIT)]
    assert found["icons"].blocks == 0


def test_a_rule_is_spared_alone(cleaned: Cleaned) -> None:
    assert cleaned.body() == SAYS
    assert cleaned.body("captions") == f"{SAYS}\n\n{CREDIT}"
    assert cleaned.body("prompts") == f"{SAYS}\n\n{PROMPT}"


def test_scores_are_by_corpus(cleaned: Cleaned) -> None:
    seen: list[Any] = []

    def evaluate(truths: list[Any], rows: dict[str, Any]) -> tuple[dict[str, float], None]:
        seen.append((len(truths), rows))
        return {"aeb_f1": float(len(rows))}, None

    assert scores(cast("Any", SimpleNamespace(evaluate=evaluate)), [cleaned], "captions") == dict(
        zip(CORPORA, (1.0, 0, 0, 0), strict=True)
    )
    assert seen[0] == (1, {"a": {"body": f"{SAYS}\n\n{CREDIT}"}})
