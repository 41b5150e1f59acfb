"""Durable files on a local disk: fsync of files and folders, checksums, the lock around changes of the table's folders."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from newsbot.kill import kill_point

TABLE_LOCK = ".table.lock"
# Files or folders synced at a time, and so open.
SYNCS = 8


def reason(error: OSError) -> str:
    """Return what an error says, in the system's words where it has them."""
    return error.strerror or str(error)


def checksum(body: bytes) -> str:
    """Return the 128-bit BLAKE2b of bytes, hex."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def file_checksum(path: Path) -> str:
    """Return the 128-bit BLAKE2b of a file, hex."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    """Force a file's bytes to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Force a folder's entries to the disk: a rename is not durable before."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Force files and folders to the disk, several at a time: a journal takes their changes in together. Raises OSError."""
    with ThreadPoolExecutor(SYNCS) as threads:
        done = [threads.submit(sync_file, path) for path in files]
        done += [threads.submit(sync_folder, path) for path in folders]
    for one in done:
        one.result()


def write_new(path: Path, body: bytes, aside: Path) -> None:
    """Put `body` at `path`, whole, durable, and only where nothing is there. Raises FileExistsError, OSError: then it is not there.

    A hard link of the finished file is the one step that both appears whole and fails where the name is taken; a rename would
    replace. File systems without hard links get a look and a rename.
    """
    aside.parent.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(aside, body)
        _link(aside, path)
        try:
            sync_folder(path.parent)
        except OSError:
            path.unlink(missing_ok=True)
            raise
    finally:
        aside.unlink(missing_ok=True)


def _write(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        half = len(body) // 2
        file.write(memoryview(body)[:half])
        file.flush()
        kill_point("in_manifest")
        file.write(memoryview(body)[half:])
        file.flush()
        os.fsync(file.fileno())


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError(target) from None
        source.replace(target)


@contextmanager
def table_lock(root: Path, *, exclusive: bool = False) -> Iterator[None]:
    """Hold the table: shared while files are added, exclusive while files are exchanged. Waits; goes with the process."""
    path = root / "staging" / TABLE_LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)
