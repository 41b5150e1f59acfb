"""An output root to look into and tidy up, the same on a disk and in an object store: places under it, listed, read, moved.

Writing a dataset is `store.py`; this is what `verify`, `repair` and `vacuum` need beyond it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.fs as pafs
import pyarrow.parquet as pq

from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, decode
from newsbot.exceptions import DatasetError, InputError, ManifestDamaged


class Folder:
    """What lies under an output root; a place is a path under it with forward slashes."""

    def __init__(self, root: str | Path) -> None:
        """Raises InputError where no library for a URL's scheme is there."""
        self.name = str(root).rstrip("/")
        self.path = None if "://" in self.name else Path(root)
        self._files, self._base = _file_system(self.name)

    @property
    def is_remote(self) -> bool:
        """Whether it is an object store."""
        return self.path is None

    def places(self, under: str) -> list[str]:
        """Return the files under a folder at any depth, sorted. Raises InputError where the store does not answer."""
        selector = pafs.FileSelector(f"{self._base}/{under}", allow_not_found=True, recursive=True)
        try:
            found = self._files.get_file_info(selector)
        except OSError as error:
            raise InputError(
                f"cannot read {self.name}: {error}; check the URL and your credentials"
            ) from error
        return sorted(one.path[len(self._base) + 1 :] for one in found if one.type == pafs.FileType.File)

    def size(self, place: str) -> int | None:
        """Return the bytes of a file, None where there is none."""
        found = self._files.get_file_info(f"{self._base}/{place}")
        return int(found.size) if found.type == pafs.FileType.File else None

    def has(self, place: str) -> bool:
        """Whether a file is there."""
        return self.size(place) is not None

    def read(self, place: str) -> bytes:
        """Return a file's bytes. Raises OSError."""
        with self._files.open_input_stream(f"{self._base}/{place}") as file:
            return bytes(file.read())

    def checksum(self, place: str) -> str:
        """Return the 128-bit BLAKE2b of a file, hex. Raises OSError."""
        digest = hashlib.blake2b(digest_size=16)
        with self._files.open_input_stream(f"{self._base}/{place}") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()

    def footer(self, place: str) -> Any:
        """Return the metadata of a Parquet file. Raises OSError, ArrowInvalid."""
        return pq.read_metadata(f"{self._base}/{place}", filesystem=self._files)

    def table(self, place: str, columns: list[str]) -> Any:
        """Return some columns of a Parquet file. Raises OSError, ArrowInvalid."""
        with self._files.open_input_file(f"{self._base}/{place}") as file:
            return pq.ParquetFile(file).read(columns)

    def data_file(self, place: str, day: str, name: str) -> DataFile:
        """Return the entry of a file, read from it. Raises OSError, ArrowInvalid."""
        size, rows = self.size(place), self.footer(place).num_rows
        if size is None:
            raise FileNotFoundError(place)
        return DataFile(day, name, rows, size, self.checksum(place))

    def copy(self, place: str, target: str) -> None:
        """Copy a file, in an object store without bringing it here. Raises OSError."""
        self._make_room(target)
        self._files.copy_file(f"{self._base}/{place}", f"{self._base}/{target}")

    def move(self, place: str, target: str) -> None:
        """Move a file; in an object store it is copied first, so it is never nowhere. Raises OSError."""
        if self.is_remote:
            self.copy(place, target)
            self.remove(place)
        else:
            self._make_room(target)
            self._files.move(f"{self._base}/{place}", f"{self._base}/{target}")

    def remove(self, place: str) -> None:
        """Delete a file; one that is gone is no error. Raises OSError."""
        try:
            self._files.delete_file(f"{self._base}/{place}")
        except FileNotFoundError:
            return

    def _make_room(self, target: str) -> None:
        if not self.is_remote:
            self._files.create_dir(f"{self._base}/{target}".rpartition("/")[0], recursive=True)

    def manifests(self, publisher: str | None = None) -> list[str]:
        """Return the places of the manifests, by publisher and number; those of compactions are COMPACTION's."""
        under = "manifests" if publisher is None else f"manifests/{publisher}"
        return [place for place in self.places(under) if place.count("/") == 2 and place.endswith(".jsonl")]

    def publishers(self) -> list[str]:
        """Return the publishers that have manifests, sorted."""
        return sorted({place.split("/")[1] for place in self.manifests()} - {COMPACTION})

    def manifest(self, place: str, *, with_delta: bool = True) -> Manifest:
        """Return a manifest. Raises ManifestDamaged."""
        try:
            return decode(self.read(place), f"{self.name}/{place}", with_delta=with_delta)
        except OSError as error:
            raise ManifestDamaged(
                f"the manifest {self.name}/{place} cannot be read: {error}; run `scrapy dataset verify`"
            ) from error

    def head(self, place: str) -> Manifest | None:
        """Return a manifest without its delta, None where it is damaged."""
        try:
            return self.manifest(place, with_delta=False)
        except DatasetError:
            return None

    def live_files(self) -> dict[str, DataFile]:
        """Return the table by what all manifests say: place -> file. Raises ManifestDamaged."""
        came: dict[str, DataFile] = {}
        gone: set[str] = set()
        for manifest in (self.manifest(place, with_delta=False) for place in self.manifests()):
            came.update((file.place, file) for file in manifest.files)
            gone.update(file.place for file in manifest.replaces)
        return {place: file for place, file in sorted(came.items()) if place not in gone}


def _file_system(root: str) -> tuple[Any, str]:
    if "://" not in root:
        return pafs.LocalFileSystem(), str(Path(root).absolute())
    try:
        import fsspec.core  # noqa: PLC0415 - comes with the extra s3

        files, base = fsspec.core.url_to_fs(root, use_listings_cache=False, skip_instance_cache=True)
    except (ImportError, ValueError, OSError) as error:
        raise InputError(
            f"cannot reach {root}: {error}; check the URL and your credentials, or install newsbot[s3]"
        ) from error
    return pafs.PyFileSystem(pafs.FSSpecHandler(files)), base
