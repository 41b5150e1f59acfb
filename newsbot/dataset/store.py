"""Where a dataset lies: what the commit asks of a place, and the local disk's answers.

The protocol (`newsbot.dataset.commit`) is one; the means differ. A disk has renames and fsync; an object store
(`newsbot.dataset.objects`) has objects that appear whole and a conditional PUT.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from newsbot.dataset.disk import sync_all, table_lock, write_new
from newsbot.dataset.manifest import (
    COMPACTION,
    DataFile,
    Manifest,
    decode,
    encode,
    manifest_place,
    manifests,
    read_head,
)
from newsbot.exceptions import CommitFailed, ManifestDamaged, OutputUnwritable
from newsbot.kill import kill_point


class Store(Protocol):
    """A place for a dataset."""

    name: str
    """The output root as the user gave it."""
    staging: Path
    """Local folder under which batches are written, one folder a manifest's name."""

    def prepare(self) -> None:
        """Make ready for writing. Raises OutputUnwritable."""

    def read(self, publisher: str, sequence: int) -> Manifest | None:
        """Return a manifest, None where there is none. Raises ManifestDamaged."""

    def is_lost(self) -> bool:
        """Whether there are rows but no manifest at all: what was committed can no longer be told."""

    def is_staged(self, manifest: Manifest) -> bool:
        """Whether the manifest's files still wait in staging."""

    def stage(self, manifest: Manifest) -> None:
        """Make the written files durable where the table's place can reach them. Raises OSError."""

    def commit(self, manifest: Manifest) -> None:
        """Put the manifest in its place, whole and only where there is none: the commit. Raises CommitFailed."""

    def land(self, manifest: Manifest) -> None:
        """Bring the files into the table; what is there already stays. Raises ManifestDamaged where one is nowhere."""

    def clear(self, name: str) -> None:
        """Empty the local staging of one manifest."""

    def discard(self, name: str) -> None:
        """Empty all staging of a batch that, for certain, was never committed."""

    def leftovers(self, publisher: str) -> list[str]:
        """Return the names under staging that are the publisher's."""


def staged_path(folder: Path, partition: str, name: str) -> Path:
    """Return where a file of a partition waits in its manifest's staging folder."""
    return folder / f"{partition}.{name}"


def publisher_of(name: str) -> str:
    """Return the publisher in a manifest's name, which ends in -time-random-batch."""
    return name.rsplit("-", 3)[0]


class LocalStore:
    """A dataset in a folder."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self.name = str(root)
        self.staging = self.root / "staging"

    def prepare(self) -> None:
        """Make the folders and prove that staging can be written. Raises OutputUnwritable."""
        try:
            for name in ("articles", "manifests", "staging"):
                (self.root / name).mkdir(parents=True, exist_ok=True)
            probe = self.staging / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise OutputUnwritable(
                f"cannot write the output root {self.root}: {error.strerror}; set NEWSBOT_OUTPUT to a folder that can be written"
            ) from error

    def read(self, publisher: str, sequence: int) -> Manifest | None:
        """Return a manifest, None where there is none. Raises ManifestDamaged."""
        path = self.root / manifest_place(publisher, sequence)
        try:
            return decode(path.read_bytes(), str(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ManifestDamaged(
                f"the manifest {path} cannot be read: {error.strerror}; run `scrapy dataset verify`"
            ) from error

    def is_lost(self) -> bool:
        """Whether there are rows but no manifest at all."""
        if next((self.root / "manifests").glob("*/*"), None) is not None:
            return False
        return next((self.root / "articles").glob("date=*/*"), None) is not None

    def is_staged(self, manifest: Manifest) -> bool:
        """Whether the manifest's staging folder is still there."""
        return (self.staging / manifest.name).is_dir()

    def stage(self, manifest: Manifest) -> None:
        """Force the staged files and their entries to the disk."""
        if manifest.files:
            folder = self.staging / manifest.name
            files = [staged_path(folder, file.partition, file.name) for file in manifest.files]
            sync_all(files, [folder, self.staging])

    def commit(self, manifest: Manifest) -> None:
        """Link the manifest into its place. Raises CommitFailed."""
        path = self.root / manifest.place()
        try:
            write_new(path, encode(manifest), self.staging / f"{manifest.name}.jsonl")
        except FileExistsError:
            raise CommitFailed(
                f"cannot commit {manifest.name}: another run has taken {path}; crawl a publisher from one machine at a time, "
                "and run again"
            ) from None
        except OSError as error:
            raise CommitFailed(
                f"cannot commit {manifest.name} under {self.root}: {error.strerror}; make room and run again"
            ) from error

    def land(self, manifest: Manifest) -> None:
        """Rename the files into the table; exchange them for those they replace."""
        with table_lock(self.root, exclusive=bool(manifest.replaces)):
            folders = {self._land(manifest, file) for file in manifest.files}
            if folders:
                sync_all((), [*folders, self.root / "articles"])
            self._set_aside(manifest)

    def _land(self, manifest: Manifest, file: DataFile) -> Path:
        source, target = (
            staged_path(self.staging / manifest.name, file.partition, file.name),
            self.root / file.place,
        )
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                source.replace(target)
            except FileNotFoundError as error:
                if not self._is_replaced(file):
                    raise ManifestDamaged(
                        f"manifest {self.root / manifest.place()} names {file.place}, which is neither staged nor in the table; "
                        "run `scrapy dataset verify`"
                    ) from error
        kill_point("after_file")
        return target.parent

    def _is_replaced(self, file: DataFile) -> bool:
        """Whether a compaction took the file since; asked only when a power cut took the state's last transaction."""
        return any(file in read_head(path).replaces for path in manifests(self.root, COMPACTION))

    def _set_aside(self, manifest: Manifest) -> None:
        """Move what was replaced out of the table, for `vacuum` to delete."""
        for file in manifest.replaces:
            source = self.root / file.place
            if source.exists():
                target = self.root / "replaced" / manifest.name / f"date={file.partition}" / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)
            kill_point("after_replaced")

    def clear(self, name: str) -> None:
        """Remove the staging folder of one manifest, and a manifest written aside."""
        shutil.rmtree(self.staging / name, ignore_errors=True)
        (self.staging / f"{name}.jsonl").unlink(missing_ok=True)

    discard = clear

    def leftovers(self, publisher: str) -> list[str]:
        """Return the names under staging that are the publisher's."""
        names: Iterable[str] = (path.name.removesuffix(".jsonl") for path in self.staging.glob("*-*"))
        return sorted({name for name in names if publisher_of(name) == publisher})


def open_store(root: str | Path, state_folder: Path | None = None) -> Store:
    """Return the store of an output root: a folder, or a URL such as s3://bucket/prefix that fsspec knows.

    A remote store writes batches under `state_folder`/staging first.
    """
    if "://" not in str(root):
        return LocalStore(root)
    from newsbot.dataset.objects import ObjectStore  # noqa: PLC0415 - needs the extra s3

    if state_folder is None:
        raise OutputUnwritable(
            f"{root} is an object store: set NEWSBOT_STATE to a local folder for states and locks"
        )
    return ObjectStore(str(root), state_folder / "staging")
