"""The commit of a batch: a kill at any moment loses nothing and doubles nothing.

1. rows spool to staging; 2. one Parquet file a partition is written in staging and fsynced; 3. the manifest is written aside and
linked into its place: this is the commit; 4. files are renamed into the table; 5. the state delta is applied in one transaction
that remembers the manifest's name. On opening, a manifest not remembered is rolled forward, staging without one is dropped.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from newsbot.dataset.disk import file_checksum, reason
from newsbot.dataset.manifest import DataFile, Manifest, manifest_place, manifests, read_manifest, stamp
from newsbot.dataset.store import Store, open_store, staged_path
from newsbot.exceptions import CommitFailed, ManifestDamaged, StateError
from newsbot.kill import kill_point

__all__ = [
    "DataFile", "Manifest", "Recovery", "StateStore", "data_file", "finish", "manifests", "publish", "read_manifest", "recover",
    "staged_path",
]  # fmt: skip


class StateStore(Protocol):
    """What the commit needs of a publisher's state."""

    path: Path

    @property
    def sequence(self) -> int:
        """Number of the last manifest whose delta is in; 0 where none is."""

    @property
    def last(self) -> str | None:
        """Name of that manifest."""

    def apply(self, manifest: str | None, delta: Mapping[str, Any]) -> None:
        """Put in the delta of the next manifest, once."""

    def prepare(self, manifest: str, delta: Mapping[str, Any]) -> Generator[None, None, None]:
        """Put it in, step by step, for `apply` to commit."""

    def abandon(self) -> None:
        """Take back what was prepared and never applied."""


@dataclass(slots=True)
class Recovery:
    """What opening the dataset put right."""

    rolled_forward: list[str] = field(default_factory=list)
    """Manifests that were committed and not finished, by name."""
    dropped: list[str] = field(default_factory=list)
    """Batches that were never committed: their URLs were never seen."""


def data_file(path: Path, partition: str, name: str, rows: int) -> DataFile:
    """Return the entry of a written file."""
    return DataFile(partition, name, rows, path.stat().st_size, file_checksum(path))


def publish(store: Store, manifest: Manifest, state: StateStore) -> None:
    """Step 3. Raises CommitFailed where the manifest could not be written: then nothing was committed."""
    stamp(manifest, state.sequence + 1)
    kill_point("before_stage")
    try:
        store.stage(manifest)
    except OSError as error:
        raise CommitFailed(
            f"cannot stage {manifest.name} for {store.name}: {error}; make room and run again"
        ) from error
    kill_point("before_manifest")
    store.commit(manifest)
    kill_point("after_manifest")


def finish(store: Store, manifest: Manifest, state: StateStore) -> None:
    """Steps 4 and 5, as often as it takes."""
    store.land(manifest)
    kill_point("before_state")
    state.apply(manifest.name, manifest.delta)
    kill_point("after_state")
    store.clear(manifest.name)
    kill_point("after_clear")


def recover(root: str | Path, publisher: str, state: StateStore) -> Recovery:
    """Roll forward what was committed but not finished; drop what was never committed. Call under the publisher's lock.

    Raises StateError where state and manifests do not belong together, ManifestDamaged where what is due cannot be read.
    """
    store, found = open_store(root, state.path.parent), Recovery()
    check_state(store, publisher, state)
    while manifest := store.read(publisher, state.sequence + 1):
        try:
            finish(store, manifest, state)
        except OSError as error:
            raise CommitFailed(
                f"{manifest.name} is committed but cannot be finished ({reason(error)}); make room and run again"
            ) from error
        found.rolled_forward.append(manifest.name)
    for name in store.leftovers(publisher):
        store.discard(name)
        found.dropped.append(name)
    return found


def check_state(store: Store, publisher: str, state: StateStore) -> None:
    """Refuse a state that is lost, or ahead of the manifests: going on would double rows, or lose them. Raises StateError.

    A state that is merely behind (restored from an older copy, or cut short by a power cut) is brought up to date by `recover`.
    """
    if state.sequence == 0:
        _check_new(store, publisher, state)
        return
    place = f"{store.name}/{manifest_place(publisher, state.sequence)}"
    last = store.read(publisher, state.sequence)
    if last is None:
        raise StateError(
            f"the state {state.path} is ahead of the dataset: {place} is missing; put it back, or run `scrapy dataset repair`, "
            "which sets the state by the manifests that are there"
        )
    if last.name != state.last:
        raise StateError(
            f"the state {state.path} belongs to another dataset: {place} is {last.name}, the state knows {state.last}; set "
            "NEWSBOT_STATE, or run `scrapy dataset repair`"
        )


def _check_new(store: Store, publisher: str, state: StateStore) -> None:
    try:
        first = store.read(publisher, 1)
    except ManifestDamaged as error:
        raise StateError(f"the state {state.path} is empty, and {error}") from error
    if first is not None and not store.is_staged(first):
        raise StateError(
            f"the state {state.path} is lost or was never here, though {store.name} holds rows of {publisher!r}: put it back, "
            "or run `scrapy dataset repair`, which rebuilds it from the manifests"
        )
    if first is None and store.is_lost():
        raise ManifestDamaged(
            f"{store.name} has articles but no manifest: put the folder `manifests` back, or move `articles` away"
        )
