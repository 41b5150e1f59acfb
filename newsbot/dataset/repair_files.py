"""Gives up table files that are lost or damaged, so that their articles are new again; part of repair.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from newsbot.dataset.compact import compaction_lock
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, manifest_place
from newsbot.dataset.repair_work import Work
from newsbot.dataset.verify import Finding
from newsbot.state import State


def give_up_files(work: Work, findings: list[Finding]) -> None:
    """Take files out of the books; what a compaction wrote is brought back from what it replaced, where that is kept."""
    compacted = [found for found in findings if found.publisher == COMPACTION]
    if compacted:
        with compaction_lock(work.lock_root):
            for found in compacted:
                _restore_or_drop(work, found)
        for publisher in work.folder.publishers():
            _forget_absent(work, publisher)
    for publisher in sorted({found.publisher for found in findings} - {COMPACTION}):
        lost = [(found, _entry(work, found)) for found in findings if found.publisher == publisher]
        with work.opened(publisher, read_only=False) as state:
            _give_up(work, state, publisher, lost)


def _named(publisher: str, number: int) -> str:
    return f"{publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-repair-{number:04}"


def _restore_or_drop(work: Work, found: Finding) -> None:
    """Bring back what a compaction replaced, where `vacuum` has not been, in place of all it wrote; else take out the lost file."""
    folder = work.folder
    old = folder.manifest(manifest_place(COMPACTION, found.sequence))
    number = len(folder.manifests(COMPACTION)) + 1
    name = _named(COMPACTION, number)
    kept = [f"replaced/{old.name}/date={file.partition}/{file.name}" for file in old.replaces]
    is_kept = bool(kept) and all(folder.has(place) for place in kept)
    new = Manifest(name, name.rpartition("-")[0], COMPACTION, kind="repair")
    new.replaces = old.files if is_kept else [file for file in old.files if file.place == found.place]
    for file in new.replaces:
        if folder.has(file.place):
            work.set_aside(file.place)
    for count, (file, place) in enumerate(zip(old.replaces, kept, strict=True) if is_kept else (), 1):
        back = replace(file, name=f"{name.removeprefix('_')}-{count}.parquet")
        folder.copy(place, back.place)
        new.files.append(back)
    work.commit(new, number)
    what = (
        f"brought back {new.rows} rows that"
        if is_kept
        else f"gave up {sum(file.rows for file in new.replaces)} rows that"
    )
    work.done.append(f"{what} {old.name} had compacted into {found.place}")


def _forget_absent(work: Work, publisher: str) -> None:
    """Make articles new again of which no row is in the table."""
    there: set[str] = set()
    for place in work.folder.live_files():
        rows = work.folder.table(place, ["article_id", "publisher"]).to_pylist()
        there.update(row["article_id"] for row in rows if row["publisher"] == publisher)
    with work.opened(publisher, read_only=False) as state:
        absent = [identity for identity in state.article_ids() if identity not in there]
        if absent:
            _commit(work, state, publisher, [], absent)
            work.done.append(
                f"{len(absent)} articles of {publisher} are new again: replay their pages with `scrapy crawl replay`, or crawl"
            )


def _entry(work: Work, found: Finding) -> DataFile:
    manifest = work.folder.manifest(manifest_place(found.publisher, found.sequence))
    return next(file for file in manifest.files if file.place == found.place)


def _give_up(work: Work, state: State, publisher: str, files: list[tuple[Finding, DataFile]]) -> None:
    """Take lost files out of the books and forget their articles."""
    forgotten = sorted(_articles_of(work, publisher, [found for found, _ in files]))
    for found, _ in files:
        if found.kind == "file_damaged":
            work.set_aside(found.place)
    _commit(work, state, publisher, [file for _, file in files], forgotten)
    runs = sorted({file.name.rpartition("-")[0] for _, file in files})
    work.done.append(
        f"gave up {sum(file.rows for _, file in files)} rows of {publisher} in {len(files)} files; {len(forgotten)} articles are "
        f"new again: replay the pages of {', '.join(runs)} under archive/ with `scrapy crawl replay`, or crawl"
    )


def _commit(work: Work, state: State, publisher: str, replaces: list[DataFile], forgotten: list[str]) -> None:
    number = state.sequence + 1
    name = _named(publisher, number)
    manifest = Manifest(name, name.rpartition("-")[0], publisher, kind="repair", replaces=replaces)
    manifest.delta = {"forgotten": forgotten}
    work.commit(manifest, number)
    state.apply(name, manifest.delta)


def _articles_of(work: Work, publisher: str, findings: list[Finding]) -> set[str]:
    """Return the articles that stood in lost files: those of their batches that are in no file that is left."""
    lost: set[str] = set()
    gone = {found.place for found in findings}
    for number in {found.sequence for found in findings}:
        manifest = work.folder.manifest(manifest_place(publisher, number))
        kept = {
            row["article_id"]
            for file in manifest.files
            if file.place not in gone and work.folder.has(file.place)
            for row in work.rows(manifest, file)
        }
        lost |= {article["article_id"] for article in manifest.delta.get("articles", ())} - kept
    return lost
