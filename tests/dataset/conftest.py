"""A table written file by file, for tests of what reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsbot.dataset.schema import SCHEMA, row

Put = Callable[..., Path]


def make_row(identity: str, version: int = 1, **values: Any) -> dict[str, Any]:
    """Return a complete row; its day is 2026-02-01 unless `date_published` says otherwise."""
    given: dict[str, Any] = {
        "article_id": identity,
        "version": version,
        "change": "first" if version == 1 else "body",
        "publisher": "alder",
        "headline": f"Headline {identity}",
        "body": f"Body of {identity}, version {version}.",
        "date_published": datetime(2026, 2, 1, 8, tzinfo=UTC),
        "fetched_at": datetime(2026, 2, 3, tzinfo=UTC),
        "first_seen_at": datetime(2026, 2, 3, tzinfo=UTC),
        "authors": [],
        "keywords": [],
        "provenance": {},
    }
    return row({**given, **values})


def writer(folder: Path) -> Put:
    """Return a function that writes rows as one file of a day: put(day, name, rows, schema=SCHEMA)."""

    def write(
        day: str, name: str, rows: list[Mapping[str, Any]], schema: pa.Schema = SCHEMA, root: Path = folder
    ) -> Path:
        path = root / "articles" / f"date={day}" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
        return path

    return write


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Return `writer` of the test's folder."""
    return writer(tmp_path)


@pytest.fixture
def article() -> Callable[..., dict[str, Any]]:
    """Return `make_row`."""
    return make_row


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Return the address of a server of our own that speaks S3, on loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return an empty bucket `crawls`, and have every client find the server."""
    import boto3

    values = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    found = boto3.resource("s3").Bucket("crawls")
    found.create()
    found.objects.all().delete()
    return found


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the faults of the object store, none at first."""
    from tests.dataset.storing import Faults

    return Faults(monkeypatch)
