"""False alarms of the page classifier: corpus pages that are articles and were taken for something else.

python -m benchmarks.kinds [--shared ../shared]
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newsbot.extract import extract
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher

CORPORA = ("aeb", "fundus", "fundus_eval", "wcxb")
ARTICLES = frozenset({"article", "live_blog"})


def articles(shared: Path, corpus: str) -> Iterator[tuple[str, Article]]:
    """Yield URL and what was read of each page of a corpus that is an article."""
    folder = shared / "corpus" / corpus
    for line in (folder / "truth.jsonl").read_bytes().splitlines():
        row = json.loads(line)
        if row.get("page_type", "article") != "article":
            continue
        body = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
        headers = [("content-type", f"text/html; charset={row.get('encoding') or 'utf-8'}")]
        page = Page(url=row["url"], body=body, fetched_at=datetime(2027, 1, 1, tzinfo=UTC), headers=headers)
        yield row["url"], extract(page, Publisher(name="corpus", site=""))


def main() -> None:
    """Print kinds by corpus, and the share of false alarms of all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    given = parser.parse_args()
    total, alarms = 0, []
    for corpus in CORPORA:
        kinds: Counter[str] = Counter()
        truncated = 0
        for url, article in articles(given.shared, corpus):
            kinds[article.kind] += 1
            truncated += article.is_truncated is True
            if article.kind not in ARTICLES:
                alarms.append(f"{article.kind:10} {corpus:12} {url}")
        total += kinds.total()
        print(f"{corpus:12} {kinds.total():4} pages  {dict(kinds)}  cut by a paywall {truncated}")
    print(f"false alarms {len(alarms)} of {total} pages = {len(alarms) / total:.2%}")
    print("\n".join(alarms))


if __name__ == "__main__":
    main()
