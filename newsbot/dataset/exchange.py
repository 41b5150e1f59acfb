"""Exchanges two folders in one step, so that whoever looks sees the one or the other: renameat2(2) with RENAME_EXCHANGE."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

from newsbot.exceptions import OutputUnwritable

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def exchange(one: Path, other: Path) -> None:
    """Let the two folders trade places. Raises OutputUnwritable where the file system cannot, OSError for what else fails."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    code = errno.ENOSYS
    if call is not None:
        if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        raise OutputUnwritable(
            f"the file system of {other} cannot exchange two folders in one step, which compaction needs: use ext4, XFS, Btrfs or "
            "tmpfs on Linux"
        )
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def check(folder: Path) -> None:
    """Try it in `folder`, before any work is done. Raises OutputUnwritable."""
    one, other = folder / f".exchange-a-{os.getpid()}", folder / f".exchange-b-{os.getpid()}"
    try:
        one.mkdir(parents=True, exist_ok=True)
        other.mkdir(exist_ok=True)
        exchange(one, other)
    except OSError as error:
        raise OutputUnwritable(
            f"cannot write {folder}: {error.strerror}; compaction needs room there"
        ) from error
    finally:
        for left in (one, other):
            if left.is_dir():
                left.rmdir()
