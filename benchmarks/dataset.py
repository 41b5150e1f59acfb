"""What the dataset costs, beside pandas and pyarrow in the same run: rows a second, bytes, memory; commits as it grows; queries.

python -m benchmarks.dataset write [--articles 200000] [--days 365]
python -m benchmarks.dataset grow [--partitions 10,100,1000,10000]
python -m benchmarks.dataset query [--articles 100000]
python -m benchmarks.dataset shape [--articles 50000]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from benchmarks.dataset_queries import query, shape
from benchmarks.dataset_rows import EPOCH, Articles, delta
from benchmarks.dataset_writers import BATCH, WRITERS, measured


def write(arguments: argparse.Namespace) -> None:
    """Each writer in a process of its own, in turns; print the fastest turn of each, for others use the machine too."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(arguments.rounds):
        for writer in WRITERS:
            found = _apart(writer, arguments)
            if writer not in best or found["seconds"] < best[writer]["seconds"]:
                best[writer] = found
    rates = {writer: arguments.articles / found["seconds"] for writer, found in best.items()}
    print(
        f"{arguments.articles:,} articles over {arguments.days} days, batches of {BATCH:,}, best of {arguments.rounds}"
    )
    print(
        f"{'':18}{'rows/s':>10}{'bytes/row':>12}{'files':>8}{'peak MB':>10}{'processor µs/row':>18}{'of pyarrow':>12}"
    )
    for writer, found in best.items():
        line = f"{found['bytes'] / arguments.articles:>12,.0f}{found['files']:>8,}{found['peak']:>10,}"
        line += f"{found['processor'] / arguments.articles * 1e6:>18,.1f}{rates[writer] / rates['pyarrow']:>12.0%}"
        print(f"{writer:18}{rates[writer]:>10,.0f}{line}")


def _apart(writer: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what one writer took in a process of its own."""
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        command = [sys.executable, "-m", "benchmarks.dataset", "one", "--writer", writer, "--root", folder]
        command += ["--articles", str(arguments.articles), "--days", str(arguments.days)]
        done = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, Any] = orjson.loads(done.stdout)
    print(f"  {writer} {found}", file=sys.stderr, flush=True)
    return found


def grow(arguments: argparse.Namespace) -> None:
    """Time opening and commits of 100 rows into one partition, as partitions and manifests grow together."""
    print(f"{'partitions':>10}{'manifests':>11}{'open ms':>10}{'commit ms':>11}{'slowest':>10}")
    for count in map(int, arguments.partitions.split(",")):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            opens, commits = _grown(Path(folder), count)
        line = f"{statistics.median(opens) * 1000:>10.2f}{statistics.median(commits) * 1000:>11.1f}{max(commits) * 1000:>10.1f}"
        print(f"{count:>10,}{count:>11,}{line}", flush=True)


def _grown(root: Path, count: int) -> tuple[list[float], list[float]]:
    """Return the seconds of 20 openings and 20 commits where there are `count` partitions and manifests."""
    from newsbot.dataset.commit import recover  # noqa: PLC0415 - the other writers' memory is to be theirs
    from newsbot.dataset.writer import Limits, Writer  # noqa: PLC0415
    from newsbot.state import State  # noqa: PLC0415

    made, opens, commits = Articles(), [], []
    state = State.open(root / "state", "alder")
    writer = Writer(root, "alder-20260201T000000Z-0a1b2c", "alder", Limits(), state)
    for number in range(count):
        writer.add(made.row(number, EPOCH + timedelta(days=number)))
    writer.commit({})
    for _ in range(count - 1):
        writer.commit({})
    for _ in range(20):
        since = time.perf_counter()
        recover(root, "alder", state)
        opens.append(time.perf_counter() - since)
        rows = [made.row(at, EPOCH) for at in range(100)]
        learned = delta(rows)
        since = time.perf_counter()
        for row in rows:
            writer.add(row)
        writer.commit(learned)
        commits.append(time.perf_counter() - since)
    state.close()
    return opens, commits


def main() -> None:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("write", "grow", "query", "shape", "one"))
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--partitions", default="10,100,1000,10000")
    parser.add_argument("--writer", choices=WRITERS)
    parser.add_argument("--root", type=Path)
    parser.add_argument(
        "--folder", default=None, help="where to work; the system's temporary folder by default"
    )
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    if arguments.what == "one":
        found = measured(arguments.writer, arguments.articles, arguments.days, arguments.root)
        sys.stdout.write(orjson.dumps(found).decode())
        return
    {"write": write, "grow": grow, "query": query, "shape": shape}[arguments.what](arguments)


if __name__ == "__main__":
    main()
