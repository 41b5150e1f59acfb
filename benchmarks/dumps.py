"""Plain-text dumps made of corpus pages, and how well the article is found in them: token F1 against the truth, headline exact.

    python -m benchmarks.dumps [--shared ../shared] [--every 10] [--worst 5]

Every `every`-th page of the corpora, one a host, is flattened in each of the forms of benchmarks/flatten.py, and cut down to the
article (`short`). The whole chain reads it with models that were trained without its registered domain: five folds, cached under
.cache by a hash of code and pages.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.flatten import FORMS, flatten, trim
from benchmarks.folds import FOLDS, fold_of
from benchmarks.labels import label_blocks
from benchmarks.pages import Labelled, corpus_hash
from newsbot.chain import read
from newsbot.dedup.exact import fold
from newsbot.exceptions import InputError
from newsbot.extract import text as extract_text
from newsbot.extract.line_model import DumpModel
from newsbot.items import Page
from newsbot.publishers.model import Publisher

ROOT = Path(__file__).resolve().parent.parent
SHORT = "short"
"""The form `blank` without the page's frame, as people save dumps."""
CORPORA = ("aeb", "fundus", "fundus_eval", "wcxb")
SOURCES = ("newsbot/extract/*.py", "newsbot/extract/*.toml", "newsbot/dedup/exact.py", "benchmarks/train_dumps.py",
           "benchmarks/flatten.py", "benchmarks/labels.py", "benchmarks/learning.py")  # fmt: skip
"""What the fold models depend on."""


@dataclass(slots=True)
class Scores:
    """Of the dumps of one form, or of one corpus in it."""

    tokens: list[tuple[float, float, float]] = field(default_factory=list)
    """(F1, precision, recall) each."""
    titles: list[bool] = field(default_factory=list)
    """Whether the headline was exact, of those whose truth has one."""


def sample(shared: Path, every: int) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield corpus, truth and HTML of each `every`-th page, one a host."""
    hosts: set[str] = set()
    for corpus in CORPORA:
        folder = shared / "corpus" / corpus
        rows = [json.loads(line) for line in (folder / "truth.jsonl").read_bytes().splitlines()]
        for row in sorted(rows, key=lambda row: str(row["id"]))[::every]:
            if row["host"] in hosts or not row.get("body"):
                continue
            hosts.add(row["host"])
            body = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
            yield corpus, row, body.decode(row.get("encoding") or "utf-8", "replace")


def shortened(text: str, row: Mapping[str, Any]) -> str:
    """Return a dump in the form `blank` without its page's frame."""
    lines = text.split("\n\n")
    start, end = trim(lines, label_blocks(lines, [row["body"]]), fold(row.get("title") or ""))
    return "\n\n".join(lines[start:end])


def body_of(text: str) -> tuple[str, str | None]:
    """Return standfirst and body found in a dump, and the headline."""
    page = Page(
        url=None,
        body=text.encode("utf-8", "replace"),
        fetched_at=datetime(2027, 1, 1, tzinfo=UTC),
        media="text",
    )
    try:
        article = read(page, Publisher(name="dump", site=""))
    except InputError:
        return "", None
    lead = article.description if article.provenance.get("description") in {"standfirst", "layout"} else None
    return "\n\n".join(filter(None, (lead, article.body))), article.headline


@contextmanager
def using(model: DumpModel) -> Iterator[None]:
    """Read dumps with other models than the package's."""
    shipped = extract_text.chosen_model
    extract_text.chosen_model = lambda: model
    try:
        yield
    finally:
        extract_text.chosen_model = shipped


def fold_models(corpus: Path) -> dict[int, DumpModel]:
    """Return the models of each fold, trained without its domains; from the cache if code and pages are the same."""
    digest = hashlib.blake2b(corpus_hash(corpus).encode(), digest_size=8)
    for source in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(source.read_bytes())
    path = ROOT / ".cache" / f"dumps-{digest.hexdigest()}.npz"
    if not path.is_file():
        from benchmarks.train_dumps import cross_validate, learn, read_labelled, save  # noqa: PLC0415 - LightGBM is of the extra `train`

        path.parent.mkdir(exist_ok=True)
        found = cross_validate(learn(read_labelled(corpus)))
        save(path, {str(fold): model for fold, model in found.items()})
    with np.load(path) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    return {fold: DumpModel.load(kept, str(fold)) for fold in range(FOLDS)}


def measure(
    shared: Path, every: int, models: Mapping[int, DumpModel]
) -> tuple[dict[tuple[str, str], Scores], list[tuple[Any, ...]]]:
    """Return scores by (corpus or `all`, form), and a line for each dump, the worst first."""
    token_f1, normal = _scorer(shared)
    scores: dict[tuple[str, str], Scores] = {}
    lines = []
    for corpus, row, html in sample(shared, every):
        model = models[fold_of(Labelled(corpus, row, Path()).domain)]
        references = [row["body"], *[text for text in row.get("body_alt") or [] if text]]
        for form in (*FORMS, SHORT):
            text = shortened(flatten(html, "blank"), row) if form == SHORT else flatten(html, form)
            with using(model):
                found, headline = body_of(text)
            score = max((token_f1(text, found) for text in references), key=lambda score: float(score[0]))
            for group in (corpus, "all"):
                kept = scores.setdefault((group, form), Scores())
                kept.tokens.append(score)
                if row.get("title"):
                    kept.titles.append(normal(row["title"]) == normal(headline))
            lines.append((*score, form, corpus, row["host"], row["id"]))
    return scores, sorted(lines)


def _scorer(shared: Path) -> tuple[Callable[..., Any], Callable[..., Any]]:
    sys.path.insert(0, str(shared / "tools"))
    from evaluate import nt, tokf  # type: ignore[import-not-found]  # noqa: PLC0415 - lies beside the project

    return tokf, nt


def main() -> None:
    """Print token F1 and exact headlines by corpus and form."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--worst", type=int, default=0)
    given = parser.parse_args()
    scores, lines = measure(given.shared, given.every, fold_models(given.shared / "corpus"))
    for (corpus, form), found in sorted(scores.items()):
        f1, precision, recall = (statistics.mean(part) for part in zip(*found.tokens, strict=True))
        exact = f"{statistics.mean(found.titles):.3f} of {len(found.titles)}" if found.titles else "-"
        print(
            f"{corpus:12} {form:6} {len(found.tokens):4} dumps  token F1 {f1:.3f}  precision {precision:.3f}  "
            f"recall {recall:.3f}  headline exact {exact}"
        )
    for line in lines[: given.worst]:
        print("  ", *(f"{part:.2f}" if isinstance(part, float) else part for part in line))


if __name__ == "__main__":
    main()
