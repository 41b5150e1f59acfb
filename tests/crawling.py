"""What tests of whole crawls share: the demo newspaper in a process of its own, and `scrapy` run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parent.parent
# A whole run on a busy machine; a hang fails the test, it does not stop the suite.
LONGEST = 180


@dataclass
class Site:
    """The demo newspaper as it is served."""

    url: str
    truth: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Row by URL."""


@contextmanager
def served(folder: Path, articles: int = 60, seed: int = 1, *options: str) -> Iterator[Site]:
    """Serve a newspaper on a free port and yield where, with its truth."""
    truth = folder / f"truth-{articles}-{seed}.jsonl"
    command = [
        sys.executable,
        "-u",
        "-m",
        "newsbot.demo",
        "--port",
        "0",
        "--articles",
        str(articles),
        "--seed",
        str(seed),
    ]
    process = subprocess.Popen(
        [*command, "--truth", str(truth), *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http://" in line)
        url = next(word for word in line.split() if word.startswith("http://")).rstrip("/.,")
        rows = [orjson.loads(row) for row in truth.read_bytes().splitlines()]
        yield Site(url, {row["url"]: row for row in rows})
    finally:
        process.terminate()
        process.communicate(timeout=30)


def scrapy(output: Path, *words: str, url: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `scrapy WORDS` with the output root and the demo's address in its environment."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("NEWSBOT_")}
    env |= {"NEWSBOT_OUTPUT": str(output), "NEWSBOT_DEMO_URL": url, "PYTHONWARNINGS": "default"}
    # Seconds for a page on a machine that others keep busy; tests of the deadline set their own.
    env["NEWSBOT_DEADLINE"] = "60"
    env |= {f"NEWSBOT_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )


def crawl(output: Path, site: Site, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `scrapy crawl news -a publisher=demo WORDS`."""
    return scrapy(output, "crawl", "news", "-a", "publisher=demo", *words, url=site.url, **settings)


def last_record(output: Path, publisher: str = "demo") -> dict[str, Any]:
    """Return the record of the last run; run ids sort by time."""
    return orjson.loads(max((output / "runs" / publisher).glob("*.json")).read_bytes())  # type: ignore[no-any-return]


def files(output: Path) -> list[str]:
    """Return every file under the table's root, as paths from there."""
    table = output / "articles"
    return sorted(str(path.relative_to(table)) for path in table.rglob("*") if path.is_file())
