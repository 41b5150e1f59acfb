"""A server on loopback whose answers are raw bytes, and a probe that fetches with newsbot's settings in a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = b"<!doctype html><html><head><title>T</title></head><body><p>Text of a page.</p></body></html>"

Answer = bytes | Callable[[asyncio.StreamWriter, "Asked"], Awaitable[None]]


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    times: int
    """How often this path was asked for before."""


@dataclass
class Wild:
    """Answers each path with raw bytes, or by a function that writes them; other paths with 404."""

    answers: dict[str, Answer]
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def times(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
                }
                asked = Asked(path, headers, self.times(path))
                self.asked.append(asked)
                answer = self.answers.get(path, http(b"none", status="404 Not Found"))
                if not isinstance(answer, bytes):
                    await answer(writer, asked)
                    break
                writer.write(answer)
                await writer.drain()
        with suppress(ConnectionError, RuntimeError):
            writer.close()


def http(body: bytes = PAGE, status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole answer; keyword names are header names with `_` for `-`, `length` overrides the Content-Length."""
    length = headers.pop("length", str(len(body)))
    fields = {"Content-Type": "text/html", "Content-Length": length}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@contextmanager
def wild(answers: Mapping[str, Answer], ssl: Any = None) -> Iterator[Wild]:
    """Serve from a thread until the block ends."""
    server = Wild(dict(answers))
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=ssl))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:

        async def stop() -> None:
            listening.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(stop(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass
class Fetched:
    """What became of one URL."""

    outcome: str | None
    reason: str | None
    status: int | None
    size: int | None
    flags: list[str]
    rights: dict[str, str]
    body: str
    url: str | None


@dataclass
class Probe:
    """What became of a list of URLs, and what the process said and took."""

    results: list[Fetched]
    stats: dict[str, Any]
    log: str
    rss: int
    """Bytes at most."""
    seconds: float

    @property
    def outcomes(self) -> list[str | None]:
        return [result.outcome for result in self.results]


def fetch(
    urls: Sequence[str], guard: str = "127.0.0.1/32", kind: str = "page", timeout: float = 60, **settings: Any
) -> Probe:
    """Fetch URLs one after the other, as a crawl would; RunExtension and pipelines are off."""
    asked = {
        "urls": list(urls),
        "kind": kind,
        "publisher": settings.pop("publisher", {}),
        "keep": settings.pop("keep", 200),
        "settings": {
            "NEWSBOT_ALLOWED_ADDRESSES": guard,
            "AUTOTHROTTLE_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
            **settings,
        },
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.middlewares.probe"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    results = [Fetched(**result) for result in found.pop("results")]
    return Probe(results, log=done.stderr, **found)
