"""Deletes what compactions replaced, once no reader can still be at it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsbot.dataset.bucket import Bucket
from newsbot.dataset.compact import compaction_lock, recover_compactions
from newsbot.dataset.manifest import heads
from newsbot.dataset.snapshot import when_written
from newsbot.exceptions import CommitFailed, InputError, OutputUnwritable

# Days that replaced files stay for readers which listed them before.
GRACE_DAYS = 7.0


@dataclass(slots=True)
class Vacuumed:
    """What was deleted."""

    files: int = 0
    bytes: int = 0
    kept: int = 0
    """Replaced files still within the grace period."""


def vacuum(root: str | Path, grace_days: float = GRACE_DAYS, state_root: Path | None = None) -> Vacuumed:
    """Delete files replaced more than `grace_days` ago. Raises InputError, Locked, CommitFailed, OutputUnwritable.

    `state_root`: the local folder of the states, where `root` is an object store.
    """
    limit = time.time() - grace_days * 86400
    if "://" in str(root):
        if state_root is None:
            raise OutputUnwritable(
                f"{root} is an object store: set NEWSBOT_STATE to the local folder of its states"
            )
        return _cleared(root, state_root, lambda: _vacuum_remote(Bucket(str(root)), limit), state_root)
    table = Path(root)
    if not (table / "articles").is_dir():
        raise InputError(
            f"{root} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )
    return _cleared(root, table, lambda: _vacuum(table, limit), None)


def _cleared(
    root: str | Path, lock_root: Path, clear: Callable[[], Vacuumed], state_root: Path | None
) -> Vacuumed:
    """Clear under the lock of compactions, what was cut short finished first."""
    with compaction_lock(lock_root):
        recover_compactions(root, state_root)
        return clear()


def _vacuum(root: Path, limit: float) -> Vacuumed:
    when = {
        head.name: datetime.fromisoformat(head.committed_at).timestamp()
        for head in heads(root)
        if head.replaces
    }
    done = Vacuumed()
    for folder in sorted((root / "replaced").glob("*")):
        files = [path for path in folder.rglob("*") if path.is_file()]
        if when.get(folder.name, folder.stat().st_mtime) > limit:
            done.kept += len(files)
            continue
        size = sum(path.stat().st_size for path in files)
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise CommitFailed(
                f"cannot delete {error.filename}: {error.strerror}; fix its rights and run again"
            ) from error
        done.files, done.bytes = done.files + len(files), done.bytes + size
    return done


def _vacuum_remote(bucket: Bucket, limit: float) -> Vacuumed:
    """A replaced object was copied aside when it was replaced: its own time tells."""
    try:
        listing = bucket.find("replaced")
        old = [place for place, entry in listing.items() if when_written(entry) <= limit]
        bucket.remove(old)
    except OSError as error:
        raise CommitFailed(
            f"cannot clear {bucket.name}/replaced: {error}; check your credentials and run again"
        ) from error
    return Vacuumed(len(old), sum(int(listing[place]["size"]) for place in old), len(listing) - len(old))
