"""Reads every page of a labelled folder and writes what newsbot makes of it as JSON Lines: id, title, body, date, authors.

    python benchmarks/predict.py CORPUS_FOLDER > predictions.jsonl

The folder holds `truth.jsonl` (id, url, encoding) and `<id>.html.gz`. `body` is the standfirst where the page shows one, then the
text; `date` is ISO 8601 in the offset that the page wrote; `authors` are all whom the page credits, agencies and desks too.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from newsbot.chain import place_of, read
from newsbot.exceptions import InputError
from newsbot.items import Article, Page
from newsbot.normalize.written import written_date
from newsbot.publishers.model import Publisher

# No publisher file takes part: what is measured is what an unknown site gets.
UNKNOWN = Publisher(name="unknown", site="")


def pages(folder: Path) -> Iterator[tuple[dict[str, Any], Page]]:
    """Yield each row of truth with its page. Raises FileNotFoundError where the folder has another layout."""
    for line in (folder / "truth.jsonl").read_bytes().splitlines():
        row = orjson.loads(line)
        body = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
        stated = row.get("encoding")
        headers = [("content-type", f"text/html; charset={stated}")] if stated else []
        yield row, Page(row.get("url"), body, datetime.now(UTC), headers=headers)


def predict(page: Page) -> dict[str, Any]:
    """Return title, body, date and authors of a page; `error` alone where its bytes are no page."""
    try:
        article = read(page, UNKNOWN)
    except InputError as error:
        return {"error": str(error)}
    return {
        "title": article.headline,
        "body": text_of(article),
        "date": written_date(article, place_of(UNKNOWN, page)),
        "authors": article.credited or article.authors,
    }


def text_of(article: Article) -> str:
    """Return the standfirst, if the page shows one, and the body."""
    shown = article.description if article.provenance.get("description") in {"standfirst", "layout"} else None
    return "\n\n".join(part for part in (shown, article.body) if part)


def write(folder: Path, out: BinaryIO) -> None:
    """Write the predictions of a folder as JSON Lines."""
    out.writelines(orjson.dumps({"id": row["id"], **predict(page)}) + b"\n" for row, page in pages(folder))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds truth.jsonl and <id>.html.gz")
    parser.add_argument("--output", type=Path, help="a file instead of the terminal")
    given = parser.parse_args()
    if not (given.folder / "truth.jsonl").is_file():
        print(f"{given.folder} holds no truth.jsonl; give a folder of labelled pages", file=sys.stderr)
        return 64
    if given.output is None:
        write(given.folder, sys.stdout.buffer)
        return 0
    with given.output.open("wb") as out:
        write(given.folder, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
