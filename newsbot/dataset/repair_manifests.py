"""Writes a lost or damaged manifest anew, from what is left of it, the state and the files of its batch; part of repair.py."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from newsbot.dataset.folder import Folder
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, manifest_place
from newsbot.dataset.repair_work import Work
from newsbot.dataset.store import publisher_of
from newsbot.dataset.verify import Finding
from newsbot.exceptions import StateError


def mend_manifest(work: Work, found: Finding) -> None:
    """Write a manifest anew: its name from what is left of it, the state or the files; its files from the table and staging."""
    place = manifest_place(found.publisher, found.sequence)
    name = (
        _name_in(work.folder, place, found)
        or _name_in_state(work, found)
        or _name_by_files(work.folder, found.publisher)
        or f"{found.publisher}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-repair-{found.sequence:04}"
    )
    files = _files_of(work.folder, name)
    manifest = Manifest(name, name.rpartition("-")[0], found.publisher, kind="repair", files=files)
    if found.publisher == COMPACTION:
        manifest.kind, manifest.replaces = "compaction", _replaced_by(work.folder, manifest)
    else:
        manifest.delta = _delta_for(work, manifest)
    if work.folder.has(place):
        work.set_aside(place)
    work.commit(manifest, found.sequence)
    work.done.append(f"wrote {found.place} anew: {len(manifest.files)} files, {manifest.rows} rows of {name}")


def _heads(folder: Folder) -> list[Manifest]:
    return [head for place in folder.manifests() if (head := folder.head(place))]


def _replaced_by(folder: Folder, compaction: Manifest) -> list[DataFile]:
    """Return what a compaction without its manifest replaced: files of its days that the others name and the table lacks."""
    days = {file.partition for file in compaction.files}
    gone = {file.place: file for head in _heads(folder) for file in head.files if file.partition in days}
    return [file for place, file in sorted(gone.items()) if not folder.has(place)]


def _name_in(folder: Folder, place: str, found: Finding) -> str | None:
    """Return the name in a damaged manifest whose head still reads; one that lies in another's place does not count."""
    head = folder.head(place)
    is_its_own = head is not None and (head.publisher, head.sequence) == (found.publisher, found.sequence)
    return head.name if head is not None and is_its_own else None


def _name_in_state(work: Work, found: Finding) -> str | None:
    try:
        with work.opened(found.publisher) as state:
            return state.name_of(found.sequence)
    except StateError:
        return None


def _name_by_files(folder: Folder, publisher: str) -> str | None:
    """Return the first batch, by name, that has files in the table and no manifest."""
    named = {file.place for head in _heads(folder) for file in head.files}
    stems = {_stem(place) for place in folder.places("articles") if place not in named}
    unknown = {stem for stem in stems if stem.startswith(f"{publisher.removeprefix('_')}-")}
    if publisher == COMPACTION:
        # The files of one compaction are <name>.parquet, <name>-2.parquet …, without the name's underscore.
        return min((f"_{'-'.join(stem.split('-')[:4])}" for stem in unknown), default=None)
    return min((stem for stem in unknown if publisher_of(stem) == publisher), default=None)


def _stem(place: str) -> str:
    return place.rpartition("/")[2].removesuffix(".parquet")


def _files_of(folder: Folder, name: str) -> list[DataFile]:
    """Return the readable files of a manifest, in the table or still staged."""
    stem = name.removeprefix("_")
    found = [
        (place.rpartition("/")[2][:10], place)
        for place in folder.places(f"staging/{name}")
        if place.endswith(".parquet") and place.count("/") == 2
    ]
    for place in folder.places("articles"):
        its_stem = _stem(place)
        if its_stem == stem or (name != stem and its_stem.startswith(f"{stem}-")):
            found.append((place.split("/")[1].removeprefix("date="), place))
    files = []
    for day, place in sorted(found):
        try:
            files.append(folder.data_file(place, day, place.rpartition("/")[2].removeprefix(f"{day}.")))
        except (OSError, pa.ArrowInvalid):
            continue
    return files


def _delta_for(work: Work, manifest: Manifest) -> dict[str, Any]:
    """Return what the state knows of the manifest's articles; without a state, what their rows tell."""
    rows = [row for file in manifest.files for row in work.rows(manifest, file)]
    try:
        with work.opened(manifest.publisher) as state:
            delta = state.delta_of({row["article_id"] for row in rows})
            if delta["articles"]:
                return delta
    except StateError:
        pass
    return {"urls": [_known_url(row) for row in rows], "articles": [_known_article(row) for row in rows]}


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
