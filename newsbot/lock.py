"""The lock of a publisher: one run at a time, told apart across overlapping runs, reboots and reused process ids.

The kernel's lock on the file (flock) goes with the process. What is written inside (boot id, process id, start time) says who
holds it, and decides where flock does not reach, as on some network file systems.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from newsbot.exceptions import Locked, OutputUnwritable


class PublisherLock:
    """Held from construction to `release()`. Raises Locked, naming the holder."""

    def __init__(self, root: Path, publisher: str, run_id: str) -> None:
        self.path = Path(root) / f"{publisher}.lock"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise OutputUnwritable(
                f"cannot write the lock {self.path}: {error.strerror}; set NEWSBOT_OUTPUT"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._read()
            os.close(self._file)
            raise Locked(_message(publisher, holder)) from None
        holder = self._read()
        if holder and holder.get("pid") != os.getpid() and is_alive(holder):
            os.close(self._file)
            raise Locked(_message(publisher, holder))
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, orjson.dumps({**identity(os.getpid()), "run_id": run_id}), 0)
        except OSError as error:
            os.close(self._file)
            raise OutputUnwritable(
                f"cannot write the lock {self.path}: {error.strerror}; make room there"
            ) from error

    def _read(self) -> dict[str, Any]:
        try:
            holder = orjson.loads(os.pread(self._file, 4096, 0) or b"{}")
        except orjson.JSONDecodeError:
            return {}
        return holder if isinstance(holder, dict) else {}

    def release(self) -> None:
        """Give the publisher free; a second call does nothing."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def identity(pid: int) -> dict[str, Any]:
    """Return boot id, process id and its start time in clock ticks since boot (proc(5), field 22 of stat)."""
    return {"boot_id": _boot_id(), "pid": pid, "start_time": _start_time(pid)}


def is_alive(holder: dict[str, Any]) -> bool:
    """Whether the process named by `identity` is the one that runs now under its process id."""
    if holder.get("boot_id") != _boot_id() or not isinstance(holder.get("pid"), int):
        return False
    started = _start_time(holder["pid"])
    return started is not None and started == holder.get("start_time")


def _boot_id() -> str | None:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None


def _start_time(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The command in parentheses may itself hold spaces and parentheses.
    return int(stat.rpartition(")")[2].split()[19])


def _message(publisher: str, holder: dict[str, Any]) -> str:
    who = f"run {holder['run_id']} (process {holder.get('pid')})" if holder.get("run_id") else "another run"
    return f"publisher {publisher!r} is being crawled by {who}; wait for it to end, or stop it"
