"""The commit of a batch: a kill at any moment loses nothing and doubles nothing.

1. rows spool to staging; 2. one Parquet file a partition is written in staging and fsynced; 3. the manifest is written aside and
renamed into place: this is the commit; 4. files are renamed into the table; 5. the state delta is applied in one transaction that
remembers the manifest's name. On opening, a manifest not remembered is rolled forward, staging without a manifest is dropped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson

from newsbot.dataset.kill import kill_point
from newsbot.dataset.schema import SCHEMA_VERSION
from newsbot.exceptions import CommitFailed, ManifestDamaged


class StateStore(Protocol):
    """What the commit needs of a publisher's state."""

    def applied(self, manifest: str) -> bool:
        """Whether the delta of the manifest of this name is in."""

    def apply(self, manifest: str | None, delta: Mapping[str, Any]) -> None:
        """Put in the delta of a manifest, once."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a batch."""

    partition: str
    name: str
    rows: int
    bytes: int
    blake2b: str
    """Of the file's bytes, 128 bits, hex."""


@dataclass(slots=True)
class Manifest:
    """The commit record of a batch."""

    name: str
    run_id: str
    publisher: str
    files: list[DataFile] = field(default_factory=list)
    delta: dict[str, Any] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    @property
    def rows(self) -> int:
        """Rows of all its files."""
        return sum(file.rows for file in self.files)


@dataclass(slots=True)
class Recovery:
    """What opening the dataset put right."""

    rolled_forward: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def publish(root: Path, staging: Path, manifest: Manifest, state: StateStore) -> None:
    """Steps 3 to 5. Raises CommitFailed where the manifest could not be written: then nothing was committed."""
    kill_point("before_manifest")
    write_manifest(root, manifest)
    kill_point("after_manifest")
    finish(root, staging, manifest, state)


def finish(root: Path, staging: Path, manifest: Manifest, state: StateStore) -> None:
    """Steps 4 and 5, as often as it takes: a file that is in the table already stays."""
    for file in manifest.files:
        source, target = staging / f"date={file.partition}" / file.name, table_path(root, file)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                source.replace(target)
            except FileNotFoundError as error:
                raise ManifestDamaged(
                    f"manifest {manifest.name} names {file.name}, which is neither staged nor in the table; "
                    "run `scrapy dataset verify`"
                ) from error
            sync_folder(target.parent)
        kill_point("after_file")
    state.apply(manifest.name, manifest.delta)
    kill_point("after_state")
    shutil.rmtree(staging, ignore_errors=True)


def table_path(root: Path, file: DataFile) -> Path:
    """Return where a file lies in the table."""
    return root / "articles" / f"date={file.partition}" / file.name


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Write the manifest aside and rename it into place: the commit."""
    folder = root / "manifests"
    body = orjson.dumps(asdict(manifest), option=orjson.OPT_SORT_KEYS)
    document = orjson.dumps({"blake2b": checksum(body), "manifest": orjson.Fragment(body)})
    aside = root / "staging" / f"{manifest.name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(document)
        sync_file(aside)
        aside.replace(folder / f"{manifest.name}.json")
        sync_folder(folder)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise CommitFailed(f"cannot commit {manifest.name} under {root}: {error.strerror}; make room and run again") from error


def read_manifest(path: Path) -> Manifest:
    """Return a manifest. Raises ManifestDamaged, naming the file and the remedy."""
    try:
        document = orjson.loads(path.read_bytes())
        values = document["manifest"]
        if checksum(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)) != document["blake2b"]:
            raise ValueError("its checksum is wrong")
        values["files"] = [DataFile(**file) for file in values["files"]]
        return Manifest(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestDamaged(f"the manifest {path} is damaged ({error}); run `scrapy dataset repair`") from error


def manifests(root: Path, publisher: str | None = None) -> list[Path]:
    """Return the manifests, oldest first; of one publisher where named. Names end in -time-random-batch."""
    paths = sorted((Path(root) / "manifests").glob("*.json"))
    return [path for path in paths if publisher is None or path.stem.rsplit("-", 3)[0] == publisher]


def recover(root: str | Path, publisher: str, state: StateStore) -> Recovery:
    """Roll forward what was committed but not finished; drop what was never committed. Call under the publisher's lock."""
    root, found = Path(root), Recovery()
    for path in manifests(root, publisher):
        if not state.applied(path.stem):
            finish(root, root / "staging" / path.stem, read_manifest(path), state)
            found.rolled_forward.append(path.stem)
    for left in sorted((root / "staging").glob("*")):
        if left.name.removesuffix(".json").rsplit("-", 3)[0] == publisher:
            found.dropped.append(left.name)
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
    return found


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


def sync_all(paths: Iterable[Path]) -> None:
    """Force several files to the disk."""
    for path in paths:
        sync_file(path)
