"""Mends a local dataset from its manifests and files; what it takes away it moves to quarantine/, and says so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.commit import data_file, recover
from newsbot.dataset.compact import compaction_lock
from newsbot.dataset.compact import recover as recover_compactions
from newsbot.dataset.disk import write_new
from newsbot.dataset.later import later
from newsbot.dataset.manifest import (
    COMPACTION,
    DataFile,
    Manifest,
    encode,
    live_files,
    manifest_place,
    manifests,
    publishers,
    read_head,
    read_manifest,
    stamp,
)
from newsbot.dataset.schema import SCHEMA
from newsbot.dataset.store import publisher_of
from newsbot.dataset.verify import Finding, verify
from newsbot.exceptions import DatasetError, StateError
from newsbot.lock import PublisherLock
from newsbot.state import State

ds = later("pyarrow.dataset")

_MANIFESTS = {"manifest_damaged", "manifest_missing"}
_STATES = {"state_missing", "state_damaged", "state_ahead", "state_foreign"}
_FILES = {"file_missing", "file_damaged"}
_STAGED = {"batch_unfinished", "staging_left", "state_behind"}


@dataclass(slots=True)
class Repairs:
    """What was done, a line each, and what is still wrong."""

    done: list[str] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)


class _Repair:
    def __init__(self, root: Path, state_root: Path) -> None:
        self.root, self.state_root = root, state_root
        self.quarantine = root / "quarantine" / f"repair-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"
        self.done: list[str] = []

    def set_aside(self, path: Path) -> None:
        """Move a file or folder to quarantine, under its path from the root."""
        inside = path.relative_to(self.root) if path.is_relative_to(self.root) else Path(path.name)
        target = self.quarantine / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        self.done.append(f"moved {inside} to {target.parent.relative_to(self.root)}")


def repair(root: str | Path, state_root: Path | None = None) -> Repairs:
    """Mend what `verify` finds and return what was done. Crawls of the publishers concerned are locked out meanwhile.

    Manifests that are damaged or missing are written anew from the files of their batch; states are rebuilt from the manifests in
    order; rows whose file is lost are given up and their URLs forgotten, so that `scrapy crawl replay` or the next crawl brings
    them again. Raises InputError, Locked.
    """
    root = Path(root)
    state_root = state_root or root / "state"
    findings = verify(root, state_root)
    work = _Repair(root, state_root)
    concerned = {found.publisher for found in findings if found.publisher and found.publisher != COMPACTION}
    with ExitStack() as locks:
        for publisher in sorted(concerned):
            locks.enter_context(PublisherLock(state_root, publisher, "repair"))
        _mend_manifests(work, findings)
        _mend_states(work, verify(root, state_root, deep=False))
        _finish(work, {found.publisher for found in findings if found.kind in _STAGED})
        _give_up_files(work, [found for found in verify(root, state_root) if found.kind in _FILES])
        for found in verify(root, state_root, deep=False):
            if found.kind == "file_unknown":
                work.set_aside(root / found.place)
    return Repairs(work.done, verify(root, state_root))


def _mend_manifests(work: _Repair, findings: Iterable[Finding]) -> None:
    for found in findings:
        if found.kind in _MANIFESTS:
            _mend_manifest(work, found)


def _mend_manifest(work: _Repair, found: Finding) -> None:
    """Write a manifest anew: its name from what is left of it, the state or the files; its files from the table and staging."""
    path = work.root / manifest_place(found.publisher, found.sequence)
    name = (
        _name_in(path, found)
        or _name_in_state(work, found)
        or _name_by_files(work, found.publisher)
        or f"{found.publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-repair-{found.sequence:04}"
    )
    manifest = Manifest(
        name, name.rpartition("-")[0], found.publisher, kind="repair", files=_files_of(work.root, name)
    )
    if found.publisher == COMPACTION:
        manifest.kind, manifest.replaces = "compaction", _replaced_by(work.root, manifest)
    else:
        manifest.delta = _delta_for(work, manifest)
    stamp(manifest, found.sequence)
    if path.exists():
        work.set_aside(path)
    write_new(path, encode(manifest), work.root / "staging" / f"{name}.jsonl")
    work.done.append(f"wrote {found.place} anew: {len(manifest.files)} files, {manifest.rows} rows of {name}")


def _replaced_by(root: Path, compaction: Manifest) -> list[DataFile]:
    """Return what a compaction without its manifest replaced: files of its days that the others name and the table lacks."""
    others = (head for path in manifests(root) if (head := _head_or_none(path)))
    days = {file.partition for file in compaction.files}
    gone = {file.place: file for head in others for file in head.files if file.partition in days}
    return [file for place, file in sorted(gone.items()) if not (root / place).exists()]


def _name_in(path: Path, found: Finding) -> str | None:
    """Return the name in a damaged manifest whose head still reads; one that lies in another's place does not count."""
    head = _head_or_none(path)
    is_its_own = head is not None and (head.publisher, head.sequence) == (found.publisher, found.sequence)
    return head.name if head is not None and is_its_own else None


def _name_in_state(work: _Repair, found: Finding) -> str | None:
    try:
        with _opened(work, found.publisher) as state:
            return state.name_of(found.sequence)
    except StateError:
        return None


def _name_by_files(work: _Repair, publisher: str) -> str | None:
    """Return the first batch, by name, that has files in the table and no manifest."""
    heads = [head for path in manifests(work.root) if (head := _head_or_none(path))]
    named = {file.place for head in heads for file in head.files}
    paths = (work.root / "articles").glob(f"date=*/{publisher.removeprefix('_')}-*.parquet")
    unknown = {path.stem for path in paths if path.relative_to(work.root).as_posix() not in named}
    if publisher == COMPACTION:
        # The files of one compaction are <name>.parquet, <name>-2.parquet …, without the name's underscore.
        return min((f"_{'-'.join(stem.split('-')[:4])}" for stem in unknown), default=None)
    return min((stem for stem in unknown if publisher_of(stem) == publisher), default=None)


def _head_or_none(path: Path) -> Manifest | None:
    try:
        return read_head(path)
    except DatasetError:
        return None


def _files_of(root: Path, name: str) -> list[DataFile]:
    """Return the readable files of a manifest, in the table or still staged."""
    stem = name.removeprefix("_")
    staged = [(path.name[:10], path) for path in (root / "staging" / name).glob("*.parquet")]
    landed = [
        (path.parent.name.removeprefix("date="), path)
        for pattern in ((stem, f"{stem}-*") if name != stem else (stem,))
        for path in (root / "articles").glob(f"date=*/{pattern}.parquet")
    ]
    files = []
    for day, path in sorted(staged + landed):
        try:
            files.append(
                data_file(path, day, path.name.removeprefix(f"{day}."), pq.read_metadata(path).num_rows)
            )
        except (OSError, pa.ArrowInvalid):
            continue
    return files


def _delta_for(work: _Repair, manifest: Manifest) -> dict[str, Any]:
    """Return what the state knows of the manifest's articles; without a state, what their rows tell."""
    rows = [row for file in manifest.files for row in _rows(work.root, manifest, file)]
    try:
        with _opened(work, manifest.publisher) as state:
            delta = state.delta_of({row["article_id"] for row in rows})
            if delta["articles"]:
                return delta
    except StateError:
        pass
    return {"urls": [_known_url(row) for row in rows], "articles": [_known_article(row) for row in rows]}


def _rows(root: Path, manifest: Manifest, file: DataFile) -> list[dict[str, Any]]:
    columns = [
        "article_id",
        "version",
        "url",
        "fetched_at",
        "first_seen_at",
        "content_hash",
        "extractor_version",
    ]
    path = root / file.place
    if not path.exists():
        path = root / "staging" / manifest.name / f"{file.partition}.{file.name}"
    table = pq.ParquetFile(path).read(columns)
    return sorted(table.to_pylist(), key=lambda row: (row["article_id"], row["version"]))


def _known_url(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["article_id"],
        "url": row["url"] or "",
        "outcome": "new",
        "article_id": row["article_id"],
        "fetched_at": row["fetched_at"].timestamp() if row["fetched_at"] else None,
        "visits": 1,
    }


def _known_article(row: dict[str, Any]) -> dict[str, Any]:
    # The hash of the page is not in the row; at worst the next visit writes one more version.
    return {
        "article_id": row["article_id"],
        "version": row["version"],
        "page_hash": row["content_hash"],
        "first_seen_at": row["first_seen_at"].timestamp(),
        "changed_at": row["fetched_at"].timestamp(),
        "edits": row["version"] - 1,
        "extractor_version": row["extractor_version"],
    }


def _mend_states(work: _Repair, findings: Iterable[Finding]) -> None:
    for found in findings:
        if found.kind in _STATES:
            _rebuild_state(work, found.publisher)


def _rebuild_state(work: _Repair, publisher: str) -> None:
    """Set a state aside and make it anew from the deltas of the manifests, in order."""
    path = work.state_root / f"{publisher}.sqlite3"
    aside = work.state_root / "rebuilding"
    shutil.rmtree(aside, ignore_errors=True)
    state = State.open(aside, publisher)
    for place in manifests(work.root, publisher):
        manifest = read_manifest(place)
        state.apply(manifest.name, manifest.delta)
    known = state.counts()
    state.close()
    for left in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if left.exists():
            work.set_aside(left)
    path.parent.mkdir(parents=True, exist_ok=True)
    (aside / path.name).replace(path)
    shutil.rmtree(aside)
    work.done.append(
        f"rebuilt the state of {publisher} from {known['manifests']} manifests: {known['urls']} URLs, {known['articles']} articles"
    )


def _finish(work: _Repair, names: set[str]) -> None:
    if COMPACTION in names:
        with compaction_lock(work.root):
            work.done += [f"finished the compaction {name}" for name in recover_compactions(work.root)]
    for publisher in sorted(names - {"", COMPACTION}):
        with _opened(work, publisher, read_only=False) as state:
            found = recover(work.root, publisher, state)
        work.done += [f"finished the commit of {name}" for name in found.rolled_forward]
        work.done += [f"dropped {name}, which was never committed" for name in found.dropped]


def _give_up_files(work: _Repair, findings: list[Finding]) -> None:
    compacted = [found for found in findings if found.publisher == COMPACTION]
    if compacted:
        with compaction_lock(work.root):
            for found in compacted:
                _restore_or_drop(work, found)
        for publisher in publishers(work.root):
            _forget_absent(work, publisher)
    for publisher in sorted({found.publisher for found in findings} - {COMPACTION}):
        lost = [(found, _entry(work.root, found)) for found in findings if found.publisher == publisher]
        with _opened(work, publisher, read_only=False) as state:
            _give_up(work, state, publisher, lost)


def _restore_or_drop(work: _Repair, found: Finding) -> None:
    """Bring back what a compaction replaced, where `vacuum` has not been, in place of all it wrote; else take out the lost file."""
    old = read_manifest(work.root / manifest_place(COMPACTION, found.sequence))
    number = len(manifests(work.root, COMPACTION)) + 1
    name = f"{COMPACTION}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-repair-{number:04}"
    kept = [work.root / "replaced" / old.name / f"date={file.partition}" / file.name for file in old.replaces]
    is_kept = bool(kept) and all(path.exists() for path in kept)
    new = Manifest(name, name.rpartition("-")[0], COMPACTION, kind="repair")
    new.replaces = old.files if is_kept else [file for file in old.files if file.place == found.place]
    for place in [file.place for file in new.replaces if (work.root / file.place).exists()]:
        work.set_aside(work.root / place)
    for count, (file, path) in enumerate(zip(old.replaces, kept, strict=True) if is_kept else (), 1):
        back = replace(file, name=f"{name.removeprefix('_')}-{count}.parquet")
        shutil.copy2(path, work.root / back.place)
        new.files.append(back)
    stamp(new, number)
    write_new(work.root / new.place(), encode(new), work.root / "staging" / f"{name}.jsonl")
    what = (
        f"brought back {new.rows} rows that"
        if is_kept
        else f"gave up {sum(file.rows for file in new.replaces)} rows that"
    )
    work.done.append(f"{what} {old.name} had compacted into {found.place}")


def _forget_absent(work: _Repair, publisher: str) -> None:
    """Make articles new again of which no row is in the table."""
    table = ds.dataset(
        [str(work.root / place) for place in live_files(work.root)], format="parquet", schema=SCHEMA
    )
    there = set(
        table.to_table(["article_id"], filter=ds.field("publisher") == publisher)["article_id"].to_pylist()
    )
    with _opened(work, publisher, read_only=False) as state:
        absent = [identity for identity in state.article_ids() if identity not in there]
        if absent:
            _commit_repair(work, state, publisher, [], absent)
            work.done.append(
                f"{len(absent)} articles of {publisher} are new again: replay their pages with `scrapy crawl replay`, or crawl"
            )


def _entry(root: Path, found: Finding) -> DataFile:
    manifest = read_manifest(root / manifest_place(found.publisher, found.sequence))
    return next(file for file in manifest.files if file.place == found.place)


def _give_up(work: _Repair, state: State, publisher: str, files: list[tuple[Finding, DataFile]]) -> None:
    """Take lost files out of the books and forget their articles."""
    forgotten = sorted(_articles_of(work.root, publisher, [found for found, _ in files]))
    for found, _ in files:
        if found.kind == "file_damaged":
            work.set_aside(work.root / found.place)
    _commit_repair(work, state, publisher, [file for _, file in files], forgotten)
    runs = sorted({file.name.rpartition("-")[0] for _, file in files})
    work.done.append(
        f"gave up {sum(file.rows for _, file in files)} rows of {publisher} in {len(files)} files; {len(forgotten)} articles are "
        f"new again: replay the pages of {', '.join(runs)} under archive/ with `scrapy crawl replay`, or crawl"
    )


def _commit_repair(
    work: _Repair, state: State, publisher: str, replaces: list[DataFile], forgotten: list[str]
) -> None:
    number = state.sequence + 1
    name = f"{publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-repair-{number:04}"
    manifest = Manifest(name, name.rpartition("-")[0], publisher, kind="repair", replaces=replaces)
    manifest.delta = {"forgotten": forgotten}
    stamp(manifest, number)
    write_new(work.root / manifest.place(), encode(manifest), work.root / "staging" / f"{name}.jsonl")
    state.apply(name, manifest.delta)


def _articles_of(root: Path, publisher: str, findings: list[Finding]) -> set[str]:
    """Return the articles that stood in lost files: those of their batches that are in no file that is left."""
    lost: set[str] = set()
    for number in {found.sequence for found in findings}:
        manifest = read_manifest(root / manifest_place(publisher, number))
        gone = {found.place for found in findings}
        kept = {
            row["article_id"]
            for file in manifest.files
            if file.place not in gone and (root / file.place).exists()
            for row in _rows(root, manifest, file)
        }
        lost |= {article["article_id"] for article in manifest.delta.get("articles", ())} - kept
    return lost


class _opened:  # noqa: N801 - read as a with-clause
    """A state for the length of a with-block."""

    def __init__(self, work: _Repair, publisher: str, *, read_only: bool = True) -> None:
        self._state = State.open(work.state_root, publisher, read_only=read_only)

    def __enter__(self) -> State:
        return self._state

    def __exit__(self, *_: object) -> None:
        self._state.close()
