"""Brings what is committed into a Delta Lake table (extra `delta`): incremental, exactly once, beside other writers.

Each commit to the table also sets, per publisher, the number of the last manifest that is in it (Delta's application transactions).
A sync that was cut short, or two at a time, therefore bring nothing twice: the second commit is refused, and there is nothing left.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from newsbot.dataset.later import later
from newsbot.dataset.manifest import DataFile, Manifest, heads
from newsbot.dataset.schema import SCHEMA
from newsbot.dataset.snapshot import replaced_path, take
from newsbot.exceptions import CommitFailed, InputError, UsageError

ds = later("pyarrow.dataset")

ATTEMPTS = 5
# Seconds before the second attempt; doubled each time.
PAUSE = 0.2
_APPLICATION = "newsbot/{}"


@dataclass(slots=True)
class Synced:
    """What a sync brought."""

    manifests: int = 0
    rows: int = 0
    replaced_days: int = 0
    """Days written anew, because a compaction or repair changed rows that were there."""
    version: int = -1
    """The table's version now."""


@dataclass(slots=True)
class _Plan:
    """What one commit brings."""

    manifests: list[Manifest] = field(default_factory=list)
    files: list[DataFile] = field(default_factory=list)
    days: set[str] | None = None
    """Days whose rows `files` replace; None: the files are added."""


def sync(root: str | Path, target: str) -> Synced:
    """Bring the table at `target` (a path or URL) up to the dataset.

    Raises UsageError, InputError, ManifestDamaged, CommitFailed.
    """
    try:
        import deltalake  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise UsageError(
            "Delta Lake export needs the library deltalake; pip install 'newsbot[delta]'"
        ) from None
    if "://" in str(root):
        raise InputError(f"{root} is an object store: sync to Delta Lake from a dataset in a folder")
    take(root)
    _check_place(Path(root), target)
    pause = PAUSE
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _sync(Path(root), target)
        except (deltalake.exceptions.CommitFailedError, FileNotFoundError) as error:
            # Another writer was first, or a vacuum deleted a file since the manifests were read: look anew.
            if attempt == ATTEMPTS:
                raise CommitFailed(
                    f"cannot commit to {target} after {ATTEMPTS} attempts: {error}; run again"
                ) from error
            time.sleep(pause)
            pause *= 2
        except (deltalake.exceptions.DeltaError, OSError) as error:
            raise CommitFailed(f"cannot write the Delta table {target}: {error}") from error
    raise AssertionError


def _check_place(root: Path, target: str) -> None:
    if "://" not in target and (root / "articles").resolve() in [
        Path(target).resolve(),
        *Path(target).resolve().parents,
    ]:
        raise UsageError(
            f"{target} lies in the table, where readers would take it for articles; give another place"
        )


def _sync(root: Path, target: str) -> Synced:
    from deltalake import DeltaTable  # noqa: PLC0415

    table = DeltaTable(target) if DeltaTable.is_deltatable(target) else None
    plan = _plan(root, table)
    done = Synced(version=table.version() if table else -1)
    if not plan.manifests:
        return done
    _write(root, target if table is None else table, plan)
    done.manifests, done.rows = len(plan.manifests), sum(file.rows for file in plan.files)
    done.replaced_days = len(plan.days or ())
    done.version = DeltaTable(target).version()
    return done


def _plan(root: Path, table: Any) -> _Plan:
    every = list(heads(root))
    gone = {file.place for manifest in every for file in manifest.replaces}
    live = [file for manifest in every for file in manifest.files if file.place not in gone]
    new = [manifest for manifest in every if manifest.sequence > _known(table, manifest.publisher)]
    if table is None:
        return _Plan(every, live, None)
    added = [file for manifest in new for file in manifest.files]
    if all(manifest.kind == "batch" for manifest in new) and all(file.place not in gone for file in added):
        return _Plan(new, added, None)
    days = {file.partition for manifest in new for file in (*manifest.files, *manifest.replaces)}
    return _Plan(new, [file for file in live if file.partition in days], days)


def _known(table: Any, publisher: str) -> int:
    """Return the number of the publisher's last manifest that is in the table, 0 where none is."""
    if table is None:
        return 0
    return int(table.transaction_version(_APPLICATION.format(publisher)) or 0)


def _write(root: Path, target: Any, plan: _Plan) -> None:
    from deltalake import CommitProperties, Transaction, write_deltalake  # noqa: PLC0415

    last = {
        manifest.publisher: manifest.sequence
        for manifest in sorted(plan.manifests, key=lambda one: one.sequence)
    }
    properties = CommitProperties(
        app_transactions=[Transaction(_APPLICATION.format(name), number) for name, number in last.items()]
    )
    how: dict[str, Any] = {"mode": "append", "schema_mode": "merge"}
    if plan.days is not None:
        days = ", ".join(f"'{day}'" for day in sorted(plan.days))
        how = {"mode": "overwrite", "predicate": f"date IN ({days})"}
    rows = _rows(root, plan.files)
    write_deltalake(target, rows, partition_by=["date"], commit_properties=properties, **how)


def _rows(root: Path, files: Iterable[DataFile]) -> pa.RecordBatchReader:
    """Return the rows of files, some at a time; a file that was replaced since is read where it lies now."""
    schema = SCHEMA.append(pa.field("date", pa.string()))
    paths, days = [], []
    for file in files:
        path = root / file.place
        found = path if path.exists() else replaced_path(root, path)
        if found is None:
            raise FileNotFoundError(f"{path} is gone")
        paths.append(str(found))
        days.append(ds.field("date") == file.partition)
    rows = ds.FileSystemDataset.from_paths(
        paths, schema=schema, format=ds.ParquetFileFormat(), filesystem=_local(), partitions=days
    )
    return rows.scanner(batch_size=1000, batch_readahead=1, fragment_readahead=1).to_reader()


def _local() -> Any:
    import pyarrow.fs  # noqa: PLC0415

    return pyarrow.fs.LocalFileSystem()
