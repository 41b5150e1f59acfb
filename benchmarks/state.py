"""What asking the state about a URL costs as it grows: a state of generated URLs, looked up in random order.

python -m benchmarks.state [--urls 10000000]
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from newsbot.state import State

CHUNK = 50_000
LOOKS = 20_000


def keys(count: int, seed: int = 1) -> Iterator[str]:
    """Yield `count` keys spread as hashes are, ascending: so they are written at the end of the B-tree, which is fast."""
    chance, step = random.Random(seed), (1 << 128) // count
    for number in range(count):
        yield f"{number * step + chance.randrange(step):032x}"


def row(key: str, number: int) -> dict[str, object]:
    """Return a URL's row of realistic length."""
    return {
        "key": key,
        "url": f"https://www.example.com/news/2026/02/01/a-headline-of-some-eight-words-as-they-come-{number}",
        "outcome": "new",
        "article_id": key,
        "fetched_at": 1.7e9 + number,
        "next_visit_at": None,
        "visits": 4,
        "etag": '"5f3a2b1c0d9e8f7a"',
    }


def fill(state: State, count: int, chance: random.Random) -> list[str]:
    """Write `count` URLs; return some of their keys."""
    chunk, kept = [], []
    for number, key in enumerate(keys(count)):
        chunk.append(row(key, number))
        if chance.random() < 2 * LOOKS / count:
            kept.append(key)
        if len(chunk) == CHUNK:
            state.apply(None, {"urls": chunk})
            chunk = []
    state.apply(None, {"urls": chunk})
    chance.shuffle(kept)
    return kept[:LOOKS]


def look(state: State, wanted: list[str]) -> tuple[float, float]:
    """Return median and 99th percentile of a look-up, in microseconds."""
    times = []
    for key in wanted:
        since = time.perf_counter_ns()
        state.url(key)
        times.append((time.perf_counter_ns() - since) / 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def main() -> None:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--urls", type=int, default=10_000_000)
    parser.add_argument(
        "--folder", default=None, help="where to work; the system's temporary folder by default"
    )
    arguments = parser.parse_args()
    chance = random.Random(2)
    print(
        f"{'URLs':>12}{'MB':>8}{'known µs':>10}{'99 %':>8}{'again':>8}{'new µs':>10}{'99 %':>8}{'apply of 5,000, ms':>20}"
    )
    for count in (arguments.urls // 1000, arguments.urls // 10, arguments.urls):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            state = State.open(Path(folder), "alder")
            known = fill(state, count, chance)
            new = [f"{chance.getrandbits(128):032x}" for _ in range(LOOKS)]
            # The second time nothing of it has to come from the disk.
            found = (*look(state, known), look(state, known)[1], *look(state, new))
            fresh = [row(f"{chance.getrandbits(128):032x}", number) for number in range(5000)]
            since = time.perf_counter()
            state.apply("alder-20260201T000000Z-0a1b2c-0001", {"urls": fresh})
            applied = (time.perf_counter() - since) * 1000
            state.close()
            size = (Path(folder) / "alder.sqlite3").stat().st_size // 2**20
        line = f"{found[0]:>10.1f}{found[1]:>8.1f}{found[2]:>8.1f}{found[3]:>10.1f}{found[4]:>8.1f}"
        print(f"{count:>12,}{size:>8,}{line}{applied:>20.0f}", flush=True)


if __name__ == "__main__":
    main()
