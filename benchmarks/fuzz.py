"""A seeded, coverage-guided fuzz run over the whole chain, extract to validate.

    python -m benchmarks.fuzz [--seconds 60] [--seed 1] [--rounds 1000000]

The first pages are the demo newspaper's and the tests' own. A mutant that runs a line of newsbot that none before it ran joins the
pool. Every finding is printed and written to a file of its own: an exception that is not declared, a text that is no UTF-8, or more
than the deadline of 2 seconds of processor time (untraced; a busy machine must not make findings).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from newsbot.chain import read
from newsbot.demo.newspaper import Newspaper
from newsbot.exceptions import InputError
from newsbot.items import Article, Media, Page
from newsbot.publishers.model import Layout, Publisher

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = str(ROOT / "newsbot")
DEADLINE = 2.0
"""Seconds: NEWSBOT_DEADLINE's default."""
LARGEST = 400_000
PUBLISHERS = (
    Publisher(name="plain", site="https://tide.example"),
    Publisher(
        name="laid_out",
        site="https://tide.example",
        time_zone="Asia/Tehran",
        layouts=(
            Layout(
                headline=("h1",),
                standfirst=(".lead, .article__summary",),
                body=("div[class*=text]",),
                remove=("aside",),
            ),
        ),
    ),
)
SHARDS = tuple(
    part.encode("utf-8", "surrogatepass")
    for part in (
        "<p>", "</div>", "<script type='application/ld+json'>", "</script>", "<!--", "-->", "<svg><title>", "<table><tr><td>",
        "<a href='x'>", "]]>", "&#0;", "&#xD800;", "\ud800", "\x00", "\u202e", "\u200b", "\ufeff", "\ufffe",
        "e\u0301", "By ", "Also on ",
        "Published time: ", "1 Dec, 2020 11:42", "0001-01-01", "2020-13-45T99:99:99+25:00", "2 hours ago", "۱۴۰۲/۰۱/۰۱",
        "พ.ศ. 2567",
        "03/04/05", '{"@graph":[', '"datePublished":', "icon a icon b icon c icon d",
        "<meta property='article:published_time' content='",
        "<link rel=canonical href='", "<time datetime='", "<h1>", "<template>", "<plaintext>", "<frameset>", "<title>", "<br>" * 40,
        "<div>" * 200, "(" * 500, "a" * 3000, "\n" * 300, ". " * 500, "—" * 300, " ," * 400, "<li>x" * 100, "“" * 50, "http://",
        "?" * 100, "A.B" * 200,
    )
)  # fmt: skip


Pool = list[tuple[bytes, Media]]


@dataclass(slots=True)
class Finding:
    """What went wrong on which input."""

    what: str
    page: Page


@dataclass(slots=True)
class Fuzzer:
    """Mutates a pool of pages; `guided` keeps those that reach new lines."""

    seed: int = 1
    guided: bool = True
    pool: Pool = field(default_factory=list)
    lines: set[tuple[str, int]] = field(default_factory=set)
    rng: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        """Fill the pool."""
        self.rng = random.Random(self.seed)
        self.pool = self.pool or seeds()

    def pages(self) -> Iterator[tuple[Page, Publisher]]:
        """Yield mutants without end."""
        while True:
            body, media = self.rng.choice(self.pool)
            body = self._mutate(body)
            headers = self.rng.choice(
                [
                    [],
                    [("content-type", "text/html; charset=utf-8")],
                    [("content-type", "text/html; charset=gb18030")],
                ]
            )
            url = self.rng.choice(
                [
                    None,
                    "https://tide.example/2024/05/06/ferry",
                    "http://[::1/",
                    "https://tide.example/?\ud800",
                ]
            )
            page = Page(
                url=url, body=body, fetched_at=datetime(2024, 5, 6, tzinfo=UTC), headers=headers, media=media
            )
            yield page, self.rng.choice(PUBLISHERS)

    def round(self, page: Page, publisher: Publisher) -> Finding | None:
        """Read one page; return what is wrong."""
        seen: set[tuple[str, int]] = set()
        if self.guided:
            sys.settrace(_tracer(seen))
        try:
            found = check(page, publisher, deadline=DEADLINE * (20 if self.guided else 1))
        finally:
            sys.settrace(None)
        if seen - self.lines:
            self.lines |= seen
            self.pool.append((page.body, page.media))
        return found

    def _mutate(self, body: bytes) -> bytes:
        for _ in range(1 + int(self.rng.expovariate(0.5))):
            body = self.rng.choice(_MUTATIONS)(body, self.rng, self.pool)[:LARGEST]
        return body


def check(page: Page, publisher: Publisher, deadline: float = DEADLINE) -> Finding | None:
    """Read a page and hold it to what the chain promises."""
    started = time.process_time()
    try:
        article = read(page, publisher)
    except InputError:
        return None
    except Exception as error:  # noqa: BLE001 - that is the finding
        return Finding(f"{type(error).__name__}: {error}", page)
    taken = time.process_time() - started
    if taken > deadline:
        return Finding(f"took {taken:.1f} s", page)
    broken = [name for name, text in texts(article) if not _is_utf8(text)]
    return Finding(f"no UTF-8 in {broken}", page) if broken else None


def texts(article: Article) -> Iterator[tuple[str, str]]:
    """Yield every text of the row, with its field."""
    for column in fields(article):
        if column.name == "run_id":
            break
        stack: list[Any] = [getattr(article, column.name)]
        while stack:
            value = stack.pop()
            if isinstance(value, str):
                yield column.name, value
            elif isinstance(value, dict):
                stack += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                stack += value


def seeds() -> Pool:
    """Return pages of each of the demo newspaper's designs, cut free of their filler, and the tests' own."""
    paper = Newspaper(seed=7, articles=40)
    found: Pool = [(paper.page(index), "html") for index in range(0, 40, 3)]
    found += [(path.read_bytes(), "html") for path in sorted((ROOT / "tests/fixtures/pages").glob("*.html"))]
    found += [(path.read_bytes(), "text") for path in sorted((ROOT / "tests/fixtures/dumps").glob("*.txt"))]
    return found


def _tracer(seen: set[tuple[str, int]]) -> Callable[[FrameType, str, Any], Any]:
    def trace(frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(PACKAGE):
            return None
        if event == "line":
            seen.add((name, frame.f_lineno))
        return trace

    return trace


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _insert(body: bytes, rng: random.Random, _: Pool) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(SHARDS) * rng.choice((1, 1, 1, 3, 60)) + body[at:]


def _cut(body: bytes, rng: random.Random, _: Pool) -> bytes:
    start, size = rng.randrange(len(body) + 1), int(rng.expovariate(1 / 400))
    return body[:start] + body[start + size :]


def _truncate(body: bytes, rng: random.Random, _: Pool) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flip(body: bytes, rng: random.Random, _: Pool) -> bytes:
    changed = bytearray(body)
    for _place in range(min(len(changed), 1 + int(rng.expovariate(0.1)))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _splice(body: bytes, rng: random.Random, pool: Pool) -> bytes:
    other = rng.choice(pool)[0]
    return body[: rng.randrange(len(body) + 1)] + other[rng.randrange(len(other) + 1) :]


def _repeat(body: bytes, rng: random.Random, _: Pool) -> bytes:
    start, size = rng.randrange(len(body) + 1), int(rng.expovariate(1 / 60))
    return body[:start] + body[start : start + size] * rng.choice((2, 9, 900)) + body[start + size :]


_MUTATIONS = (_insert, _insert, _cut, _truncate, _flip, _splice, _repeat)


def main() -> None:
    """Fuzz for some seconds; exit 1 where anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--unguided",
        action="store_true",
        help="no tracing: ten times as many rounds, and the deadline is held",
    )
    parser.add_argument(
        "--keep", type=Path, default=Path("/tmp/newsbot-fuzz"), help="folder for inputs that failed"
    )
    given = parser.parse_args()
    fuzzer, started, rounds = Fuzzer(given.seed, guided=not given.unguided), time.monotonic(), 0
    findings: dict[str, Finding] = {}
    for page, publisher in fuzzer.pages():
        if rounds >= given.rounds or time.monotonic() - started > given.seconds:
            break
        rounds += 1
        found = fuzzer.round(page, publisher)
        if found is not None and found.what not in findings:
            findings[found.what] = found
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{given.seed}-{rounds}.{found.page.media}").write_bytes(found.page.body)
            print(f"{given.seed}-{rounds}: {found.what[:200]}")
    print(
        f"{rounds} pages, {len(fuzzer.lines)} lines reached, {len(fuzzer.pool)} in the pool, {len(findings)} findings"
    )
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
