"""Looks a local dataset over: manifests against files, files against their checksums, states against manifests; mends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.disk import file_checksum
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, manifests, publishers, read_manifest
from newsbot.dataset.schema import SCHEMA_VERSION, schema_version
from newsbot.dataset.store import LocalStore, publisher_of, staged_path
from newsbot.exceptions import InputError, ManifestDamaged, StateError
from newsbot.state import State
from newsbot.state import publishers as publishers_with_state

# What can be wrong, and what to do about it.
REMEDIES = {
    "manifest_damaged": "`scrapy dataset repair` writes it anew from the files of its batch",
    "manifest_missing": "put it back; else `scrapy dataset repair` writes it anew from the files of its batch",
    "file_missing": "put it back; else `scrapy dataset repair` gives its rows up, and replay or the next crawl brings them again",
    "file_damaged": "`scrapy dataset repair` sets it aside and gives its rows up, and replay or the next crawl brings them again",
    "file_too_new": "upgrade newsbot",
    "file_unknown": "`scrapy dataset repair` moves it to quarantine/",
    "batch_unfinished": "the publisher's next crawl, or `scrapy dataset repair`, finishes it",
    "staging_left": "the publisher's next crawl, or `scrapy dataset repair`, drops it; a crawl that runs now is writing it",
    "state_missing": "put it back; else `scrapy dataset repair` rebuilds it from the manifests",
    "state_damaged": "`scrapy dataset repair` sets it aside and rebuilds it from the manifests",
    "state_behind": "the publisher's next crawl, or `scrapy dataset repair`, brings it up to date",
    "state_ahead": "put the manifests back; else `scrapy dataset repair` sets the state aside and rebuilds it",
    "state_foreign": "set NEWSBOT_STATE; else `scrapy dataset repair` sets the state aside and rebuilds it",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `str()` is one line that names it and the remedy."""

    kind: str
    """A key of REMEDIES."""
    place: str
    """Path under the output root, or of the state."""
    reason: str
    publisher: str = ""
    """Whose it is, where that is known."""
    sequence: int = 0
    """Number of the manifest that names it, where one does."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}: {self.reason}; {REMEDIES[self.kind]}"


def verify(root: str | Path, state_root: Path | None = None, *, deep: bool = True) -> list[Finding]:
    """Return everything that is wrong with the dataset under a folder. `deep` reads all bytes and compares checksums.

    Raises InputError where there is no dataset, or it lies in an object store.
    """
    if "://" in str(root):
        raise InputError(f"{root} is an object store: copy the dataset to a folder to verify it")
    root = Path(root)
    if not root.is_dir() or not ((root / "articles").is_dir() or (root / "manifests").is_dir()):
        raise InputError(
            f"{root} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )
    books = _read_books(root)
    return [
        *books.findings,
        *_check_files(root, books, deep=deep),
        *_check_strangers(root, books),
        *_check_states(root, books, state_root or root / "state"),
        *_check_staging(root, books),
    ]


@dataclass(slots=True)
class _Books:
    """What the manifests say."""

    root: Path
    findings: list[Finding]
    manifests: dict[str, dict[int, Manifest]]
    """Publisher -> number -> manifest without its delta."""
    numbers: dict[str, int]
    """Publisher -> highest number there is, readable or not."""

    def all(self) -> Iterator[Manifest]:
        for by_number in self.manifests.values():
            yield from by_number.values()

    def finished(self) -> Iterator[Manifest]:
        """Yield the manifests whose files are in the table."""
        for manifest in self.all():
            is_staged = (self.root / "staging" / manifest.name).is_dir()
            if not is_staged or all((self.root / file.place).exists() for file in manifest.files):
                yield manifest

    def replaced(self) -> set[str]:
        """Return the places of files that are no longer in the table."""
        return {file.place for manifest in self.finished() for file in manifest.replaces}


def _read_books(root: Path) -> _Books:
    books = _Books(root, [], {name: {} for name in publishers(root)}, {})
    for path in manifests(root):
        publisher, number = path.parent.name, int(path.stem) if path.stem.isdigit() else 0
        place = str(path.relative_to(root))
        books.numbers[publisher] = max(books.numbers.get(publisher, 0), number)
        try:
            manifest = read_manifest(path)
        except ManifestDamaged as error:
            books.findings.append(Finding("manifest_damaged", place, _short(error), publisher, number))
            continue
        if (manifest.publisher, manifest.sequence) != (publisher, number):
            reason = f"it says that it is number {manifest.sequence} of {manifest.publisher}"
            books.findings.append(Finding("manifest_damaged", place, reason, publisher, number))
            continue
        manifest.delta = {}
        books.manifests.setdefault(publisher, {})[number] = manifest
    for publisher, last in books.numbers.items():
        have = {int(path.stem) for path in manifests(root, publisher) if path.stem.isdigit()}
        for number in sorted(set(range(1, last + 1)) - have):
            place = f"manifests/{publisher}/{number:08}.jsonl"
            books.findings.append(Finding("manifest_missing", place, f"{last} is there", publisher, number))
    return books


def _short(error: Exception) -> str:
    """Return what is wrong, without the path and remedy around it."""
    text = str(error)
    return text[text.find("(") + 1 : text.rfind(")")] if "(" in text else text


def _check_files(root: Path, books: _Books, *, deep: bool) -> Iterator[Finding]:
    replaced = books.replaced()
    for manifest in books.all():
        for file in manifest.files:
            if file.place in replaced or _is_waiting(root, manifest, file):
                continue
            found = check_file(root / file.place, file, deep=deep)
            if found:
                yield Finding(found[0], file.place, found[1], manifest.publisher, manifest.sequence)


def _is_waiting(root: Path, manifest: Manifest, file: DataFile) -> bool:
    """Whether a file is still in staging: a batch's in its folder, a compaction's in a folder of the day."""
    staging = root / "staging" / manifest.name
    return (
        staged_path(staging, file.partition, file.name).exists()
        or (staging / f"date={file.partition}" / file.name).exists()
    )


def check_file(path: Path, file: DataFile, *, deep: bool) -> tuple[str, str] | None:
    """Return (kind, reason) of what is wrong with a file of the table, None where nothing is."""
    try:
        reason = _wrong_bytes(path, file, deep=deep)
        if reason:
            return "file_damaged", reason
        footer = pq.read_metadata(path)
    except FileNotFoundError:
        return "file_missing", f"its manifest names it, with {file.rows} rows"
    except (OSError, pa.ArrowInvalid) as error:
        return "file_damaged", str(error).partition("\n")[0]
    version = schema_version(footer.metadata)
    if version > SCHEMA_VERSION:
        return "file_too_new", f"its schema version is {version}, this newsbot knows {SCHEMA_VERSION}"
    return None


def _wrong_bytes(path: Path, file: DataFile, *, deep: bool) -> str | None:
    size = path.stat().st_size
    if size != file.bytes:
        return f"it has {size} bytes, its manifest says {file.bytes}"
    if deep and file_checksum(path) != file.blake2b:
        return "its checksum is wrong"
    return None


def _check_strangers(root: Path, books: _Books) -> Iterator[Finding]:
    replaced = books.replaced()
    named = {file.place for manifest in books.all() for file in manifest.files} - replaced
    for path in sorted((root / "articles").rglob("*")):
        place = path.relative_to(root).as_posix()
        if path.is_dir() or place in named:
            continue
        if place in replaced:
            yield Finding("file_unknown", place, "a compaction replaced it: its rows are there twice")
            continue
        yield Finding("file_unknown", place, "no manifest names it")


def _check_states(root: Path, books: _Books, state_root: Path) -> Iterator[Finding]:
    names = (set(books.numbers) - {COMPACTION}) | set(publishers_with_state(state_root))
    for publisher in sorted(names):
        found = check_state_of(LocalStore(root), publisher, state_root, books.numbers.get(publisher, 0))
        if found:
            yield found


def check_state_of(store: LocalStore, publisher: str, state_root: Path, last: int) -> Finding | None:
    """Return what is wrong with a publisher's state, whose last manifest has the number `last`."""
    path = state_root / f"{publisher}.sqlite3"
    if not path.exists():
        return Finding("state_missing", str(path), f"there are {last} manifests of {publisher}", publisher)
    try:
        state = State.open(state_root, publisher, read_only=True)
    except StateError as error:
        return Finding("state_damaged", str(path), str(error).partition("; ")[0], publisher)
    try:
        return _compare(store, publisher, state, last)
    except StateError as error:
        return Finding("state_damaged", str(path), _short(error), publisher)
    finally:
        state.close()


def _compare(store: LocalStore, publisher: str, state: State, last: int) -> Finding | None:
    place = str(state.path)
    problems = state.problems()
    if problems:
        return Finding("state_damaged", place, problems[0], publisher)
    number = state.sequence
    if number > last:
        return Finding("state_ahead", place, f"it knows {number} manifests, there are {last}", publisher)
    if number == 0 < last and not _is_staged(store, publisher):
        return Finding(
            "state_missing", place, f"it is empty, there are {last} manifests of {publisher}", publisher
        )
    if number and _name(store, publisher, number) not in {None, state.last}:
        return Finding("state_foreign", place, f"its manifest {number} is {state.last}", publisher)
    if number < last:
        return Finding("state_behind", place, f"it knows {number} manifests, there are {last}", publisher)
    return None


def _is_staged(store: LocalStore, publisher: str) -> bool:
    try:
        first = store.read(publisher, 1)
    except ManifestDamaged:
        return False
    return first is not None and store.is_staged(first)


def _name(store: LocalStore, publisher: str, number: int) -> str | None:
    try:
        manifest = store.read(publisher, number)
    except ManifestDamaged:
        return None
    return manifest.name if manifest else None


def _check_staging(root: Path, books: _Books) -> Iterator[Finding]:
    committed = {manifest.name: manifest for manifest in books.all()}
    for path in sorted((root / "staging").glob("*")):
        name = path.name.removesuffix(".jsonl")
        if path.name.startswith("."):
            continue
        place = path.relative_to(root).as_posix()
        if name in committed:
            found = committed[name]
            yield Finding(
                "batch_unfinished", place, f"{found.rows} rows are committed", found.publisher, found.sequence
            )
        else:
            yield Finding("staging_left", place, "it was never committed", publisher_of(name))
