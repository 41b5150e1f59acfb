"""The declared, versioned Arrow schema of a row; never inferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from newsbot import __version__
from newsbot.items import Article

SCHEMA_VERSION = 1

_TIME = pa.timestamp("us", tz="UTC")
_RIGHTS = (
    "robots",
    "x_robots_tag",
    "tdm_reservation",
    "tdm_policy",
    "content_usage",
    "content_signal",
    "rsl_license",
)

_TYPES: dict[str, pa.DataType] = {
    "version": pa.int32(),
    "authors": pa.list_(pa.string()),
    "date_published": _TIME,
    "date_modified": _TIME,
    "keywords": pa.list_(pa.string()),
    "images": pa.list_(pa.struct([("url", pa.string()), ("caption", pa.string()), ("credit", pa.string())])),
    "is_accessible_for_free": pa.bool_(),
    "is_live_blog": pa.bool_(),
    "is_truncated": pa.bool_(),
    "word_count": pa.int32(),
    "fetched_at": _TIME,
    "first_seen_at": _TIME,
    "http_status": pa.int16(),
    "replacement_characters": pa.int32(),
    "rights": pa.struct([(name, pa.string()) for name in _RIGHTS]),
    "provenance": pa.map_(pa.string(), pa.string()),
    "confidence": pa.float32(),
    "warc_offset": pa.int64(),
}


def _columns() -> list[str]:
    """Return Article's fields up to run_id: the row; what follows are working values."""
    names = [field.name for field in fields(Article)]
    return names[: names.index("run_id") + 1]


COLUMNS = _columns()
SCHEMA = pa.schema(
    [pa.field(name, _TYPES.get(name, pa.string())) for name in COLUMNS],
    metadata={"newsbot.schema_version": str(SCHEMA_VERSION), "newsbot.version": __version__},
)


def row(article: Article | Mapping[str, Any]) -> dict[str, Any]:
    """Return an article's row: the schema's columns, structs complete, absent values None."""
    if isinstance(article, Mapping):
        values = {name: article.get(name) for name in COLUMNS}
    else:
        values = {name: getattr(article, name) for name in COLUMNS}
    rights = values["rights"] or {}
    values["rights"] = {name: rights.get(name) for name in _RIGHTS}
    values["images"] = [
        {name: image.get(name) for name in ("url", "caption", "credit")} for image in values["images"] or ()
    ]
    values["date_source"] = "date_published" if values["date_published"] else "first_seen_at"
    return values


def partition(values: Mapping[str, Any]) -> str:
    """Return the partition of a row: the UTC day of date_published, else of first_seen_at, as YYYY-MM-DD."""
    instant: datetime = values["date_published"] or values["first_seen_at"] or values["fetched_at"]
    return instant.astimezone(UTC).date().isoformat()


def schema_version(metadata: Mapping[bytes, bytes] | None) -> int:
    """Return the version in the metadata of a file or schema; 0 where none is told."""
    return int((metadata or {}).get(b"newsbot.schema_version", b"0"))
