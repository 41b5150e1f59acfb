"""Serves the demo newspaper on loopback: well-behaved as site.py says, or nasty as the cases asked for say.

with serve(Newspaper(seed=1, articles=50)) as server:
    server.url, server.requests, server.newspaper
"""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from newsbot.demo.nasty import Visit, Wrongs, case
from newsbot.demo.site import CACHE_BYTES, Site
from newsbot.demo.wire import HEAD_LIMIT, Answer, Asked, BadRequest, head, html, is_fresh, pack, read_request
from newsbot.demo.wire import WORTH_PACKING as ENOUGH

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

HOST = "127.0.0.1"
PORT = 8642
"""The port where none is asked for: fixed, so that a second crawl meets the same URLs."""
LOGGED = 200_000
"""Requests remembered."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that was answered."""

    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    status: int
    """0 where no answer was finished."""
    nasty: str
    """The nasty case that answered, empty: none."""

    @property
    def path(self) -> str:
        """The target without query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a server answers, beside what it says."""

    nasty: str | Iterable[str] | Mapping[str, float] = ()
    """Names of nasty cases, each met where it applies; a mapping or `name:0.1` gives the share of URLs that meet it."""
    pause: float = 2.0
    """Seconds between the pieces of a slow answer."""
    packs: bool = True
    """Whether answers are sent as gzip to clients that take it."""
    crawl_delay: str | None = None
    """What robots.txt says, None: nothing."""
    cache_bytes: int = CACHE_BYTES


class Server:
    """A demo server and what it was asked; `serve` starts it."""

    def __init__(self, newspaper: Newspaper, behaviour: Behaviour) -> None:
        self.newspaper = newspaper
        self.site = Site(newspaper, crawl_delay=behaviour.crawl_delay, cache_bytes=behaviour.cache_bytes)
        self.wrongs = Wrongs(behaviour.nasty, pause=behaviour.pause)
        """Which URLs are spoilt; `wrongs.at[path] = name` spoils one."""
        self.packs = behaviour.packs
        self.requests: deque[Seen] = deque(maxlen=LOGGED)
        self.errors: list[str] = []
        """Tracebacks of what broke in the server itself."""
        self.port = 0
        self._listening: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        """The root URL, without trailing slash."""
        return f"http://{HOST}:{self.port}"

    def asked(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(seen.path == path for seen in self.requests)

    async def listen(self, port: int) -> None:
        """Take a port of loopback (0: a free one) and answer on it; the newspaper moves there. Raises OSError."""
        self._listening = await asyncio.start_server(self._talk, HOST, port, limit=HEAD_LIMIT)
        self.port = self._listening.sockets[0].getsockname()[1]
        self.newspaper.move(self.url)

    async def end(self) -> None:
        """Take no more connections and drop those there are, whatever they wait for."""
        listening = self._listening
        assert listening is not None, "it listens"
        # A connection taken just now must begin to talk before its server closes: asyncio would leak it (Server._attach).
        for sock in listening.sockets:
            asyncio.get_running_loop().remove_reader(sock.fileno())
        await asyncio.sleep(0.01)
        while self._talks:
            talks = dict(self._talks)
            for task, writer in talks.items():
                task.cancel()
                writer.transport.abort()
            await asyncio.gather(*talks, return_exceptions=True)
        listening.close()
        await asyncio.sleep(0.01)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks[task] = writer
        try:
            while asked := await read_request(reader):
                if not await self._respond(asked, writer):
                    break
        except BadRequest as error:
            writer.write(head(_NOBODY, html(str(error), 400), 0))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the server ends
        except Exception:  # noqa: BLE001 - a bug here must be seen by the test, not by the crawler
            self.errors.append(traceback.format_exc())
        finally:
            await _close(writer)
            del self._talks[task]

    async def _respond(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection goes on."""
        name, inner = self.wrongs.met(asked.path)
        seen = Seen(asked.method, asked.target, asked.headers, 0, name)
        try:
            if name:
                visit = Visit(replace(asked, target=inner), asked, self.site, writer, self.wrongs)
                answer = await case(name).act(visit)
            else:
                answer = self.site.answer(asked.path)
            if answer is None:
                return False
            if is_fresh(asked, answer):
                answer = replace(answer, status=304, body=b"", media="", packs=False, _etag=answer.etag)
            seen = replace(seen, status=answer.status)
        finally:
            # Before anything is sent: who has the answer may look for its request at once.
            self.requests.append(seen)
        await self._send(asked, answer, writer)
        return asked.keeps

    async def _send(self, asked: Asked, answer: Answer, writer: asyncio.StreamWriter) -> None:
        is_packed = self.packs and answer.packs and len(answer.body) >= ENOUGH and asked.accepts("gzip")
        if is_packed and answer.packed is None:
            answer.packed = pack(answer.body)
        body = answer.packed if is_packed and answer.packed is not None else answer.body
        writer.write(head(asked, answer, len(body), packed=is_packed))
        if asked.method != "HEAD":
            writer.write(body)
        await writer.drain()


_NOBODY = Asked("GET", "/", {"connection": "close"})


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close a connection once what was written is sent; drop it where the client does not take it."""
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), timeout=5)
    except (OSError, TimeoutError, asyncio.CancelledError):
        writer.transport.abort()


@contextmanager
def serve(
    newspaper: Newspaper, port: int = 0, behaviour: Behaviour | None = None, **more: object
) -> Iterator[Server]:
    """Serve a newspaper from a thread until the block ends; `more` are fields of Behaviour.

    Raises OSError where the port is taken.
    """
    server = Server(newspaper, replace(behaviour or Behaviour(), **more))  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(server.listen(port))
    except OSError:
        loop.close()
        raise
    thread = threading.Thread(target=loop.run_forever, name="demo server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
