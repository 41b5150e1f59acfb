"""The dataset in an object store: objects appear whole, and a conditional PUT of the manifest is the commit.

Files are uploaded to `staging/` of the store before the commit and copied to their place after it, so that once the manifest is
there nothing of the batch lives on the crawling machine alone. No step relies on a listing: they may lag. See docs/COMMIT.md.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import fsspec

from newsbot.dataset.manifest import DataFile, Manifest, decode, encode, manifest_place
from newsbot.dataset.store import publisher_of, staged_path
from newsbot.exceptions import CommitFailed, ManifestDamaged, OutputUnwritable
from newsbot.kill import kill_point

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Seconds before each further try of a request: a fault of a few seconds costs no batch.
PAUSES = (0.2, 1.0, 3.0)


class ObjectStore:
    """A dataset under a URL that fsspec knows, such as s3://bucket/prefix."""

    def __init__(self, root: str, staging: Path, pauses: tuple[float, ...] = PAUSES) -> None:
        """Raises OutputUnwritable where no library for the URL's scheme is there."""
        self.name, self.staging, self._pauses = root.rstrip("/"), staging, pauses
        try:
            self._files, self._base = fsspec.core.url_to_fs(
                self.name, use_listings_cache=False, skip_instance_cache=True
            )
        except (ImportError, ValueError) as error:
            raise OutputUnwritable(
                f"cannot reach {root}: {error}; install newsbot[s3], or set NEWSBOT_OUTPUT to a folder"
            ) from error

    def prepare(self) -> None:
        """Prove that both staging folders can be written. Raises OutputUnwritable."""
        try:
            self.staging.mkdir(parents=True, exist_ok=True)
            self._often(lambda: self._files.pipe_file(self._at("staging/.probe"), b""))
        except OSError as error:
            raise OutputUnwritable(
                f"cannot write the output root {self.name}: {error}; check the bucket, its region and your credentials"
            ) from error

    def read(self, publisher: str, sequence: int) -> Manifest | None:
        """Return a manifest, None where there is none. Raises ManifestDamaged."""
        place = manifest_place(publisher, sequence)
        try:
            body = self._get(place)
        except OSError as error:
            raise ManifestDamaged(
                f"the manifest {self.name}/{place} cannot be read: {error}; run again"
            ) from error
        return None if body is None else decode(body, f"{self.name}/{place}")

    def is_lost(self) -> bool:
        """Never told: it would take a listing."""
        return False

    def is_staged(self, manifest: Manifest) -> bool:
        """Whether this machine wrote the manifest and has not finished it."""
        return (self.staging / manifest.name).is_dir()

    def stage(self, manifest: Manifest) -> None:
        """Upload the written files to the store's staging. Raises OSError."""
        for file in manifest.files:
            self._upload(manifest, file)
            kill_point("after_upload")

    def _upload(self, manifest: Manifest, file: DataFile) -> None:
        source = staged_path(self.staging / manifest.name, file.partition, file.name)
        self._often(lambda: self._files.put_file(str(source), self._staged(manifest, file)))

    def commit(self, manifest: Manifest) -> None:
        """PUT the manifest with `If-None-Match: *`. Raises CommitFailed.

        An error leaves open whether it is there, so each is followed by a look: our own bytes mean that it is.
        """
        place, body = manifest.place(), encode(manifest)
        fault: Exception | None = None
        for pause in (*self._pauses, None):
            try:
                self._files.pipe_file(self._at(place), body, mode="create")
            except OSError as error:
                fault = error
            else:
                return
            if self._is_in(place, body, manifest.name):
                return
            if pause is not None:
                time.sleep(pause)
        raise CommitFailed(f"cannot commit {manifest.name} to {self.name}: {fault}; run again") from fault

    def _is_in(self, place: str, body: bytes, name: str) -> bool:
        try:
            there = self._get(place)
        except OSError:
            return False
        if there is not None and there != body:
            raise CommitFailed(
                f"cannot commit {name}: another run has taken {self.name}/{place}; crawl a publisher from one machine at a time, "
                "and run again"
            )
        return there is not None

    def land(self, manifest: Manifest) -> None:
        """Copy the files from the store's staging to their place. Raises ManifestDamaged, OSError."""
        for file in manifest.files:
            self._land(manifest, file)
            kill_point("after_file")
        for file in manifest.replaces:
            self._remove(file.place)

    def _land(self, manifest: Manifest, file: DataFile) -> None:
        try:
            self._often(lambda: self._files.cp_file(self._staged(manifest, file), self._at(file.place)))
        except FileNotFoundError as error:
            if self._size(file.place) is None:
                raise ManifestDamaged(
                    f"manifest {self.name}/{manifest.place()} names {file.place}, which is neither staged nor in the table; "
                    "run `scrapy dataset verify`"
                ) from error
            return
        self._remove(f"staging/{manifest.name}/{file.partition}.{file.name}")

    def clear(self, name: str) -> None:
        """Empty the local staging of one manifest."""
        shutil.rmtree(self.staging / name, ignore_errors=True)

    def discard(self, name: str) -> None:
        """Empty the staging here and in the store of a batch that was never committed."""
        try:
            for path in self._often(lambda: self._files.find(self._at(f"staging/{name}"))):
                self._files.rm_file(path)
        except OSError as error:
            logger.warning("left %s/staging/%s behind: %s", self.name, name, error)
        self.clear(name)

    def leftovers(self, publisher: str) -> list[str]:
        """Return the names under both stagings that are the publisher's; what a lagging listing hides is found next time."""
        names = {path.name for path in self.staging.glob("*-*")}
        try:
            names |= {
                path.rstrip("/").rpartition("/")[2]
                for path in self._files.ls(self._at("staging"), detail=False)
            }
        except OSError:
            logger.debug("no staging in %s", self.name)
        return sorted(name for name in names if publisher_of(name) == publisher)

    def _at(self, place: str) -> str:
        return f"{self._base}/{place}"

    def _staged(self, manifest: Manifest, file: DataFile) -> str:
        return self._at(f"staging/{manifest.name}/{file.partition}.{file.name}")

    def _get(self, place: str) -> bytes | None:
        try:
            return self._often(lambda: bytes(self._files.cat_file(self._at(place))))
        except FileNotFoundError:
            return None

    def _size(self, place: str) -> int | None:
        try:
            return int(self._often(lambda: self._files.info(self._at(place), refresh=True))["size"])
        except FileNotFoundError:
            return None

    def _remove(self, place: str) -> None:
        try:
            self._often(lambda: self._files.rm_file(self._at(place)))
        except FileNotFoundError:
            return

    def _often(self, request: Callable[[], T]) -> T:
        """Return what `request` gives, trying again after passing faults; every request here may be made twice."""
        for pause in self._pauses:
            try:
                return request()
            except FileNotFoundError:
                raise
            except OSError as error:
                logger.info("%s: %s; trying again in %s s", self.name, error, pause)
            time.sleep(pause)
        return request()
