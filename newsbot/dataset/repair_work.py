"""What a repair works with: the folder, the store that commits, the states, and the quarantine; part of repair.py."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsbot.dataset.folder import Folder
from newsbot.dataset.manifest import DataFile, Manifest, stamp
from newsbot.dataset.store import open_store
from newsbot.state import State

_READ = ["article_id", "version", "url", "fetched_at", "first_seen_at", "content_hash", "extractor_version"]


class Work:
    """One repair."""

    def __init__(self, root: str | Path, state_root: Path) -> None:
        self.folder, self.state_root = Folder(root), state_root
        self.store = open_store(root, state_root)
        self.quarantine = f"quarantine/repair-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"
        self.done: list[str] = []

    @property
    def lock_root(self) -> Path:
        """The local folder whose staging/ has the lock of compactions."""
        return self.folder.path or self.state_root

    def set_aside(self, place: str) -> None:
        """Move a file to quarantine, under its place."""
        target = f"{self.quarantine}/{place}"
        self.folder.move(place, target)
        self.done.append(f"moved {place} to {target.rpartition('/')[0]}")

    def set_state_aside(self, path: Path) -> None:
        """Move a state's file to quarantine: that of the output root, or beside the states of an object store."""
        root = self.folder.path or self.state_root
        inside = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
        target = root / self.quarantine / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        self.done.append(f"moved {inside} to {target.parent.relative_to(root)}")

    def commit(self, manifest: Manifest, sequence: int) -> None:
        """Put a manifest in its place, which is free. Raises CommitFailed."""
        stamp(manifest, sequence)
        self.store.commit(manifest)

    @contextmanager
    def opened(self, publisher: str, *, read_only: bool = True) -> Iterator[State]:
        """Give a publisher's state. Raises StateError."""
        state = State.open(self.state_root, publisher, read_only=read_only)
        try:
            yield state
        finally:
            state.close()

    def rows(self, manifest: Manifest, file: DataFile) -> list[dict[str, Any]]:
        """Return what a state knows of the rows of a file, in the table or still staged. Raises OSError, ArrowInvalid."""
        place = file.place
        if not self.folder.has(place):
            place = f"staging/{manifest.name}/{file.partition}.{file.name}"
        rows: list[dict[str, Any]] = self.folder.table(place, _READ).to_pylist()
        return sorted(rows, key=lambda row: (row["article_id"], row["version"]))

    def rebuild_state(self, publisher: str) -> None:
        """Set a state aside and make it anew from the deltas of the manifests, in order."""
        path = self.state_root / f"{publisher}.sqlite3"
        aside = self.state_root / "rebuilding"
        shutil.rmtree(aside, ignore_errors=True)
        state = State.open(aside, publisher)
        for place in self.folder.manifests(publisher):
            manifest = self.folder.manifest(place)
            state.apply(manifest.name, manifest.delta)
        known = state.counts()
        state.close()
        for left in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            if left.exists():
                self.set_state_aside(left)
        path.parent.mkdir(parents=True, exist_ok=True)
        (aside / path.name).replace(path)
        shutil.rmtree(aside)
        self.done.append(
            f"rebuilt the state of {publisher} from {known['manifests']} manifests: {known['urls']} URLs, "
            f"{known['articles']} articles"
        )
