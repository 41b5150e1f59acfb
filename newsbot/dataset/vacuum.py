"""Deletes what compactions replaced, once no reader can still be at it."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsbot.dataset.compact import compaction_lock, recover
from newsbot.dataset.manifest import heads
from newsbot.exceptions import CommitFailed, InputError, UsageError

# Days that replaced files stay for readers which listed them before.
GRACE_DAYS = 7.0


@dataclass(slots=True)
class Vacuumed:
    """What was deleted."""

    files: int = 0
    bytes: int = 0
    kept: int = 0
    """Replaced files still within the grace period."""


def vacuum(root: str | Path, grace_days: float = GRACE_DAYS) -> Vacuumed:
    """Delete files replaced more than `grace_days` ago. Raises UsageError, InputError, Locked, CommitFailed."""
    if "://" in str(root):
        raise UsageError(f"{root} is an object store, which is not compacted: there is nothing to vacuum")
    table = Path(root)
    if not (table / "articles").is_dir():
        raise InputError(
            f"{root} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )
    with compaction_lock(table):
        recover(table)
        return _vacuum(table, time.time() - grace_days * 86400)


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
