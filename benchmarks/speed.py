"""Prints milliseconds a page beside trafilatura and the bare parser: `python benchmarks/speed.py FOLDER` (FOLDER: one corpus).

From bytes to the finished article with all fields; one core, every page once to warm up, then timed, the systems in turn on each
page, so that all meet the same load of the machine.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

if __package__ in {None, ""}:  # run as a file: the repository's root is not on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.pages import read_folder
from newsbot.chain import read
from newsbot.extract import extract
from newsbot.items import Page
from newsbot.publishers.model import Publisher

_PUBLISHER = Publisher(name="benchmark", site="")
SYSTEMS: dict[str, Callable[[Page], object]] = {
    "parser alone (lexbor)": lambda page: LexborHTMLParser(page.body),
    "newsbot, extract alone": lambda page: extract(page, _PUBLISHER),
    "newsbot": lambda page: read(page, _PUBLISHER),
    "trafilatura fast": lambda page: trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, fast=True
    ),
    "trafilatura": lambda page: trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True),
}


def time_all(pages: list[Page], rounds: int) -> dict[str, list[float]]:
    """Return for each system the milliseconds of each page, the best of some rounds."""
    best = {name: [float("inf")] * len(pages) for name in SYSTEMS}
    for round_ in range(rounds + 1):
        for index, page in enumerate(pages):
            for name, system in SYSTEMS.items():
                start = time.perf_counter()
                system(page)
                # The first round warms up.
                if round_:
                    best[name][index] = min(best[name][index], (time.perf_counter() - start) * 1e3)
    return best


def show(times: dict[str, list[float]]) -> None:
    """Print the table."""
    whole = statistics.median(times["trafilatura"])
    print(f"{'system':24} {'median':>8} {'mean':>8} {'p95':>8}  of trafilatura's median")
    for name, values in times.items():
        median, p95 = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        print(f"{name:24} {median:8.2f} {statistics.mean(values):8.2f} {p95:8.2f}  {median / whole:.3f}")


def main() -> None:
    """Time every system on the pages of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    show(time_all([labelled.page() for labelled in read_folder(arguments.folder)], arguments.rounds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, trafilatura included: {peak:.0f} MB")


if __name__ == "__main__":
    main()
