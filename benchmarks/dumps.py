"""Plain-text dumps made of corpus pages, and how well the article is found in them: token F1 against the truth.

    python -m benchmarks.dumps [--shared ../shared] [--every 10] [--worst 5]

Three forms of each page: `blank` (a line a block, blocks parted by empty lines, with the alt texts of images and the titles of
svg symbols, like the seed), `wet` (the title, then a line a block, as Common Crawl's WET has it), `glued` (all text nodes run
together).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsbot.chain import read
from newsbot.exceptions import InputError
from newsbot.items import Page
from newsbot.publishers.model import Publisher

CORPORA = ("aeb", "fundus", "fundus_eval", "wcxb")
FORMS = ("blank", "wet", "glued")
SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "iframe", "head", "textarea", "select", "object"}
)
_INLINE = (
    "a abbr b bdi bdo cite code em font i ins kbd label mark q s small span strong sub sup time tt u var wbr"
)
INLINE = frozenset(_INLINE.split())
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")


def flatten(html: str, form: str) -> str:
    """Return a page as plain text, in one of FORMS."""
    parser = LexborHTMLParser(html)
    pieces: list[str] = []
    if form == "wet":
        title = parser.css_first("head > title")
        pieces.append((title.text().strip() if title else "") + "\n")
    if parser.body is not None:
        _gather(parser.body, form, pieces)
    text = "".join(pieces)
    if form == "glued":
        return " ".join(text.split())
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return ("\n\n" if form == "blank" else "\n").join(line for line in lines if line)


def _gather(root: LexborNode, form: str, pieces: list[str]) -> None:
    """Add the text below a node, without recursion."""
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            pieces.append(text if form == "glued" else text.replace("\n", " "))
        if tag.startswith("-") or tag in SKIPPED or (tag == "svg" and form != "blank"):
            continue
        is_block = tag not in INLINE and tag not in {"title", "symbol", "svg", "path"} and form != "glued"
        if is_block:
            pieces.append("\n")
            stack.append("\n")
        if tag == "img" and form == "blank":
            pieces.append(node.attributes.get("alt") or "")
        children = []
        child = node.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend(reversed(children))


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


def main() -> None:
    """Print token F1 by corpus and form."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--worst", type=int, default=0)
    given = parser.parse_args()
    sys.path.insert(0, str(given.shared / "tools"))
    from evaluate import nt, tokf  # type: ignore[import-not-found]  # noqa: PLC0415 - lies beside the project

    scores: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    titles: dict[str, list[bool]] = {}
    worst = []
    for corpus, row, html in sample(given.shared, given.every):
        for form in FORMS:
            found, headline = body_of(flatten(html, form))
            references = [row["body"], *[text for text in row.get("body_alt") or [] if text]]
            score = max((tokf(text, found) for text in references), key=lambda score: float(score[0]))
            scores.setdefault((corpus, form), []).append(score)
            scores.setdefault(("all", form), []).append(score)
            if row.get("title"):
                titles.setdefault(form, []).append(nt(row["title"]) == nt(headline))
            worst.append((*score, form, corpus, row["host"], row["id"]))
    for (corpus, form), found_scores in sorted(scores.items()):
        f1, precision, recall = (statistics.mean(part) for part in zip(*found_scores, strict=True))
        print(
            f"{corpus:12} {form:6} {len(found_scores):4} dumps  token F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}"
        )
    for form, right in titles.items():
        print(f"headline exact {form:6} {statistics.mean(right):.3f}")
    for line in sorted(worst)[: given.worst]:
        print("  ", *(f"{part:.2f}" if isinstance(part, float) else part for part in line))


if __name__ == "__main__":
    main()
