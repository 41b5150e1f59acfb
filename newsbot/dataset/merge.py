"""Merges the files of a day into few, sorted as the writer sorts, with each article's cluster filled in; part of compact.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from newsbot.dataset.ages import file_schema, unified
from newsbot.dataset.disk import sync_file, sync_folder
from newsbot.dataset.later import later
from newsbot.dataset.shape import ROW_GROUP_BYTES, ROW_GROUP_ROWS, parquet_writer

ds, pc = later("pyarrow.dataset"), later("pyarrow.compute")

# A file is closed at this size: large enough to scan in one run, small enough to rewrite.
FILE_BYTES = 256 * 1024 * 1024


def merge(
    paths: Sequence[Path], folder: Path, stem: str, clusters: Mapping[str, str]
) -> list[tuple[Path, int]]:
    """Write the rows of `paths` to `folder` as <stem>.parquet, <stem>-2.parquet …; return (path, rows) of each, synced.

    All versions and all columns stay; holds the rows of one publisher and day, and one row group. Raises DatasetError,
    SchemaTooNew, OSError.
    """
    schema = unified(file_schema(str(path)) for path in paths)
    rows = ds.dataset([str(path) for path in paths], schema=schema, format="parquet")
    folder.mkdir(parents=True, exist_ok=True)
    files: list[tuple[Path, int]] = []
    groups = _groups(_sorted(rows, clusters))
    for group in groups:
        path = folder / f"{stem}{f'-{len(files) + 1}' if files else ''}.parquet"
        files.append((path, _write_file(path, schema, group, groups)))
    sync_folder(folder)
    return files


def _write_file(path: Path, schema: pa.Schema, first: pa.Table, more: Iterator[pa.Table]) -> int:
    """Write row groups until the file is large; return its rows."""
    count = 0
    with parquet_writer(path, schema) as parquet:
        group: pa.Table | None = first
        while group is not None:
            parquet.write_table(group)
            count += group.num_rows
            full = path.stat().st_size >= FILE_BYTES
            group = None if full else next(more, None)
    sync_file(path)
    return count


def _sorted(rows: Any, clusters: Mapping[str, str]) -> Iterator[pa.Table]:
    """Yield the rows of each publisher, by time and version."""
    names = pc.unique(rows.to_table(columns=["publisher"])["publisher"]).to_pylist()
    for name in sorted(names, key=lambda name: name or ""):
        chosen = ds.field("publisher").is_null() if name is None else ds.field("publisher") == name
        table = rows.to_table(filter=chosen)
        time = pc.coalesce(table["date_published"], table["first_seen_at"])
        order = pc.sort_indices(
            pa.table({"time": time, "version": table["version"]}),
            sort_keys=[("time", "ascending"), ("version", "ascending")],
        )
        yield _with_clusters(table.take(order), clusters)


def _with_clusters(table: pa.Table, clusters: Mapping[str, str]) -> pa.Table:
    found = pa.array([clusters.get(article) for article in table["article_id"].to_pylist()], pa.string())
    place = table.schema.get_field_index("cluster_id")
    return table.set_column(place, table.schema.field(place), found)


def _groups(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Cut and join tables into row groups."""
    held: list[pa.Table] = []
    rows = size = 0
    for part in (part for table in tables for part in _parts(table)):
        if held and (rows + part.num_rows > ROW_GROUP_ROWS or size + part.nbytes > ROW_GROUP_BYTES):
            yield pa.concat_tables(held)
            held, rows, size = [], 0, 0
        held.append(part)
        rows, size = rows + part.num_rows, size + part.nbytes
    if held:
        yield pa.concat_tables(held)


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    """Halve a table until each part fits a row group, or is one row."""
    if table.num_rows > 1 and (table.num_rows > ROW_GROUP_ROWS or table.nbytes > ROW_GROUP_BYTES):
        half = table.num_rows // 2
        yield from _parts(table.slice(0, half))
        yield from _parts(table.slice(half))
    elif table.num_rows:
        yield table
