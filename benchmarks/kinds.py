"""The page classifier: false alarms on corpus pages that are articles, and what it finds on the demo newspaper's other pages.

    python -m benchmarks.kinds [--shared ../shared] [--articles 200]

Found are the demo newspaper's nasty cases (error pages, walls, challenges, the home page at an article's address) and its front,
section, tag, author and archive pages; and its articles have to be articles.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsbot.demo.nasty import CASES
from newsbot.demo.nasty.registry import Visit, Wrongs
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.sections import SECTIONS
from newsbot.demo.site import Site
from newsbot.demo.wire import Answer, Asked
from newsbot.extract import extract
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher

CORPORA = ("aeb", "fundus", "fundus_eval", "wcxb")
ARTICLES = frozenset({"article", "live_blog"})
NOW = datetime(2027, 1, 1, tzinfo=UTC)
NASTY = {
    "error_page": {"error"},
    "server_error_page": {"error"},
    "consent_wall": {"consent"},
    "bot_challenge": {"challenge"},
    "login_wall": {"login"},
    "index_page": {"index"},
    "paywalled": {"paywall", "article"},
    "date_future": ARTICLES,
    "hostile_strings": ARTICLES,
}
"""Case -> kinds that are right. A paywalled page with more than its teaser is an article that is cut short."""
EACH = 20
"""Articles at whose address each nasty case is met."""


def articles(shared: Path, corpus: str) -> Iterator[tuple[str, Article]]:
    """Yield URL and what was read of each page of a corpus that is an article."""
    folder = shared / "corpus" / corpus
    for line in (folder / "truth.jsonl").read_bytes().splitlines():
        row = json.loads(line)
        if row.get("page_type", "article") != "article":
            continue
        body = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
        headers = [("content-type", f"text/html; charset={row.get('encoding') or 'utf-8'}")]
        page = Page(url=row["url"], body=body, fetched_at=NOW, headers=headers)
        yield row["url"], extract(page, Publisher(name="corpus", site=""))


def demo_pages(paper: Newspaper) -> Iterator[tuple[str, Set[str], str, bytes]]:
    """Yield what a page is, the kinds that are right for it, its URL and its bytes."""
    site = Site(paper)
    for index in range(paper.newest, len(paper)):
        yield "article", ARTICLES, paper.url(index), paper.page(index)
    for name, path in _fronts(paper):
        answer = site.answer(path)
        if answer.status == 200:
            yield name, {"index"}, paper.base + path, answer.body
    for name, right in NASTY.items():
        for index in range(paper.newest, min(len(paper), paper.newest + EACH)):
            path = paper.path(index)
            asked = Asked("GET", path, {})
            unused: Any = None
            visit = Visit(asked, asked, site, unused, Wrongs())
            answered = asyncio.run(_act(name, visit))
            if answered is not None:
                yield name, right, paper.base + path, answered.body


async def _act(name: str, visit: Visit) -> Answer | None:
    return await CASES[name].act(visit)


def _fronts(paper: Newspaper) -> Iterator[tuple[str, str]]:
    yield "home", "/"
    yield "authors", "/authors/"
    for section in SECTIONS:
        yield "section", f"/{section.slug}/"
        yield "tag", f"/tag/{section.language}-0/"
    for days in range(40):
        yield "archive", f"/archive/{paper.published(paper.newest) - timedelta(days=days):%Y/%m/%d}/"


def found_kinds(paper: Newspaper) -> dict[str, Counter[tuple[bool, str]]]:
    """Return by what pages are how often each kind was found, and whether it was right."""
    publisher = Publisher(name="demo", site=paper.base)
    found: dict[str, Counter[tuple[bool, str]]] = {}
    for name, right, url, body in demo_pages(paper):
        kind = extract(Page(url=url, body=body, fetched_at=NOW), publisher).kind
        found.setdefault(name, Counter())[kind in right, kind] += 1
    return found


def false_alarms(shared: Path) -> tuple[int, list[str]]:
    """Print kinds by corpus; return the number of pages, and a line for each that is no article to newsbot."""
    total, alarms = 0, []
    for corpus in CORPORA:
        kinds: Counter[str] = Counter()
        truncated = 0
        for url, article in articles(shared, corpus):
            kinds[article.kind] += 1
            truncated += article.is_truncated is True
            if article.kind not in ARTICLES:
                alarms.append(f"{article.kind:10} {corpus:12} {url}")
        total += kinds.total()
        print(f"{corpus:12} {kinds.total():4} pages  {dict(kinds)}  cut by a paywall {truncated}")
    return total, alarms


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--articles", type=int, default=200, help="of the demo newspaper")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if (given.shared / "corpus").is_dir():
        total, alarms = false_alarms(given.shared)
        print(f"false alarms {len(alarms)} of {total} pages = {len(alarms) / total:.2%}")
        print("\n".join(alarms))
    right = every = 0
    for name, kinds in found_kinds(Newspaper(seed=given.seed, articles=given.articles)).items():
        found = sum(count for (is_right, _), count in kinds.items() if is_right)
        right, every = right + found, every + kinds.total()
        wrong = {kind: count for (is_right, kind), count in kinds.items() if not is_right}
        print(f"demo {name:18} {found:4} of {kinds.total():4}  {wrong or ''}")
    print(f"demo newspaper: {right} of {every} pages = {right / every:.2%}")


if __name__ == "__main__":
    main()
