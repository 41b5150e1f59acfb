"""benchmarks.dumps: articles found in pages flattened to text."""

from __future__ import annotations

import statistics
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.dumps import body_of, sample, using
from benchmarks.flatten import FORMS, flatten
from newsbot.dedup.exact import fold
from newsbot.extract import text as extract_text


def test_a_dump_is_read_by_the_whole_chain() -> None:
    says = "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits, its chair said."
    body, headline = body_of(
        f"Home\nSport\nBoard buys ferry\n{says}\n\n{says[:80]} and more of it.\n\nShare\n"
    )
    assert headline == "Board buys ferry"
    assert body.startswith(says) and "Share" not in body
    assert body_of(" ") == ("", None)


def test_other_models_are_used_for_a_while_only() -> None:
    shipped = extract_text.chosen_model()
    other = replace(shipped)
    with using(other):
        assert extract_text.chosen_model() is other
    assert extract_text.chosen_model() is shipped


@pytest.mark.parametrize("form", FORMS)
def test_articles_are_found_in_dumps_of_corpus_pages(shared: Path, form: str) -> None:
    scores = []
    for _, row, html in sample(shared, 20):
        found, true = (set(fold(text).split()) for text in (body_of(flatten(html, form))[0], row["body"]))
        scores.append(2 * len(found & true) / (len(found) + len(true)))
    # The package's models saw these pages; benchmarks/dumps.py measures with models that did not.
    assert len(scores) >= 40
    assert statistics.mean(scores) >= 0.9
