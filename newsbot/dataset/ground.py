"""Where a compaction works: on a local disk a day's folders trade places; in an object store objects are copied, then deleted.

Part of compact.py. The order of the steps in an object store, and what readers see meanwhile, is in docs/COMMIT.md.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from newsbot.dataset import exchange, landing
from newsbot.dataset.disk import sync_folder, write_new
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, encode, live_files, manifests, stamp
from newsbot.dataset.objects import ObjectStore, staged_place
from newsbot.dataset.sketches import SketchStore
from newsbot.dataset.snapshot import Listed
from newsbot.dataset.store import Store, open_store
from newsbot.exceptions import InputError, ManifestDamaged
from newsbot.kill import kill_point


class Ground(Protocol):
    """What compaction asks of the place of a dataset."""

    name: str
    """The output root as the user gave it."""
    lock_root: Path
    """Local folder under whose staging/ the lock of compactions lies."""
    sketches: SketchStore

    def check(self) -> None:
        """Prove that a day can be exchanged, before any work is done. Raises OutputUnwritable, InputError."""

    def recover(self) -> list[str]:
        """Finish what was committed and cut short, drop what was never committed; return the names finished."""

    def known(self) -> dict[str, DataFile]:
        """Return what the manifests say of the table's files, where that is cheap to ask: place -> file."""

    def last(self) -> int:
        """Return the number of the last compaction, 0 where there was none."""

    def fetch(self, files: Sequence[Listed]) -> AbstractContextManager[list[Path]]:
        """Give the files of a day as local ones."""

    def staged(self, name: str, day: str) -> Path:
        """Return the local folder into which a day is written anew."""

    def commit(self, manifest: Manifest, sequence: int) -> None:
        """Commit a day and let its files take the place of the old ones. Raises CommitFailed, OSError."""


def open_ground(root: str | Path, state_root: Path | None) -> Ground:
    """Return the ground of an output root. Raises InputError, OutputUnwritable."""
    if "://" not in str(root):
        return LocalGround(Path(root))
    return RemoteGround(open_store(root, state_root))


class LocalGround:
    """A dataset in a folder."""

    def __init__(self, root: Path) -> None:
        self.name, self.lock_root, self._root = str(root), root, root
        self.sketches = SketchStore(root)

    def check(self) -> None:
        """Exchange two empty folders."""
        exchange.check(self._root / "staging")

    def recover(self) -> list[str]:
        """Roll forward or back."""
        return landing.recover(self._root)

    def known(self) -> dict[str, DataFile]:
        """Read all manifests' heads."""
        return live_files(self._root)

    def last(self) -> int:
        """Count them: they are without gaps."""
        return len(manifests(self._root, COMPACTION))

    @contextmanager
    def fetch(self, files: Sequence[Listed]) -> Iterator[list[Path]]:
        """Give them where they lie."""
        yield [Path(file.path) for file in files]

    def staged(self, name: str, day: str) -> Path:
        """Return a folder that will trade places with the day's."""
        return self._root / "staging" / name / f"date={day}"

    def commit(self, manifest: Manifest, sequence: int) -> None:
        """Link the manifest into its place, then exchange the folders."""
        staging = self._root / "staging" / manifest.name
        for folder in (staging, staging.parent):
            sync_folder(folder)
        kill_point("compact_before_manifest")
        stamp(manifest, sequence)
        write_new(
            self._root / manifest.place(), encode(manifest), staging.with_name(f"{manifest.name}.jsonl")
        )
        kill_point("compact_after_manifest")
        landing.land(self._root, manifest)


class RemoteGround:
    """A dataset in an object store."""

    def __init__(self, store: Store) -> None:
        assert isinstance(store, ObjectStore)
        self.name, self.lock_root = store.name, store.staging.parent
        self._store, self._bucket = store, store.bucket
        self.sketches = SketchStore(self.lock_root, store.bucket)

    def check(self) -> None:
        """Prove that the store can be written."""
        self._store.prepare()

    def known(self) -> dict[str, DataFile]:
        """Return nothing: it would take a request for every batch there ever was; `verify` compares checksums."""
        return {}

    def last(self) -> int:
        """List them, then ask for the next by name: a listing may lag."""
        names = self._bucket.names(f"manifests/{COMPACTION}")
        number = max((int(name.removesuffix(".jsonl")) for name in names), default=0)
        while self._store.read(COMPACTION, number + 1) is not None:
            number += 1
        return number

    def recover(self) -> list[str]:
        """Land the last compaction where it was cut short: each is landed before the next commits. Drop what is staged.

        What another machine may be staging at this moment is left: a number that is taken can be committed no more.
        """
        number = self.last()
        last = self._store.read(COMPACTION, number)
        is_open = last is not None and last.kind == "compaction" and not self._is_landed(last)
        if last is not None and is_open:
            self._land(last)
        for name in self._store.leftovers(COMPACTION):
            if (self._store.staging / name).is_dir() or int(name.rpartition("-")[2]) <= number:
                self._store.discard(name)
        return [last.name] if last is not None and is_open else []

    def _is_landed(self, manifest: Manifest) -> bool:
        return all(self._bucket.size(file.place) is not None for file in manifest.files) and not any(
            self._bucket.size(file.place) is not None for file in manifest.replaces
        )

    @contextmanager
    def fetch(self, files: Sequence[Listed]) -> Iterator[list[Path]]:
        """Bring them here, and delete them afterwards. Raises InputError where one does not come whole."""
        folder = self._store.staging / f".fetched-{os.getpid()}"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield [self._fetch_one(file, folder) for file in files]
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _fetch_one(self, file: Listed, folder: Path) -> Path:
        target = folder / file.path.rpartition("/")[2]
        place = f"articles/date={file.date}/{target.name}"
        self._bucket.download(place, target)
        size = target.stat().st_size
        if size != file.bytes:
            raise InputError(f"{self.name}/{place} came with {size} of {file.bytes} bytes; run again")
        return target

    def staged(self, name: str, day: str) -> Path:
        """Return a folder beside the states."""
        return self._store.staging / name / f"date={day}"

    def commit(self, manifest: Manifest, sequence: int) -> None:
        """Upload the files to the store's staging, PUT the manifest where there is none, then let the objects trade places."""
        for file in manifest.files:
            source = self.staged(manifest.name, file.partition) / file.name
            self._bucket.upload(source, staged_place(manifest.name, file))
        # A run that was cut short may have left a copy of a file that is about to go: none may be landed a second time.
        self._bucket.remove(
            staged_place(file.name.removesuffix(".parquet"), file) for file in manifest.replaces
        )
        kill_point("compact_before_manifest")
        stamp(manifest, sequence)
        self._store.commit(manifest)
        kill_point("compact_after_manifest")
        self._land(manifest)

    def _land(self, manifest: Manifest) -> None:
        """Copy the old files aside, copy the new ones in, delete the old ones in one request; as often as it takes.

        Between the last two steps, some milliseconds a file, whoever only lists sees the rows twice; readers that know the
        manifests (snapshot.py) do not. The other order would have rows missing, which nobody could tell.
        """
        for file in manifest.replaces:
            # Gone already: an earlier try, or another machine that finished it.
            with suppress(FileNotFoundError):
                self._bucket.copy(file.place, replaced_place(manifest, file))
        kill_point("compact_before_exchange")
        for file in manifest.files:
            self._copy_in(manifest, file)
            kill_point("compact_after_link")
        self._bucket.remove(file.place for file in manifest.replaces)
        kill_point("compact_after_exchange")
        self._bucket.remove(staged_place(manifest.name, file) for file in manifest.files)
        kill_point("compact_after_set_aside")
        self._store.clear(manifest.name)

    def _copy_in(self, manifest: Manifest, file: DataFile) -> None:
        try:
            self._bucket.copy(staged_place(manifest.name, file), file.place)
        except FileNotFoundError as error:
            if self._bucket.size(file.place) is None:
                raise ManifestDamaged(
                    f"{manifest.name} is committed, but {file.place} is neither staged nor there; run `scrapy dataset repair`"
                ) from error


def replaced_place(manifest: Manifest, file: DataFile) -> str:
    """Return where a file that a compaction replaced is kept."""
    return f"replaced/{manifest.name}/date={file.partition}/{file.name}"
