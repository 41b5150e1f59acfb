"""Compaction: the small files of closed days become few, clusters of near-duplicates are filled in; beside writers and readers.

On a disk a day is written anew in `staging/`, the manifest that says so is committed, then the new folder and the old one trade
places in one step: a listing shows the old files or the new ones, never both and never none. The old folder goes to `replaced/`,
where readers that listed it before still find it, until `vacuum`. A kill at any moment is rolled forward (manifest there) or back
(not there) by the next compaction. Writers add files under a shared lock that the exchange takes exclusively; what they added
meanwhile is taken over. In an object store the means are others: ground.py.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.clusters import affected, around, assign
from newsbot.dataset.commit import data_file
from newsbot.dataset.disk import reason
from newsbot.dataset.ground import Ground, open_ground
from newsbot.dataset.landing import compaction_lock, recover
from newsbot.dataset.later import later
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest
from newsbot.dataset.merge import merge
from newsbot.dataset.snapshot import Listed, Snapshot, take
from newsbot.exceptions import CommitFailed, DatasetError, InputError
from newsbot.kill import kill_point

ds = later("pyarrow.dataset")

__all__ = ["Compacted", "compact", "compaction_lock", "recover", "recover_compactions"]

# A day is closed when it lies this far back: most late articles and edits have come by then.
CLOSED_DAYS = 2
# Seconds without a new file after which a closed day is settled.
QUIET = 3600.0

Days = Mapping[str, list[Listed]]
"""Day -> its files, sorted by day."""


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
    ground: Ground
    table: Snapshot
    name: str
    sequence: int
    known: dict[str, DataFile]
    """The table by what the manifests say, where the ground tells: place -> file."""
    done: Compacted


def compact(root: str | Path, before: date | None = None, state_root: Path | None = None) -> Compacted:
    """Compact the days before a date; by default those older than two days that had no new file for an hour.

    `state_root`: the local folder of the states, where `root` is an object store. Raises InputError where there is no dataset,
    OutputUnwritable, Locked, DatasetError.
    """
    _check_is_there(root)
    ground = open_ground(root, state_root)
    with compaction_lock(ground.lock_root), _told(root):
        ground.check()
        done = Compacted(finished=ground.recover())
        name = f"{COMPACTION}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        job = _Job(ground, take(root), name, ground.last(), ground.known(), done)
        try:
            _compact(job, closed_days(job.table, before))
        finally:
            # Half-written days would fill a full disk for good; a committed one is finished or tells what is wrong next time.
            with suppress(DatasetError, OSError):
                ground.recover()
    return done


def _check_is_there(root: str | Path) -> None:
    if "://" not in str(root) and not (Path(root) / "articles").is_dir():
        raise InputError(
            f"{root} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )


@contextmanager
def _told(root: str | Path) -> Iterator[None]:
    """Turn what the system says into one line."""
    try:
        yield
    except OSError as error:
        raise CommitFailed(f"cannot compact {root}: {reason(error)}; make room and run again") from error


def recover_compactions(root: str | Path, state_root: Path | None = None) -> list[str]:
    """Finish compactions that were committed and cut short, drop what was never committed; return the names finished."""
    with _told(root):
        return open_ground(root, state_root).recover()


def closed_days(table: Snapshot, before: date | None) -> dict[str, list[Listed]]:
    """Return the days that may be compacted, with their files."""
    limit = (before or datetime.now(UTC).date() - timedelta(days=CLOSED_DAYS)).isoformat()
    days: dict[str, list[Listed]] = {}
    recent: set[str] = set()
    for file in table.files:
        if file.date < limit:
            days.setdefault(file.date, []).append(file)
            if before is None and file.modified > time.time() - QUIET:
                recent.add(file.date)
    return {day: days[day] for day in sorted(days) if day not in recent}


def _names(files: list[Listed]) -> list[str]:
    return [file.path.rpartition("/")[2] for file in files]


def _compact(job: _Job, days: Days) -> None:
    store = job.ground.sketches
    stale = [day for day, files in days.items() if not store.is_fresh(day, _names(files))]
    several = {day for day, files in days.items() if len(files) > 1}
    due = sorted((several | set(stale) | set(store.pending())) & set(days))
    if due:
        store.keep_pending(due)
    _sketch(job, days, stale)
    near = affected(due, days)
    found = assign(store, due, near, {day: _clusters(job.table, days[day]) for day in near})
    job.done.clustered = sum(map(len, found.clusters.values()))
    for day in near:
        if len(days[day]) > 1 or day in found.changed:
            names = _rewrite(job, day, days[day], found.clusters[day])
            store.rename(day, names)
    if due:
        store.keep_pending([])


def _sketch(job: _Job, days: Days, stale: list[str]) -> None:
    """Make the sketches of the days `stale`: first count what recurs in all of them, then leave it out."""
    store, fetch = job.ground.sketches, job.ground.fetch
    for day in stale:
        with fetch(days[day]) as paths:
            store.count(day, paths)
    for day in stale:
        with fetch(days[day]) as paths:
            store.refresh(day, paths, around(day, days))
        kill_point("compact_after_sketches")


def _clusters(table: Snapshot, files: list[Listed]) -> dict[str, str | None]:
    """Return article_id -> cluster_id of a day, one that is there before none."""
    schema = pa.schema([("article_id", pa.string()), ("cluster_id", pa.string())])
    rows = ds.dataset(
        [file.path for file in files], schema=schema, format="parquet", filesystem=table.filesystem
    )
    found: dict[str, str | None] = {}
    for row in rows.to_table().to_pylist():
        found[row["article_id"]] = row["cluster_id"] or found.get(row["article_id"])
    return found


def _rewrite(job: _Job, day: str, files: list[Listed], clusters: Mapping[str, str]) -> list[str]:
    """Write one day anew and commit it; return the names of its files."""
    job.sequence += 1
    name = f"{job.name}-{job.sequence:04}"
    with job.ground.fetch(files) as paths:
        replaces = [_checked(job, day, path) for path in paths]
        # A file's name must not begin with an underscore: readers take such files for hidden.
        written = merge(paths, job.ground.staged(name, day), name.removeprefix("_"), clusters)
    made = [data_file(path, day, path.name, rows) for path, rows in written]
    manifest = Manifest(name, job.name, COMPACTION, kind="compaction", files=made, replaces=replaces)
    before = sum(file.rows for file in replaces)
    if manifest.rows != before:
        raise DatasetError(
            f"{day}: {before} rows became {manifest.rows} in compaction, nothing was changed; this is a bug"
        )
    job.ground.commit(manifest, job.sequence)
    done = job.done
    done.days.append(day)
    done.files_before, done.files_after = done.files_before + len(replaces), done.files_after + len(made)
    done.rows += manifest.rows
    return [file.name for file in made]


def _checked(job: _Job, day: str, path: Path) -> DataFile:
    """Return the entry of a file that is to be replaced. Raises DatasetError where it is not what was committed."""
    file = data_file(path, day, path.name, pq.read_metadata(path).num_rows)
    known = job.known.get(file.place)
    if known is not None and known != file:
        raise DatasetError(
            f"{path} is not as it was committed, nothing was changed; run `scrapy dataset verify`"
        )
    return file
