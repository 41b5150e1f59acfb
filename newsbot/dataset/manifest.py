"""The manifest: the commit record of a batch, compaction or repair, as it lies under `manifests/`.

`manifests/<publisher>/<sequence>.jsonl` holds two lines of JSON: the head (what a reader of the table needs) and the state delta
(what only a publisher's state needs, and by far the longer). Sequences are 1, 2, 3 … without gaps: a missing manifest is seen, the
next one is found without listing a folder, and two writers cannot both take the same number. See docs/COMMIT.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson

from newsbot.dataset.disk import checksum
from newsbot.dataset.schema import SCHEMA_VERSION
from newsbot.exceptions import ManifestDamaged

# Version of the manifest's own form.
FORMAT = 1
# Stands in the publisher's place for compactions; no publisher's name begins with an underscore.
COMPACTION = "_compaction"

Kind = Literal["batch", "compaction", "repair"]


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of the table."""

    partition: str
    """The day, YYYY-MM-DD."""
    name: str
    rows: int
    bytes: int
    blake2b: str
    """Of the file's bytes, 128 bits, hex."""

    @property
    def place(self) -> str:
        """Where it lies under the output root, with forward slashes."""
        return f"articles/date={self.partition}/{self.name}"


@dataclass(slots=True)
class Manifest:
    """A commit: files that come, files that go, and what the publisher's state learns."""

    name: str
    """`<run>-<batch>`; the files of a batch are named after it."""
    run_id: str
    publisher: str
    sequence: int = 0
    """Place among the publisher's manifests, from 1; set by the commit."""
    kind: Kind = "batch"
    files: list[DataFile] = field(default_factory=list)
    replaces: list[DataFile] = field(default_factory=list)
    """Files of earlier manifests whose rows are from now on in `files` (compaction) or are given up (repair)."""
    delta: dict[str, Any] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
    format: int = FORMAT
    committed_at: str = ""
    """ISO 8601, UTC, by the clock of the machine that committed; order is `sequence`, not this."""

    @property
    def rows(self) -> int:
        """Rows of all its files."""
        return sum(file.rows for file in self.files)

    def place(self) -> str:
        """Where it lies under the output root, with forward slashes."""
        return manifest_place(self.publisher, self.sequence)


def manifest_place(publisher: str, sequence: int) -> str:
    """Return where a manifest lies under the output root, with forward slashes."""
    return f"manifests/{publisher}/{sequence:08}.jsonl"


def encode(manifest: Manifest) -> bytes:
    """Return the two lines of a manifest, each with the checksum of what it says."""
    delta = orjson.dumps(manifest.delta)
    values = asdict(replace(manifest, delta={}))
    del values["delta"]
    head = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    document = {
        "blake2b": checksum(head),
        "delta_blake2b": checksum(delta),
        "manifest": orjson.Fragment(head),
    }
    return b"\n".join((orjson.dumps(document), delta, b""))


def decode(body: bytes, place: str, *, with_delta: bool = True) -> Manifest:
    """Return the manifest of these bytes. Raises ManifestDamaged, naming `place` and the remedy."""
    try:
        head, _, delta = body.partition(b"\n")
        document = orjson.loads(head)
        values = document["manifest"]
        _require(
            checksum(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)) == document["blake2b"],
            "its checksum is wrong",
        )
        version = values["format"]
        _require(version <= FORMAT, f"its format is {version}, this newsbot reads {FORMAT}: upgrade newsbot")
        values["delta"] = _delta(delta, document["delta_blake2b"]) if with_delta else {}
        for name in ("files", "replaces"):
            values[name] = [DataFile(**file) for file in values[name]]
        return Manifest(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestDamaged(
            f"the manifest {place} is damaged ({error}); run `scrapy dataset repair`"
        ) from error


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _delta(line: bytes, expected: str) -> dict[str, Any]:
    _require(line.endswith(b"\n"), "it is cut short")
    _require(checksum(line[:-1]) == expected, "the checksum of its state delta is wrong")
    delta: dict[str, Any] = orjson.loads(line)
    return delta


def read_manifest(path: Path) -> Manifest:
    """Return a manifest with its delta. Raises ManifestDamaged."""
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise ManifestDamaged(
            f"the manifest {path} cannot be read: {error.strerror}; run `scrapy dataset verify`"
        ) from error


def read_head(path: Path) -> Manifest:
    """Return a manifest without its delta, which costs a hundredth. Raises ManifestDamaged."""
    try:
        with path.open("rb") as file:
            return decode(file.readline(), str(path), with_delta=False)
    except OSError as error:
        raise ManifestDamaged(
            f"the manifest {path} cannot be read: {error.strerror}; run `scrapy dataset verify`"
        ) from error


def manifests(root: Path | str, publisher: str | None = None) -> list[Path]:
    """Return the manifests in order: by publisher, then as they were committed. Compactions are those of COMPACTION."""
    folder = Path(root) / "manifests"
    return sorted(folder.glob(f"{publisher or '*'}/*.jsonl"))


def publishers(root: Path | str) -> list[str]:
    """Return the publishers that have manifests, sorted."""
    return sorted(
        path.name
        for path in (Path(root) / "manifests").glob("*")
        if path.is_dir() and path.name != COMPACTION
    )


def live_files(root: Path | str) -> dict[str, DataFile]:
    """Return the files the table has by what all manifests say: place under the root -> file. Raises ManifestDamaged."""
    came: dict[str, DataFile] = {}
    gone: set[str] = set()
    for manifest in (read_head(path) for path in manifests(root)):
        came.update((file.place, file) for file in manifest.files)
        gone.update(file.place for file in manifest.replaces)
    return {place: file for place, file in sorted(came.items()) if place not in gone}


def heads(root: Path | str) -> Iterator[Manifest]:
    """Yield every manifest without its delta, in the order of `manifests`. Raises ManifestDamaged."""
    for path in manifests(root):
        yield read_head(path)


def stamp(manifest: Manifest, sequence: int) -> None:
    """Give a manifest its place and time."""
    manifest.sequence = sequence
    manifest.committed_at = datetime.now(UTC).isoformat(timespec="seconds")
