"""Writes predictions for a folder of pages as JSON Lines: `python benchmarks/predict.py FOLDER > predictions.jsonl`.

FOLDER holds `truth.jsonl` (of which only id, url and encoding are read) beside `<id>.html.gz`. Each line has id, title, body (the
standfirst if the page shows one, then the text), date (ISO, the day as the page wrote it) and authors (all whom it credits); a page
that cannot be read has error instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

if __package__ in {None, ""}:  # run as a file: the repository's root is not on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import Labelled, read_folder
from newsbot.chain import place_of, read
from newsbot.exceptions import InputError
from newsbot.items import Article
from newsbot.normalize.written import written_date
from newsbot.publishers.model import Publisher


def body_of(article: Article) -> str:
    """Return the text to compare: the standfirst if the page shows one, then the body, both as the page wrote them.

    The labelled texts are as the pages wrote them too: with soft hyphens and decomposed letters, which rows of the dataset lack.
    """
    kept = [block for block in article.blocks if block.kept and block.role != "headline"]
    return "\n\n".join(
        block.text for block in sorted(kept, key=lambda block: block.role != "standfirst")
    ).strip()


def predict(page: Labelled) -> dict[str, Any]:
    """Return what newsbot reads off one page, without a publisher file."""
    fetched, publisher = page.page(), Publisher(name="benchmark", site="")
    try:
        article = read(fetched, publisher)
    except InputError as error:
        return {"id": page.truth["id"], "error": str(error)}
    return {
        "id": page.truth["id"],
        "title": article.headline,
        "body": body_of(article),
        "date": written_date(article, place_of(publisher, fetched)),
        "authors": article.credited or article.authors,
    }


def main() -> None:
    """Predict for every page of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, help="a file; default: standard output")
    arguments = parser.parse_args()
    lines = (json.dumps(predict(page), ensure_ascii=False) + "\n" for page in read_folder(arguments.folder))
    if arguments.output:
        arguments.output.write_text("".join(lines), encoding="utf-8")
    else:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.writelines(lines)


if __name__ == "__main__":
    main()
