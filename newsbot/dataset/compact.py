"""Compaction: the small files of closed days become few, clusters of near-duplicates are filled in; beside writers and readers.

A day is written anew in `staging/`, the manifest that says so is committed, then the new folder and the old one trade places in
one step: a listing shows the old files or the new ones, never both and never none. The old folder goes to `replaced/`, where
readers that listed it before still find it, until `vacuum`. A kill at any moment is rolled forward (manifest there) or back (not
there) by the next compaction. Writers add files under a shared lock that the exchange takes exclusively; what they added
meanwhile is taken over.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset import exchange
from newsbot.dataset.clusters import affected, around, assign
from newsbot.dataset.commit import data_file
from newsbot.dataset.disk import sync_folder, write_new
from newsbot.dataset.landing import compaction_lock, land, recover
from newsbot.dataset.later import later
from newsbot.dataset.manifest import (
    COMPACTION,
    DataFile,
    Manifest,
    encode,
    live_files,
    manifests,
    stamp,
)
from newsbot.dataset.merge import merge
from newsbot.dataset.sketches import SketchStore
from newsbot.dataset.snapshot import take
from newsbot.exceptions import (
    CommitFailed,
    DatasetError,
    InputError,
    UsageError,
)
from newsbot.kill import kill_point

ds = later("pyarrow.dataset")

__all__ = ["Compacted", "compact", "compaction_lock", "recover"]

# A day is closed when it lies this far back: most late articles and edits have come by then.
CLOSED_DAYS = 2
# Seconds without a new file after which a closed day is settled.
QUIET = 3600.0


@dataclass(slots=True)
class Compacted:
    """What a compaction did."""

    days: list[str] = field(default_factory=list)
    """Days that were written anew."""
    files_before: int = 0
    files_after: int = 0
    rows: int = 0
    clustered: int = 0
    """Articles of the days looked at that have near-duplicates."""
    finished: list[str] = field(default_factory=list)
    """Earlier compactions that had been cut short and were finished first."""


@dataclass(slots=True)
class _Job:
    root: Path
    name: str
    sequence: int
    known: dict[str, DataFile]
    """The table by what the manifests say: place -> file."""
    done: Compacted


def compact(root: str | Path, before: date | None = None) -> Compacted:
    """Compact the days before a date; by default those older than two days that had no new file for an hour.

    Raises UsageError for an object store, InputError where there is no dataset, OutputUnwritable, Locked, DatasetError.
    """
    if "://" in str(root):
        raise UsageError(
            f"{root} is an object store, where a day's files cannot be exchanged in one step; compact on a local disk"
        )
    table = Path(root)
    if not (table / "articles").is_dir():
        raise InputError(
            f"{root} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )
    with compaction_lock(table):
        exchange.check(table / "staging")
        done = Compacted(finished=recover(table))
        name = f"{COMPACTION}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        job = _Job(table, name, len(manifests(table, COMPACTION)), live_files(table), done)
        try:
            _compact(job, closed_days(table, before))
        except OSError as error:
            raise CommitFailed(
                f"cannot compact {root}: {error.strerror or error}; make room and run again"
            ) from error
        finally:
            # Half-written days would fill a full disk for good; a committed one is finished or tells what is wrong next time.
            with suppress(DatasetError, OSError):
                recover(table)
    return done


def closed_days(root: Path, before: date | None) -> dict[str, list[Path]]:
    """Return the days that may be compacted, with their files."""
    limit = (before or datetime.now(UTC).date() - timedelta(days=CLOSED_DAYS)).isoformat()
    days: dict[str, list[Path]] = {}
    recent: set[str] = set()
    for file in take(root).files:
        if file.date < limit:
            days.setdefault(file.date, []).append(Path(file.path))
            if before is None and file.modified > time.time() - QUIET:
                recent.add(file.date)
    return {day: days[day] for day in sorted(days) if day not in recent}


def _compact(job: _Job, days: Mapping[str, list[Path]]) -> None:
    store, pending = SketchStore(job.root), _Pending(job.root)
    stale = [day for day, paths in days.items() if not store.is_fresh(day, [path.name for path in paths])]
    due = pending.add({day for day, paths in days.items() if len(paths) > 1} | set(stale), days)
    for day in stale:
        store.count(day, days[day])
    for day in stale:
        store.refresh(day, days[day], around(day, days))
        kill_point("compact_after_sketches")
    near = affected(due, days)
    found = assign(store, due, near, {day: _clusters(days[day]) for day in near})
    job.done.clustered = sum(map(len, found.clusters.values()))
    for day in near:
        if len(days[day]) > 1 or day in found.changed:
            names = _rewrite(job, day, days[day], found.clusters[day])
            store.rename(day, names)
    pending.clear()


class _Pending:
    """The days whose near-duplicates were not all looked for yet: a compaction that was cut short leaves them to the next."""

    def __init__(self, root: Path) -> None:
        self.path = root / "clusters" / "pending.json"

    def add(self, due: set[str], days: Mapping[str, list[Path]]) -> list[str]:
        """Remember these days; return them with those remembered before, sorted."""
        try:
            left = orjson.loads(self.path.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            left = []
        every = sorted((due | {day for day in left if isinstance(day, str)}) & set(days))
        if every:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            aside = self.path.with_suffix(".part")
            aside.write_bytes(orjson.dumps(every))
            aside.replace(self.path)
        return every

    def clear(self) -> None:
        """Forget them: all were looked at."""
        self.path.unlink(missing_ok=True)


def _clusters(paths: list[Path]) -> dict[str, str | None]:
    """Return article_id -> cluster_id of a day, one that is there before none."""
    schema = pa.schema([("article_id", pa.string()), ("cluster_id", pa.string())])
    found: dict[str, str | None] = {}
    for row in (
        ds.dataset([str(path) for path in paths], schema=schema, format="parquet").to_table().to_pylist()
    ):
        found[row["article_id"]] = row["cluster_id"] or found.get(row["article_id"])
    return found


def _rewrite(job: _Job, day: str, paths: list[Path], clusters: Mapping[str, str]) -> list[str]:
    """Write one day anew and commit it; return the names of its files."""
    job.sequence += 1
    name = f"{job.name}-{job.sequence:04}"
    staged = job.root / "staging" / name / f"date={day}"
    replaces = [_checked(job, day, path) for path in paths]
    # A file's name must not begin with an underscore: readers take such files for hidden.
    written = merge(paths, staged, name.removeprefix("_"), clusters)
    files = [data_file(path, day, path.name, rows) for path, rows in written]
    manifest = Manifest(name, job.name, COMPACTION, kind="compaction", files=files, replaces=replaces)
    before = sum(file.rows for file in replaces)
    if manifest.rows != before:
        raise DatasetError(
            f"{day}: {before} rows became {manifest.rows} in compaction, nothing was changed; this is a bug"
        )
    for folder in (staged.parent, staged.parent.parent):
        sync_folder(folder)
    kill_point("compact_before_manifest")
    stamp(manifest, job.sequence)
    write_new(job.root / manifest.place(), encode(manifest), job.root / "staging" / f"{name}.jsonl")
    kill_point("compact_after_manifest")
    land(job.root, manifest)
    done = job.done
    done.days.append(day)
    done.files_before, done.files_after = done.files_before + len(replaces), done.files_after + len(files)
    done.rows += manifest.rows
    return [file.name for file in files]


def _checked(job: _Job, day: str, path: Path) -> DataFile:
    """Return the entry of a file that is to be replaced. Raises DatasetError where it is not what was committed."""
    file = data_file(path, day, path.name, pq.read_metadata(path).num_rows)
    known = job.known.get(file.place)
    if known is not None and known != file:
        raise DatasetError(
            f"{path} is not as it was committed, nothing was changed; run `scrapy dataset verify`"
        )
    return file
