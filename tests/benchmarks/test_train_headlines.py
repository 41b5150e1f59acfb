"""Training of the headline model, on pages written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="scipy is missing: install the extra `train`")

from benchmarks.folds import fold_of
from benchmarks.logit import card, cross_validated, hit, train, weighted
from benchmarks.train_headlines import read_groups, same

HTML = """<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}"}}</script>
<meta property="og:title" content="{title} | Herald"><title>{title} | Herald</title><h1>Herald</h1><h1>{title}</h1>"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    truths: list[dict[str, str | None]] = []
    for number in range(12):
        title = f"Port Alder opens bridge number {number} after years"
        html = HTML.format(title=title)
        (tmp_path / f"page{number}.html.gz").write_bytes(gzip.compress(html.encode()))
        truths.append({"id": f"page{number}", "url": f"https://herald{number}.example/a", "title": title})
    (tmp_path / "untitled.html.gz").write_bytes(gzip.compress(b"<p>x</p>"))
    truths.append({"id": "untitled", "url": "https://herald.example/b", "title": None})
    (tmp_path / "truth.jsonl").write_text("\n".join(map(json.dumps, truths)) + "\n", encoding="utf-8")
    return tmp_path


def test_groups_are_pages_with_a_known_headline(corpus: Path) -> None:
    groups = read_groups(corpus, 2.0)
    assert len(groups) == 12
    for domain, rows, right, weight in groups:
        assert domain.startswith("herald")
        assert len(rows) == len(right) > 1
        assert any(right) and not all(right)
        assert weight == 2.0


def test_what_was_trained_picks_the_right_ones_and_twice_the_same(corpus: Path) -> None:
    groups = read_groups(corpus, 1.0)
    weights = train(groups, 0.1)
    assert all(hit(group, weights) for group in groups)
    assert train(groups, 0.1) == weights


def test_without_weights_the_first_candidate_is_taken(corpus: Path) -> None:
    assert not hit(read_groups(corpus, 1.0)[0], {})


def test_folds_are_stable_and_spread() -> None:
    folds = [fold_of(f"herald{number}.example", 5) for number in range(200)]
    assert set(folds) == set(range(5))
    assert folds == [fold_of(f"herald{number}.example", 5) for number in range(200)]


def test_headlines_are_compared_as_the_evaluation_does() -> None:
    assert same("“A”  –  b…") == same('"a" - B...')
    assert same("A") != same("B")


def test_a_model_is_judged_on_domains_it_has_not_seen(corpus: Path) -> None:
    groups = read_groups(corpus, 1.0)
    assert cross_validated([groups, groups[:3]], 3, 0.1) == [1.0, 1.0]


def test_a_small_corpus_counts_more_a_page(corpus: Path) -> None:
    groups = read_groups(corpus, 1.0)
    many, few = weighted([groups, groups[:3]])
    assert {group[3] for group in many} == {1.0}
    assert {group[3] for group in few} == {2.0}


def test_the_card_of_a_corpus(corpus: Path) -> None:
    said = card(corpus, read_groups(corpus, 1.0), (0.87, 0.89))
    assert (said["pages"], said["cross_validated"], said["spread"], said["possible"]) == (12, 0.88, 0.01, 1.0)
    assert len(str(said["truth_sha256"])) == 64


def test_divisions_differ() -> None:
    domains = [f"herald{number}.example" for number in range(50)]
    assert [fold_of(domain, 5, 1) for domain in domains] != [fold_of(domain, 5, 2) for domain in domains]
