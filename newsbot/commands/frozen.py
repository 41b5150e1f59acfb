"""Frozen pages: saved pages of a publisher with the record that reading them must give; a folder each, checked offline.

pages/<publisher>/<any name>/page.html.gz     the page as it was fetched (page.html where a person wrote it)
pages/<publisher>/<any name>/record.json      url, fetched_at, reviewed, and the expected fields
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from newsbot import publishers
from newsbot.chain import read
from newsbot.exceptions import InputError, NewsbotError
from newsbot.items import Article, Page
from newsbot.options import Options
from newsbot.publishers.model import Publisher

# What a record expects of a page.
FIELDS = (
    "headline", "description", "body", "authors", "date_published", "date_modified", "section", "keywords", "in_language",
    "canonical_url", "image_url", "is_accessible_for_free", "is_live_blog",
)  # fmt: skip


def freeze(page: Page, article: Article, folder: Path) -> Path:
    """Write a page and what was read from it for review; return the folder. Raises InputError where it cannot be written."""
    record: dict[str, Any] = {
        "url": page.url,
        "fetched_at": page.fetched_at.isoformat(),
        "reviewed": False,
        "expected": {name: _plain(getattr(article, name)) for name in FIELDS},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # mtime 0: the same page gives the same file.
        (folder / "page.html.gz").write_bytes(gzip.compress(page.body, mtime=0))
        (folder / "record.json").write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise InputError(
            f"cannot write {folder}: {error.strerror}; name a folder that may be written"
        ) from error
    return folder


def check_frozen(root: Path, options: Options) -> Iterator[str]:
    """Yield a line for each field that reads otherwise than its record expects, and for each record nobody has reviewed."""
    variables = options.variables("http://127.0.0.1")
    for path in sorted(root.glob("*/*/record.json")):
        try:
            publisher = publishers.load(path.parent.parent.name, options.publishers, variables)
            record = load_record(path)
        except NewsbotError as error:
            yield f"{path}: {error}"
            continue
        if not record.get("reviewed"):
            yield f"{path}: not reviewed; compare it with the page, correct it, and set reviewed to true"
        try:
            found = differences(path.parent, record, publisher)
        except (InputError, KeyError, ValueError) as error:
            yield f"{path}: {error}"
            continue
        for name, expected, got in found:
            yield f"{path}: {name}: expected {_short(expected)}, read {_short(got)}"


def load_record(path: Path) -> dict[str, Any]:
    """Return a record. Raises InputError."""
    try:
        record = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise InputError(f"is no record ({error}); `scrapy genpublisher` writes them") from error
    if not isinstance(record, dict) or not isinstance(record.get("expected"), dict):
        raise InputError(
            "is no record: it needs url, fetched_at and expected; `scrapy genpublisher` writes them"
        )
    return record


def differences(folder: Path, record: dict[str, Any], publisher: Publisher) -> list[tuple[str, Any, Any]]:
    """Return (field, expected, read) where reading a frozen page differs from its record; the clock stands at its fetch.

    Raises InputError without a page, KeyError and ValueError for a record without a time of fetching.
    """
    page = Page(
        url=record.get("url"),
        body=_body(folder),
        fetched_at=datetime.fromisoformat(record["fetched_at"]).astimezone(UTC),
    )
    article = read(page, publisher)
    found = [
        (name, expected, _plain(getattr(article, name, None)))
        for name, expected in record["expected"].items()
    ]
    return [difference for difference in found if difference[1] != difference[2]]


def _body(folder: Path) -> bytes:
    plain = folder / "page.html"
    try:
        return (
            plain.read_bytes() if plain.exists() else gzip.decompress((folder / "page.html.gz").read_bytes())
        )
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"has no readable page.html.gz beside it ({error}); `scrapy genpublisher` writes them"
        ) from error


def _plain(value: Any) -> Any:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
