"""One worker of a pool: how it is started, and what it does until its socket is closed."""

from __future__ import annotations

import gc
import pickle
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from threading import Lock
from typing import Any

# Before each message stands its length.
HEAD = struct.Struct("!I")
# Bytes that a socket takes before its writer waits, where the system lets it: a page and the next.
_SOCKET_BYTES = 1 << 20
# Seconds that a worker has to end once its socket is closed; one that works on has been given up already.
_PATIENCE = 5.0
# Of two threads that ask at once what became of a process, one would wait for ever; starting one asks that of all others.
_one_by_one = Lock()


def launch(work: Callable[[Any], Any]) -> tuple[BaseProcess, socket.socket]:
    """Start a process and return it with our end of its socket."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BYTES)
    # Not forked from this process: it would hold copies of our ends, and of all else that is open here.
    process = get_context("forkserver").Process(target=serve, args=(theirs, work), daemon=True)
    with theirs, _one_by_one, _without_main():
        process.start()
    return process, ours


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a worker from loading what this process was started by, such as `bin/scrapy`: all of Scrapy, 0.3 s and 50 MB.

    What multiprocessing takes for a package's main module it leaves alone.
    """
    main = sys.modules["__main__"]
    spec, main.__spec__ = main.__spec__, ModuleSpec("newsbot.__main__", None)
    try:
        yield
    finally:
        main.__spec__ = spec


def end(processes: list[BaseProcess]) -> list[int | None]:
    """Wait for processes to end, those that do not are killed; return their exit statuses."""
    with _one_by_one:
        for process in processes:
            process.join(_PATIENCE)
            if process.exitcode is None:
                process.kill()
                process.join(_PATIENCE)
        return [process.exitcode for process in processes]


def serve(channel: socket.socket, work: Callable[[Any], Any]) -> None:
    """Answer messages until the socket is closed: the whole life of a worker."""
    # An interrupt at the terminal goes to the whole group; the process that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle()
    with channel:
        try:
            channel.sendall(HEAD.pack(0))
            while message := _receive(channel):
                channel.sendall(_answer(work, message))
        except (BrokenPipeError, ConnectionResetError):
            return


def settle() -> None:
    """Let Python look for cycles less often, and not among what is there already.

    A page makes thousands of objects and next to no cycles: looking for those after each 700 was a twentieth of the time.
    """
    gc.freeze()
    gc.set_threshold(20_000)


def _receive(channel: socket.socket) -> memoryview | None:
    head = _exactly(channel, HEAD.size)
    return _exactly(channel, HEAD.unpack(head)[0]) if head else None


def _exactly(channel: socket.socket, size: int) -> memoryview | None:
    """Return so many bytes, None where the socket ends first."""
    view, got = memoryview(bytearray(size)), 0
    while got < size:
        some = channel.recv_into(view[got:])
        if not some:
            return None
        got += some
    return view


def _answer(work: Callable[[Any], Any], message: memoryview) -> bytes:
    try:
        reply = _packed(work(pickle.loads(message)), is_fault=False)  # noqa: S301 - from our own process
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where the answer is waited for
        error.add_note("In the worker:\n" + traceback.format_exc())
        try:
            reply = _packed(error, is_fault=True)
            pickle.loads(reply)  # noqa: S301 - an exception that can be pickled may still not come back
        except Exception:  # noqa: BLE001
            reply = _packed(RuntimeError(f"{type(error).__name__}: {error}"), is_fault=True)
    return HEAD.pack(len(reply)) + reply


def _packed(answer: Any, *, is_fault: bool) -> bytes:
    return pickle.dumps((answer, is_fault), pickle.HIGHEST_PROTOCOL)
