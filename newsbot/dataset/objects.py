"""The dataset in an object store: objects appear whole, and a conditional PUT of the manifest is the commit.

Files are uploaded to `staging/` of the store before the commit and copied to their place after it, so that once the manifest is
there nothing of the batch lives on the crawling machine alone. No step relies on a listing: they may lag. See docs/COMMIT.md.
"""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

from newsbot.dataset import bucket
from newsbot.dataset.bucket import Bucket
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, decode, encode, manifest_place
from newsbot.dataset.store import publisher_of, staged_path
from newsbot.exceptions import CommitFailed, InputError, ManifestDamaged, OutputUnwritable
from newsbot.kill import kill_point

logger = logging.getLogger(__name__)


class ObjectStore:
    """A dataset under a URL that fsspec knows, such as s3://bucket/prefix."""

    def __init__(self, root: str, staging: Path) -> None:
        """Raises OutputUnwritable where no library for the URL's scheme is there."""
        self.name, self.staging = root.rstrip("/"), staging
        try:
            self.bucket = Bucket(self.name)
        except InputError as error:
            raise OutputUnwritable(f"{error}, or set NEWSBOT_OUTPUT to a folder") from error

    def prepare(self) -> None:
        """Prove that both staging folders can be written. Raises OutputUnwritable."""
        try:
            self.staging.mkdir(parents=True, exist_ok=True)
            self.bucket.put("staging/.probe", b"")
        except OSError as error:
            raise OutputUnwritable(
                f"cannot write the output root {self.name}: {error}; check the bucket, its region and your credentials"
            ) from error

    def read(self, publisher: str, sequence: int) -> Manifest | None:
        """Return a manifest, None where there is none. Raises ManifestDamaged."""
        place = manifest_place(publisher, sequence)
        try:
            body = self.bucket.get(place)
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
            source = staged_path(self.staging / manifest.name, file.partition, file.name)
            self.bucket.upload(source, staged_place(manifest.name, file))
            kill_point("after_upload")

    def commit(self, manifest: Manifest) -> None:
        """PUT the manifest with `If-None-Match: *`. Raises CommitFailed.

        An error leaves open whether it is there, so each is followed by a look: our own bytes mean that it is.
        """
        place, body = manifest.place(), encode(manifest)
        fault: Exception | None = None
        for pause in (*bucket.PAUSES, None):
            try:
                self.bucket.put_new(place, body)
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
            there = self.bucket.get(place)
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

    def _land(self, manifest: Manifest, file: DataFile) -> None:
        staged = staged_place(manifest.name, file)
        try:
            self.bucket.copy(staged, file.place)
        except FileNotFoundError as error:
            if self.bucket.size(file.place) is None and not self._is_replaced(file):
                raise ManifestDamaged(
                    f"manifest {self.name}/{manifest.place()} names {file.place}, which is neither staged nor in the table; "
                    "run `scrapy dataset verify`"
                ) from error
            return
        self.bucket.remove([staged])

    def _is_replaced(self, file: DataFile) -> bool:
        """Whether a compaction took the file since; asked only when a run was cut short between its files and its state."""
        names = self.bucket.names(f"manifests/{COMPACTION}")
        numbers = [int(name.removesuffix(".jsonl")) for name in names]
        return any(
            (found := self.read(COMPACTION, number)) is not None and file in found.replaces
            for number in numbers
        )

    def clear(self, name: str) -> None:
        """Empty the local staging of one manifest."""
        shutil.rmtree(self.staging / name, ignore_errors=True)

    def discard(self, name: str) -> None:
        """Empty the staging here and in the store of a batch that was never committed."""
        try:
            self.bucket.remove(self.bucket.find(f"staging/{name}"))
        except OSError as error:
            logger.warning("left %s/staging/%s behind: %s", self.name, name, error)
        self.clear(name)

    def leftovers(self, publisher: str) -> list[str]:
        """Return the names under both stagings that are the publisher's; what a lagging listing hides is found next time."""
        names = {path.name for path in self.staging.glob("*-*")}
        try:
            names |= self.bucket.names("staging")
        except OSError:
            logger.debug("no staging in %s", self.name)
        return sorted(name for name in names if publisher_of(name) == publisher)


def staged_place(name: str, file: DataFile) -> str:
    """Return where a file waits in the store's staging."""
    return f"staging/{name}/{file.partition}.{file.name}"
