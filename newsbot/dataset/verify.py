"""Looks a dataset over: manifests against files, files against their checksums, states against manifests; mends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from newsbot.dataset.folder import Folder
from newsbot.dataset.manifest import COMPACTION, DataFile, Manifest, manifest_place
from newsbot.dataset.schema import SCHEMA_VERSION, schema_version
from newsbot.dataset.store import Store, open_store, publisher_of
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
    """Return everything that is wrong with a dataset, wherever it lies. `deep` reads all bytes and compares checksums.

    Raises InputError where there is no dataset.
    """
    folder = Folder(root)
    if folder.is_remote and state_root is None:
        raise InputError(f"{root} is an object store: set NEWSBOT_STATE to the local folder of its states")
    _check_is_there(folder)
    state_root = state_root or Path(root) / "state"
    books = read_books(folder, state_root)
    return [
        *books.findings,
        *_check_files(books, deep=deep),
        *_check_strangers(books),
        *_check_states(books),
        *_check_staging(books),
    ]


def _check_is_there(folder: Folder) -> None:
    path = folder.path
    is_there = (
        bool(folder.places("manifests") or folder.places("articles"))
        if path is None
        else path.is_dir() and ((path / "articles").is_dir() or (path / "manifests").is_dir())
    )
    if not is_there:
        raise InputError(
            f"{folder.name} holds no dataset (no folder articles in it); name the output root, or crawl first"
        )


@dataclass(slots=True)
class _Books:
    """What the manifests say."""

    folder: Folder
    state_root: Path
    findings: list[Finding]
    manifests: dict[str, dict[int, Manifest]]
    """Publisher -> number -> manifest without its delta."""
    numbers: dict[str, int]
    """Publisher -> highest number there is, readable or not."""
    staged: dict[str, set[str]]
    """Name of a manifest -> files in its staging, as they are called there."""

    def all(self) -> Iterator[Manifest]:
        for by_number in self.manifests.values():
            yield from by_number.values()

    def is_waiting(self, manifest: Manifest, file: DataFile) -> bool:
        """Whether a file is still in staging: a batch's as <day>.<name>, a compaction's in a folder of the day."""
        staged = self.staged.get(manifest.name, set())
        return bool({f"{file.partition}.{file.name}", f"date={file.partition}/{file.name}"} & staged)

    def finished(self) -> Iterator[Manifest]:
        """Yield the manifests whose files are in the table."""
        for manifest in self.all():
            is_staged = manifest.name in self.staged
            if not is_staged or all(self.folder.has(file.place) for file in manifest.files):
                yield manifest

    def replaced(self) -> set[str]:
        """Return the places of files that are no longer in the table."""
        return {file.place for manifest in self.finished() for file in manifest.replaces}


def read_books(folder: Folder, state_root: Path) -> _Books:
    """Read all manifests and list the staging, here and in an object store."""
    books = _Books(
        folder, state_root, [], {name: {} for name in folder.publishers()}, {}, _staged(folder, state_root)
    )
    seen: dict[str, set[int]] = {}
    for place in folder.manifests():
        publisher, stem = place.split("/")[1], place.rpartition("/")[2].removesuffix(".jsonl")
        number = int(stem) if stem.isdigit() else 0
        seen.setdefault(publisher, set()).add(number)
        books.numbers[publisher] = max(books.numbers.get(publisher, 0), number)
        try:
            manifest = folder.manifest(place)
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
        for number in sorted(set(range(1, last + 1)) - seen[publisher]):
            place = manifest_place(publisher, number)
            books.findings.append(Finding("manifest_missing", place, f"{last} is there", publisher, number))
    return books


def _staged(folder: Folder, state_root: Path) -> dict[str, set[str]]:
    """Return what lies in staging, by manifest; an empty folder on the disk counts, for it says that a batch was begun."""
    found: dict[str, set[str]] = {}
    for place in folder.places("staging"):
        _, name, *rest = place.split("/", 2)
        if not name.startswith("."):
            found.setdefault(name, set()).update(rest)
    local = (state_root if folder.path is None else folder.path) / "staging"
    for path in local.glob("*"):
        if path.is_dir() and not path.name.startswith("."):
            found.setdefault(path.name, set())
    return found


def _short(error: Exception) -> str:
    """Return what is wrong, without the path and remedy around it."""
    text = str(error)
    return text[text.find("(") + 1 : text.rfind(")")] if "(" in text else text


def _check_files(books: _Books, *, deep: bool) -> Iterator[Finding]:
    replaced = books.replaced()
    for manifest in books.all():
        for file in manifest.files:
            if file.place in replaced or books.is_waiting(manifest, file):
                continue
            found = check_file(books.folder, file, deep=deep)
            if found:
                yield Finding(found[0], file.place, found[1], manifest.publisher, manifest.sequence)


def check_file(folder: Folder, file: DataFile, *, deep: bool) -> tuple[str, str] | None:
    """Return (kind, reason) of what is wrong with a file of the table, None where nothing is."""
    try:
        reason = _wrong_bytes(folder, file, deep=deep)
        if reason:
            return "file_damaged", reason
        footer = folder.footer(file.place)
    except FileNotFoundError:
        return "file_missing", f"its manifest names it, with {file.rows} rows"
    except (OSError, pa.ArrowInvalid) as error:
        return "file_damaged", str(error).partition("\n")[0]
    version = schema_version(footer.metadata)
    if version > SCHEMA_VERSION:
        return "file_too_new", f"its schema version is {version}, this newsbot knows {SCHEMA_VERSION}"
    return None


def _wrong_bytes(folder: Folder, file: DataFile, *, deep: bool) -> str | None:
    size = folder.size(file.place)
    if size is None:
        raise FileNotFoundError(file.place)
    if size != file.bytes:
        return f"it has {size} bytes, its manifest says {file.bytes}"
    if deep and folder.checksum(file.place) != file.blake2b:
        return "its checksum is wrong"
    return None


def _check_strangers(books: _Books) -> Iterator[Finding]:
    replaced = books.replaced()
    named = {file.place for manifest in books.all() for file in manifest.files} - replaced
    for place in books.folder.places("articles"):
        if place in replaced:
            yield Finding("file_unknown", place, "a compaction replaced it: its rows are there twice")
        elif place not in named:
            yield Finding("file_unknown", place, "no manifest names it")


def _check_states(books: _Books) -> Iterator[Finding]:
    store = open_store(books.folder.name, books.state_root)
    names = (set(books.numbers) - {COMPACTION}) | set(publishers_with_state(books.state_root))
    for publisher in sorted(names):
        found = check_state_of(store, publisher, books.state_root, books.numbers.get(publisher, 0))
        if found:
            yield found


def check_state_of(store: Store, publisher: str, state_root: Path, last: int) -> Finding | None:
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


def _compare(store: Store, publisher: str, state: State, last: int) -> Finding | None:
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


def _is_staged(store: Store, publisher: str) -> bool:
    try:
        first = store.read(publisher, 1)
    except ManifestDamaged:
        return False
    return first is not None and store.is_staged(first)


def _name(store: Store, publisher: str, number: int) -> str | None:
    try:
        manifest = store.read(publisher, number)
    except ManifestDamaged:
        return None
    return manifest.name if manifest else None


def _check_staging(books: _Books) -> Iterator[Finding]:
    committed = {manifest.name: manifest for manifest in books.all()}
    for name in sorted(books.staged):
        place, batch = f"staging/{name}", name.removesuffix(".jsonl")
        if batch in committed:
            found = committed[batch]
            yield Finding(
                "batch_unfinished", place, f"{found.rows} rows are committed", found.publisher, found.sequence
            )
        else:
            yield Finding("staging_left", place, "it was never committed", publisher_of(batch))
