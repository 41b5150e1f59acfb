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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The root URL, without trailing slash."""
        return f"http://{HOST}:{self.port}"

    def asked(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(seen.path == path for seen in self.requests)

    async def listen(self, port: int) -> asyncio.Server:
        """Take a port of loopback (0: a free one) and answer on it; the newspaper moves there. Raises OSError."""
        listening = await asyncio.start_server(self._talk, HOST, port, limit=HEAD_LIMIT)
        self.port = listening.sockets[0].getsockname()[1]
        self.newspaper.move(self.url)
        return listening

    async def end(self) -> None:
        """Drop every connection, whatever it waits for."""
        talks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        for writer in self._open:
            writer.transport.abort()
        # Sockets are closed by the loop, in its next round.
        await asyncio.sleep(0.01)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
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
            with suppress(ConnectionError, RuntimeError):
                writer.close()
            if writer.transport.get_write_buffer_size() == 0:
                self._open.discard(writer)

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
        listening = loop.run_until_complete(server.listen(port))
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
        listening.close()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
