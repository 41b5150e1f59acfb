"""Milliseconds a page, from bytes to the finished article, beside trafilatura and the bare parser, in one run on one core.

    python benchmarks/speed.py CORPUS_FOLDER [--rounds 3]

Each page is read by all three in turn, so that a busy machine slows all alike; of the rounds the fastest counts. Warm: one round
before.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.predict import UNKNOWN, pages
from newsbot.chain import read
from newsbot.items import Page


def whole(page: Page) -> object:
    """The whole chain: extract, clean, normalize, validate."""
    return read(page, UNKNOWN)


def parse(page: Page) -> object:
    """The bare parser."""
    return LexborHTMLParser(page.body)


def peer(page: Page) -> object:
    """The peer at its defaults, with metadata."""
    return trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)


SYSTEMS: dict[str, Callable[[Page], object]] = {"newsbot": whole, "parser": parse, "trafilatura": peer}


def measure(read_pages: list[Page], rounds: int) -> dict[str, list[float]]:
    """Return the fastest of the rounds for each page and system, in milliseconds."""
    best = {name: [float("inf")] * len(read_pages) for name in SYSTEMS}
    for turn in range(rounds + 1):
        for place, page in enumerate(read_pages):
            for name, system in SYSTEMS.items():
                begun = time.perf_counter()
                system(page)
                took = (time.perf_counter() - begun) * 1000
                if turn:
                    best[name][place] = min(best[name][place], took)
    return best


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    measured = measure([page for _, page in pages(given.folder)], given.rounds)
    print(f"{len(measured['newsbot'])} pages, ms a page\n{'':12} {'median':>8} {'mean':>8} {'95th':>8}")
    for name, times in measured.items():
        ninety_fifth = statistics.quantiles(times, n=20)[-1]
        print(f"{name:12} {statistics.median(times):8.2f} {statistics.mean(times):8.2f} {ninety_fifth:8.2f}")
    ratio = statistics.median(measured["newsbot"]) / statistics.median(measured["trafilatura"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"newsbot's median is {ratio:.2f} of trafilatura's; peak memory of all three {memory} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
