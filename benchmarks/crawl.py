"""Pages a second from URL to committed Parquet, beside bare Scrapy that only fetches and beside peers, and memory.

    python -m benchmarks.crawl [--pages 5000] [--peer-pages 500] [--peers-venv FOLDER] [--no-peers] [--rounds 1]

The demo newspaper's pages, about 100 KB each, are served by nginx on loopback. Each crawler is a process of its own, timed from its
start to its end, one after the other. Peers get a virtual environment of their own, made where it is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.serving import served
from benchmarks.state import keys, row
from newsbot.state import State

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).with_name("crawl_peers.py")
# fundus 0.5.7 imports a name that curl_cffi 0.17 no longer has.
PACKAGES = ("news-please==1.6.16", "fundus==0.5.7", "curl_cffi==0.13.0", "trafilatura==2.0.0")
# Seconds after which a crawler is stopped: nothing here takes longer unless it hangs.
LONGEST = 1800
POLL = 0.05


@dataclass(slots=True)
class Measure:
    """What one crawler did."""

    name: str
    pages: int
    seconds: float
    memory: int = 0
    """Highest resident size of its main process, in bytes."""
    others: int = 0
    """Sum of the highest resident sizes of the processes below it, in bytes; pages they share count in each."""
    cpu: float = 0.0
    """Seconds of processor time of the main process: steadier than the clock on a machine that others use."""
    others_cpu: float = 0.0
    """The same of the processes below it."""
    note: str = ""

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class Use:
    """What a process has used: highest resident size in bytes, processor time in seconds."""

    memory: int = 0
    cpu: float = 0.0


def used(pid: int) -> Use:
    """Return what a process has used so far; nothing where it has ended (proc(5): VmHWM of status, fields 14 and 15 of stat)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        # The command in parentheses may itself hold spaces.
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return Use()
    memory = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
    return Use(memory, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"))


def below(pid: int) -> Iterator[int]:
    """Yield the processes that descend from `pid`."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from below(child)


def watch(name: str, command: list[str], env: dict[str, str], folder: Path) -> Measure:
    """Run a command to its end and return its time and memory; its output goes to a file. Raises RuntimeError."""
    log, tops = folder / f"{name.replace(' ', '-')}.log", dict[int, Use]()
    started = time.monotonic()
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **env}, stdout=file, stderr=file)
        while process.poll() is None:
            for pid in (process.pid, *below(process.pid)):
                now, before = used(pid), tops.get(pid, Use())
                tops[pid] = Use(max(now.memory, before.memory), max(now.cpu, before.cpu))
            if time.monotonic() - started > LONGEST:
                process.kill()
            time.sleep(POLL)
    seconds = time.monotonic() - started
    if process.returncode:
        end = log.read_text(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"{name} ended with status {process.returncode}: {''.join(end)}")
    main = tops.pop(process.pid)
    memory, cpu = sum(use.memory for use in tops.values()), sum(use.cpu for use in tops.values())
    return Measure(name, 0, seconds, main.memory, memory, main.cpu, cpu)


def bare(urls: Path, folder: Path) -> Measure:
    """Fetch the URLs with Scrapy and do nothing with them."""
    command = [sys.executable, str(PEERS), "scrapy", str(urls), str(folder / "fetched")]
    measure = watch("bare Scrapy", command, {}, folder)
    measure.pages = int((folder / "fetched").read_text())
    return measure


def remember(output: Path, count: int) -> None:
    """Let the newspaper's state know `count` other URLs, each with its article."""
    state = State.open(output / "state", "demo")
    urls = [row(key, number) for number, key in enumerate(keys(count))] if count else []
    articles = [
        {
            "article_id": url["key"],
            "version": 1,
            "page_hash": url["key"],
            "headline_hash": url["key"],
            "sketch": str(url["key"]) * 8,
            "first_seen_at": url["fetched_at"],
            "changed_at": url["fetched_at"],
            "edits": 0,
            "extractor_version": "1",
            "row": json.dumps({"url": url["url"], "headline": "A headline of some eight words as they come"}),
        }
        for url in urls
    ]
    state.apply(None, {"urls": urls, "articles": articles})
    state.close()


def newsbot(site: str, folder: Path, workers: int, known: int = 0) -> Measure:
    """Crawl the newspaper with everything on; `known`: URLs that the state knows already."""
    output = folder / f"output-{time.time_ns()}"
    remember(output, known)
    env = {
        "NEWSBOT_OUTPUT": str(output),
        "NEWSBOT_DEMO_URL": site,
        "NEWSBOT_WORKERS": str(workers),
        "PYTHONPATH": str(ROOT),
        "SCRAPY_SETTINGS_MODULE": "newsbot.settings",
    }
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "publisher=demo"]
    measure = watch("newsbot", command, env, folder)
    measure.pages = sum(pq.ParquetFile(path).metadata.num_rows for path in output.rglob("*.parquet"))
    outcomes = [json.loads(path.read_bytes())["outcomes"] for path in (output / "runs").rglob("*.json")]
    measure.note = f"rows committed {measure.pages}; outcomes {outcomes}"
    shutil.rmtree(output)
    return measure


def peer(name: str, venv_folder: Path, urls: Path, folder: Path) -> Measure:
    """Let a peer fetch the URLs and write articles; a peer that fails says so in its note."""
    out = folder / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    command = [str(venv_folder / "bin/python"), str(PEERS), name, str(urls), str(out)]
    if name == "trafilatura":
        config = folder / "trafilatura.cfg"
        command = [
            str(venv_folder / "bin/python"), str(PEERS), "trafilatura-config", str(urls), str(config)
        ]  # fmt: skip
        subprocess.run(command, check=True)
        command = [str(venv_folder / "bin/trafilatura"), "-i", str(urls), "-o", str(out), "--json"]
        command += ["--with-metadata", "--parallel", "2", "--config-file", str(config)]
    try:
        measure = watch(name, command, {"HOME": str(folder)}, folder)
    except (RuntimeError, OSError) as error:
        return Measure(name, 0, 0.0, note=str(error))
    files = [path for path in out.rglob("*") if path.is_file()]
    lines = [line for path in files if path.suffix == ".jsonl" for line in path.read_bytes().splitlines()]
    measure.pages = len(lines) or len(files)
    return measure


def ready(folder: Path) -> Path:
    """Make the peers' virtual environment where it is missing; return its folder."""
    if not (folder / "bin/trafilatura").exists():
        venv.create(folder, with_pip=True)
        install = [str(folder / "bin/python"), "-m", "pip", "install", "-q"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)
        subprocess.run([*install, *PACKAGES], check=True)
    return folder


def table(measures: list[Measure]) -> list[str]:
    """Return a line a crawler: pages, seconds, rate and memory, beside the first's rate."""
    lines = [
        (
            f"{'':14}{'pages':>7}{'seconds':>9}{'pages/s':>9}{'of bare':>9}"
            f"{'main CPU s':>12}{'others':>8}{'main MB':>9}{'others':>8}"
        )
    ]
    base = next((each.rate for each in measures if each.name == "bare Scrapy"), 0.0)
    for each in measures:
        share = f"{each.rate / base:.0%}" if base else "-"
        lines.append(
            f"{each.name:14}{each.pages:7}{each.seconds:9.1f}{each.rate:9.1f}{share:>9}"
            f"{each.cpu:12.1f}{each.others_cpu:8.1f}{each.memory / 1e6:9.0f}{each.others / 1e6:8.0f}  {each.note}".rstrip()
        )
    return lines


def verdicts(measures: list[Measure]) -> list[str]:
    """Return the goals, each with what was reached: rates by the median of the rounds, memory by the highest."""
    rates: dict[str, list[float]] = {}
    for each in measures:
        rates.setdefault(each.name, []).append(each.rate)
    rate = {name: statistics.median(found) for name, found in rates.items()}
    memory = max(each.memory for each in measures if each.name == "newsbot")
    mine, base = rate.pop("newsbot"), rate.pop("bare Scrapy")
    lines = [f"of bare Scrapy {mine / base:.0%} (goal: at least 60 %)"]
    if any(rate.values()):
        best = max(rate, key=lambda name: rate[name])
        lines.append(f"times the best peer, {best}: {mine / rate[best]:.1f} (goal: at least 5)")
    return [*lines, f"memory of the crawl process {memory / 1e6:.0f} MB (goal: at most 250)"]


@contextmanager
def scratch(folder: Path | None) -> Iterator[Path]:
    """Yield the folder, or one that goes away."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="newsbot-crawl-") as made:
        yield Path(made)


def lay_sitemap(folder: Path, urls: list[str]) -> None:
    """Put a sitemap of some URLs beside the newspaper's files, for a peer that takes URLs from nowhere else."""
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    for site in folder.glob("site-*"):
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
        (site / "some.xml").write_text(text)


def jobs(
    given: argparse.Namespace, site: str, urls: list[str], folder: Path
) -> Iterator[Callable[[], Measure]]:
    """Yield what is to be measured, in order."""
    every, some = folder / "urls.txt", folder / "some.txt"
    every.write_text("".join(f"{url}\n" for url in urls))
    some.write_text("".join(f"{url}\n" for url in urls[: given.peer_pages]))
    lay_sitemap(folder, urls[: given.peer_pages])
    for _ in range(given.rounds):
        yield lambda: bare(every, folder)
        yield lambda: newsbot(site, folder, given.workers, given.known)
    if given.no_peers:
        return
    peers = ready(given.peers_venv or folder / "peers")
    for name in ("news-please", "trafilatura", "fundus"):
        yield lambda name=name: peer(name, peers, some, folder)  # type: ignore[misc]


def main() -> None:
    """Print the table and the goals."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument(
        "--peer-pages", type=int, default=500, help="pages that peers get; their rate is computed"
    )
    parser.add_argument("--peers-venv", type=Path, help="the peers' virtual environment, made where missing")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--workers", type=int, default=1, help="NEWSBOT_WORKERS")
    parser.add_argument("--known", type=int, default=0, help="URLs that newsbot's state knows before")
    parser.add_argument("--rounds", type=int, default=1, help="times bare Scrapy and newsbot are run in turn")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder unless given")
    given = parser.parse_args()
    measures: list[Measure] = []
    with scratch(given.folder) as folder, served(given.pages, folder) as (site, urls):
        for job in jobs(given, site, urls, folder):
            measures.append(job())
            print(table([*measures[:1], measures[-1]])[-1], file=sys.stderr)
    print("\n".join([*table(measures), *verdicts(measures)]))


if __name__ == "__main__":
    main()
