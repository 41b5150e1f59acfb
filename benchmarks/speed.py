"""Prints milliseconds a page beside trafilatura and the bare parser: `python benchmarks/speed.py FOLDER` (FOLDER: one corpus).

From bytes to the finished article with all fields; every page once to warm up, then timed, the systems in turn on each page, so
that all meet the same load of the machine; the best of some rounds counts. Python looks for cycles as seldom as in a crawl's
workers, for every system. Times are of the processor, on one core: on an idle machine what the clock shows.
`--parts` prints where newsbot's time goes instead. NEWSBOT_PURE=1 in the environment leaves out what is compiled.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if __package__ in {None, ""}:  # run as a file: the repository's root is not on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.pages import read_folder
from benchmarks.speed_parts import time_parts
from newsbot.chain import read
from newsbot.extract import extract
from newsbot.extract.compiled import features_in_c
from newsbot.items import Page
from newsbot.pool.process import settle
from newsbot.publishers.model import Publisher

_PUBLISHER = Publisher(name="benchmark", site="")
FORGETFUL = "newsbot, forgetful"
"""newsbot without what it remembers of class names, names and URLs from page to page: as on the first page of a site."""
SYSTEMS: dict[str, Callable[[Page], object]] = {
    "parser alone (lexbor)": lambda page: LexborHTMLParser(page.body),
    "newsbot, extract alone": lambda page: extract(page, _PUBLISHER),
    "newsbot": lambda page: read(page, _PUBLISHER),
    FORGETFUL: lambda page: read(page, _PUBLISHER),
    "trafilatura fast": lambda page: trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, fast=True
    ),
    "trafilatura": lambda page: trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True),
}


def time_all(pages: list[Page], rounds: int) -> dict[str, list[float]]:
    """Return for each system the milliseconds of each page, the best of some rounds."""
    best = {name: [float("inf")] * len(pages) for name in SYSTEMS}
    memories = list(list_memories())
    settle()
    for round_ in range(rounds + 1):
        for index, page in enumerate(pages):
            for name, system in SYSTEMS.items():
                if name == FORGETFUL:
                    for memory in memories:
                        memory.cache_clear()
                start = time.process_time()
                system(page)
                # The first round warms up.
                if round_:
                    best[name][index] = min(best[name][index], (time.process_time() - start) * 1e3)
    return best


def list_memories() -> Iterator[Any]:
    """Yield newsbot's functions that remember what they returned for arguments of a page; not those that load a table once."""
    for name, module in list(sys.modules.items()):
        if name.startswith("newsbot."):
            for value in vars(module).values():
                if hasattr(value, "cache_parameters") and (value.cache_parameters()["maxsize"] or 0) > 1:
                    yield value


def show(times: dict[str, list[float]]) -> None:
    """Print the table."""
    whole = statistics.median(times["trafilatura"])
    print(f"{'system':24} {'median':>8} {'mean':>8} {'p95':>8}  of trafilatura's median")
    for name, values in times.items():
        median, p95 = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        print(f"{name:24} {median:8.2f} {statistics.mean(values):8.2f} {p95:8.2f}  {median / whole:.3f}")


def show_parts(parts: dict[str, list[float]]) -> None:
    """Print where the time goes: of each part the median over the pages, and its share of the sum of means."""
    total = sum(statistics.mean(values) for values in parts.values())
    print(f"{'part':40} {'median':>8} {'mean':>8}  share")
    for name, values in parts.items():
        mean = statistics.mean(values)
        print(f"{name:40} {statistics.median(values):8.2f} {mean:8.2f}  {mean / total:5.1%}")
    print(f"{'sum':40} {'':8} {total:8.2f}")


def main() -> None:
    """Time every system, or newsbot's parts, on the pages of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", action="store_true", help="print where newsbot's time goes")
    arguments = parser.parse_args()
    pages = [labelled.page() for labelled in read_folder(arguments.folder)]
    print(f"walk, features and forests: {'compiled' if features_in_c else 'in Python'}")
    if arguments.parts:
        show_parts(time_parts(lambda page: read(page, _PUBLISHER), pages, arguments.rounds))
        return
    show(time_all(pages, arguments.rounds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, trafilatura included: {peak:.0f} MB")


if __name__ == "__main__":
    main()
