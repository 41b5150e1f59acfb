"""`python -m newsbot.demo`: serves the demo newspaper, writes its truth or its files, or runs a command against it."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from newsbot.demo.nasty import CASES
from newsbot.demo.nasty.registry import UnknownCase
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.server import HOST, PORT, Behaviour, Server, serve
from newsbot.demo.write import write_site


class Unusable(Exception):
    """Raised when the demo newspaper cannot be served as asked, with what to do instead, from `main`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status."""
    asked = _parser().parse_args(arguments)
    if asked.nasty == "list":
        for case in sorted(CASES.values(), key=lambda case: (case.scope, case.name)):
            print(f"{case.scope:8} {case.name:24} {case.says}")
        return 0
    paper = Newspaper(
        asked.seed, asked.articles, edition=asked.edition, base=asked.base or f"http://{HOST}:{PORT}"
    )
    try:
        if asked.write:
            return _write(paper, Path(asked.write), asked.truth)
        return _serve(paper, asked)
    except (OSError, UnknownCase, Unusable) as error:
        print(f"newsbot.demo: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m newsbot.demo", description=__doc__)
    parser.add_argument("--port", type=int, help=f"port on {HOST}; 0: a free one (default {PORT})")
    parser.add_argument("--articles", type=_count, default=120, help="how many articles it has (default 120)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another newspaper (default 1)")
    parser.add_argument(
        "--edition", default="", help="another publisher's edition, such as b: half of it the same stories"
    )
    parser.add_argument(
        "--truth", metavar="FILE", help="write the rows that a crawl should yield, as JSON Lines"
    )
    parser.add_argument(
        "--nasty", default="", metavar="NAME[:SHARE][,…]", help="misbehave; `list` names the ways"
    )
    parser.add_argument(
        "--pause", type=float, default=2.0, help="seconds between the pieces of slow answers (default 2)"
    )
    parser.add_argument("--crawl-delay", metavar="SECONDS", help="say so in robots.txt")
    parser.add_argument("--plain", action="store_true", help="never send gzip")
    parser.add_argument(
        "--write", metavar="FOLDER", help="write every page as a file for a static server, and end"
    )
    parser.add_argument("--base", metavar="URL", help="with --write: where the files will be served")
    parser.add_argument(
        "--run",
        nargs=argparse.REMAINDER,
        metavar="CMD",
        help="run a command while serving, NEWSBOT_DEMO_URL in its environment, and end with its exit status",
    )
    return parser


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 1_000_000:
        raise argparse.ArgumentTypeError("1 to 1000000 articles")
    return count


def _write(paper: Newspaper, folder: Path, truth: str | None) -> int:
    if truth:
        write_truth(paper, Path(truth))
    files, size = write_site(paper, folder)
    print(f"{files} files, {size >> 20} MB in {folder}; links begin with {paper.base}")
    return 0


def _serve(paper: Newspaper, asked: argparse.Namespace) -> int:
    behaviour = Behaviour(
        asked.nasty, pause=asked.pause, packs=not asked.plain, crawl_delay=asked.crawl_delay
    )
    with _serving(paper, asked.port, behaviour, may_move=asked.run is not None) as server:
        if asked.truth:
            write_truth(paper, Path(asked.truth))
        if asked.run is not None:
            return run(asked.run, server)
        print(f"{paper.title}: {len(paper)} articles at {server.url}/ (Ctrl-C ends it)", flush=True)
        _wait()
    return 0


@contextmanager
def _serving(paper: Newspaper, port: int | None, behaviour: Behaviour, *, may_move: bool) -> Iterator[Server]:
    """Serve on the port asked for, or the usual one; on a free one where that is taken and nobody insists."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(serve(paper, PORT if port is None else port, behaviour))
        except OSError as error:
            wanted = PORT if port is None else port
            if port is not None or not may_move:
                raise Unusable(
                    f"port {wanted} of {HOST} cannot be had ({error.strerror}); take another with --port"
                ) from error
            server = stack.enter_context(serve(paper, 0, behaviour))
            print(
                f"newsbot.demo: port {wanted} is taken, serving on {server.port}; a later crawl will meet other URLs",
                file=sys.stderr,
                flush=True,
            )
        yield server


def _wait() -> None:
    """Return when the process is asked to end."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


@contextmanager
def _passed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """While a command runs Ctrl-C is the command's to answer (it has the terminal too), and a request to end is passed on."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)


def run(command: Sequence[str], server: Server) -> int:
    """Run a command against the server; return its exit status. Raises Unusable where there is no such command."""
    if not command:
        raise Unusable("--run needs a command, such as --run .venv/bin/scrapy crawl news -a publisher=demo")
    environment = {**os.environ, "NEWSBOT_DEMO_URL": server.url}
    try:
        process = subprocess.Popen(list(command), env=environment)  # noqa: S603 - the user's own command
    except OSError as error:
        raise Unusable(f"cannot run {command[0]}: {error.strerror}") from error
    with _passed_on(process):
        status = process.wait()
    # A command that a signal ended: as shells say it.
    return status if status >= 0 else 128 - status


def write_truth(paper: Newspaper, path: Path) -> None:
    """Write the truth as JSON Lines, newest article first."""
    with path.open("wb") as file:
        for truth in paper.truths():
            file.write(orjson.dumps(truth) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
