"""Lands a committed compaction: the new folder of a day and the old one trade places in one step; part of compact.py."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsbot.dataset import exchange
from newsbot.dataset.disk import sync_folder, table_lock
from newsbot.dataset.manifest import COMPACTION, Manifest, manifests, read_head
from newsbot.exceptions import Locked, ManifestDamaged, OutputUnwritable
from newsbot.kill import kill_point


def land(root: Path, manifest: Manifest) -> None:
    """Let the written folder of a committed compaction take the old one's place; as often as it takes."""
    day = f"date={manifest.files[0].partition}"
    staged, live = root / "staging" / manifest.name / day, root / "articles" / day
    with table_lock(root, exclusive=True):
        if not (live / manifest.files[0].name).exists():
            _take_over(manifest, staged, live)
            kill_point("compact_before_exchange")
            exchange.exchange(staged, live)
            kill_point("compact_after_exchange")
        sync_folder(live.parent)
        if staged.is_dir():
            _set_aside(root, manifest, staged)
    kill_point("compact_after_set_aside")
    shutil.rmtree(root / "staging" / manifest.name, ignore_errors=True)


def _take_over(manifest: Manifest, staged: Path, live: Path) -> None:
    """Link into the new folder what writers have added to the old one since it was listed."""
    if not staged.is_dir():
        raise ManifestDamaged(
            f"{manifest.name} was committed, but {staged} is gone; run `scrapy dataset repair`"
        )
    replaced = {file.name for file in manifest.replaces}
    here = {path.name for path in live.iterdir()}
    if replaced - here:
        raise ManifestDamaged(
            f"{live} lacks {min(replaced - here)}, which was to be replaced; run `scrapy dataset repair`"
        )
    for name in sorted(here - replaced):
        if not (staged / name).exists():
            os.link(live / name, staged / name)
            kill_point("compact_after_link")
    sync_folder(staged)


def _set_aside(root: Path, manifest: Manifest, staged: Path) -> None:
    """Move the old folder to `replaced/`, without what lives on in the new one."""
    replaced = {file.name for file in manifest.replaces}
    for path in staged.iterdir():
        if path.name not in replaced:
            path.unlink()
    target = root / "replaced" / manifest.name / staged.name
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(target)
    sync_folder(target.parent)


def recover(root: Path) -> list[str]:
    """Finish compactions that were committed and cut short, drop what was never committed; return the names finished."""
    left = sorted((root / "staging").glob(f"{COMPACTION}-*"))
    if not left:
        return []
    names = {path.name.removesuffix(".jsonl") for path in left}
    committed = {
        head.name: head for head in map(read_head, manifests(root, COMPACTION)) if head.name in names
    }
    for manifest in committed.values():
        land(root, manifest)
    for path in left:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return sorted(committed)


@contextmanager
def compaction_lock(root: Path) -> Iterator[None]:
    """Hold the one place of a compaction or vacuum. Raises Locked, OutputUnwritable."""
    path = root / "staging" / ".compaction.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutputUnwritable(
            f"cannot write {path}: {error.strerror}; fix its rights, or set NEWSBOT_OUTPUT"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(
                f"{root} is being compacted by another process; wait for it to end, or stop it"
            ) from None
        yield
    finally:
        os.close(handle)
