"""benchmarks.dumps: pages flattened to text, and articles found in them."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from benchmarks.dumps import FORMS, body_of, flatten, sample
from newsbot.dedup.exact import fold

PAGE = (
    "<html><head><title>Ferry | Tide</title><style>p {}</style></head><body><svg><symbol><title>icon boat</title></symbol></svg>"
    "<nav><a>Home</a><a>Sport</a></nav><h1>A <b>fer</b>ry</h1><img alt='A boat'><p>One\n line.</p><p>Two.<br>Three.</p>"
    "<script>no()</script></body></html>"
)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("blank", "icon boat\n\nHomeSport\n\nA ferry\n\nA boat\n\nOne line.\n\nTwo.\n\nThree."),
        ("wet", "Ferry | Tide\nHomeSport\nA ferry\nOne line.\nTwo.\nThree."),
        ("glued", "HomeSportA ferryOne line.Two.Three."),
    ],
)
def test_the_three_forms(form: str, text: str) -> None:
    assert flatten(PAGE, form) == text


@pytest.mark.parametrize(("form", "floor"), [("blank", 0.84), ("wet", 0.84), ("glued", 0.77)])
def test_articles_are_found_in_dumps_of_corpus_pages(shared: Path, form: str, floor: float) -> None:
    scores = []
    for _, row, html in sample(shared, 20):
        found, true = (set(fold(text).split()) for text in (body_of(flatten(html, form))[0], row["body"]))
        scores.append(2 * len(found & true) / (len(found) + len(true)))
    assert len(scores) >= 40 and form in FORMS
    assert statistics.mean(scores) >= floor
