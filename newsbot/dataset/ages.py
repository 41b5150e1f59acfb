"""Schemas of other ages: an older file lacks columns, a newer one has more; one of a later meaning is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsbot.dataset.schema import SCHEMA, SCHEMA_VERSION
from newsbot.exceptions import DatasetError, SchemaTooNew


def file_schema(path: str, filesystem: Any = None) -> pa.Schema:
    """Return the schema of a table file. Raises SchemaTooNew, and DatasetError where it cannot be read."""
    try:
        schema = pq.read_schema(path, filesystem=filesystem)
    except (OSError, pa.ArrowInvalid) as error:
        raise DatasetError(f"cannot read {path}: {error}; run `scrapy dataset verify`") from error
    version = int((schema.metadata or {}).get(b"newsbot.schema_version", b"0"))
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"{path} has schema version {version}, this newsbot knows {SCHEMA_VERSION}; install a newer newsbot"
        )
    return schema


def unified(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Return the declared schema with the columns that others have beyond it, the partition left out."""
    made = pa.unify_schemas([SCHEMA, *schemas], promote_options="permissive")
    if "date" in made.names:
        made = made.remove(made.get_field_index("date"))
    return made.with_metadata(SCHEMA.metadata)
