"""Pages into WARC and back, and WARC as others write it."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot import archive
from newsbot.archive import Archive, pages
from newsbot.exceptions import InputError, OutputUnwritable
from newsbot.items import Candidate, Page

RUN = "demo-20260101T000000Z-abcdef"
WHEN = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def page(body: bytes = b"<html>\xff\x00text</html>", **fields: object) -> Page:
    given: dict[str, object] = {
        "url": "https://example.com/a?b=c",
        "headers": [("content-type", "text/html; charset=utf-8"), ("etag", '"x"'), ("x-name", "caf\xe9")],
        "candidate": Candidate(
            "https://example.com/a", "https://example.com/rss", "feed", "Títle \U0001f600"
        ),
        "rights": {"tdm_reservation": "1", "robots": None},
        "run_id": "",
    }
    return Page(body=body, fetched_at=WHEN, **{**given, **fields})  # type: ignore[arg-type]


def stored(folder: Path, *given: Page) -> list[Page]:
    kept = Archive.open(folder / "archive", RUN, "newsbot/1 (+x)")
    for one in given:
        one.warc_file, one.warc_offset = kept.write(one)
    kept.close()
    return list(pages(folder / "archive" / (given[0].warc_file or "")))


def record(kind: WarcRecordType, content: bytes, url: str = "http://other.example/") -> bytes:
    made = WarcRecord()
    made.init_headers(kind)
    made.is_http = kind == WarcRecordType.response
    made.headers.append("WARC-Target-URI", url)
    made.set_bytes_content(content)
    out = io.BytesIO()
    made.write(out, checksum_data=True)
    return gzip.compress(out.getvalue())


def foreign(folder: Path, *records: bytes) -> Path:
    path = folder / "other.warc.gz"
    path.write_bytes(b"".join(records))
    return path


# -- there and back ------------------------------------------------------------------------------------------


def test_a_page_comes_back_as_it_went(tmp_path: Path) -> None:
    given = [page(), page(b"", url="https://example.com/b", is_truncated=True, rights={}, candidate=None)]
    assert stored(tmp_path, *given) == given


def test_headers_of_the_transfer_come_back_and_readers_see_the_kept_length(tmp_path: Path) -> None:
    one = page(
        b"12345",
        headers=[
            ("content-length", "99"),
            ("content-encoding", "br"),
            ("set-cookie", "a"),
            ("set-cookie", "b"),
        ],
    )
    assert stored(tmp_path, one)[0].headers == one.headers
    path = tmp_path / "archive" / (one.warc_file or "")
    response = next(iter(ArchiveIterator(str(path), record_types=WarcRecordType.response)))
    assert response.http_headers.get("content-length") == "5"
    assert "content-encoding" not in response.http_headers


@settings(max_examples=30, deadline=None)
@given(
    body=st.binary(max_size=3000),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=50),
)
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, body: bytes, value: str) -> None:
    value = value.strip().replace("\x85", "").replace("\x7f", "").replace("\xa0", "")
    one = page(body, headers=[("x-any", value)] if value else [])
    assert stored(tmp_path_factory.mktemp("any"), one) == [one]


def test_a_hint_with_a_lone_surrogate_is_kept(tmp_path: Path) -> None:
    one = page(candidate=Candidate("https://example.com/a", headline="\ud800 a\nb"))
    assert stored(tmp_path, one)[0].candidate == one.candidate


def test_offsets_open_the_record(tmp_path: Path) -> None:
    given = [page(str(number).encode()) for number in range(5)]
    stored(tmp_path, *given)
    with (tmp_path / "archive" / (given[3].warc_file or "")).open("rb") as file:
        file.seek(given[3].warc_offset or 0)
        found = next(iter(ArchiveIterator(file)))
        assert found.headers["WARC-Target-URI"] == given[3].url
        assert found.reader.read() == b"3"


def test_the_file_holds_info_requests_and_true_digests(tmp_path: Path) -> None:
    one = page()
    stored(tmp_path, one)
    path = tmp_path / "archive" / (one.warc_file or "")
    assert one.warc_file == f"demo/{RUN}-00000.warc.gz"
    found = list(ArchiveIterator(str(path), verify_digests=True))
    kinds = [int(record.record_type) for record in found]
    assert kinds == [
        int(kind) for kind in (WarcRecordType.warcinfo, WarcRecordType.response, WarcRecordType.request)
    ]
    assert b"user-agent: newsbot/1 (+x)" in gzip.decompress(path.read_bytes())


def test_a_page_is_with_the_system_before_its_row(tmp_path: Path) -> None:
    """A killed process must not leave a row whose page is gone: nothing waits in the process."""
    kept = Archive.open(tmp_path, RUN)
    name, _ = kept.write(page())
    assert len(list(pages(tmp_path / name))) == 1
    kept.close()


def test_files_are_parted_by_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 2000)
    kept = Archive.open(tmp_path, RUN)
    names = [kept.write(page(bytes(range(256)) * 4))[0] for _ in range(5)]
    kept.close()
    assert len(set(names)) > 1
    assert sum(len(list(pages(tmp_path / name))) for name in set(names)) == 5


def test_an_archive_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("in the way")
    with pytest.raises(OutputUnwritable, match="NEWSBOT_ARCHIVE=false"):
        Archive.open(tmp_path, RUN).write(page())


# -- of others -----------------------------------------------------------------------------------------------


def test_codings_of_other_crawlers_are_undone(tmp_path: Path) -> None:
    path = foreign(
        tmp_path,
        record(
            WarcRecordType.response,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"packed"),
        ),
        record(
            WarcRecordType.response,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        ),
        record(WarcRecordType.response, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot packed"),
        record(WarcRecordType.response, b"HTTP/1.1 200 OK\r\nContent-Encoding: odd\r\n\r\nodd"),
    )
    assert [found.body for found in pages(path)] == [b"packed", b"abcd", b"not packed", b"odd"]


def test_only_pages_are_yielded(tmp_path: Path) -> None:
    path = foreign(
        tmp_path,
        record(WarcRecordType.response, b"HTTP/1.1 404 Not Found\r\n\r\nno"),
        record(WarcRecordType.response, b"HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n"),
        record(WarcRecordType.response, b"no HTTP at all"),
        record(WarcRecordType.metadata, b"k: v"),
        record(WarcRecordType.response, b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nyes"),
    )
    found = list(pages(path))
    assert [(one.body, one.status, one.header("x"), one.candidate) for one in found] == [
        (b"yes", 200, "y", None)
    ]
    assert found[0].warc_file == str(path)


def test_a_conversion_is_text(tmp_path: Path) -> None:
    path = foreign(tmp_path, record(WarcRecordType.conversion, "Ein Wörtchen".encode()))
    found = next(pages(path))
    assert (found.media, found.status, found.body.decode()) == ("text", None, "Ein Wörtchen")


# -- damage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"no WARC", b"\x1f\x8b\x08 garbage", gzip.compress(b"hello")])
def test_what_is_no_warc_is_named(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(body)
    with pytest.raises(InputError, match=r"x\.warc\.gz"):
        list(pages(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        list(pages(tmp_path / "none.warc.gz"))


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_a_cut_file_gives_what_came_whole(
    tmp_path: Path, share: float, caplog: pytest.LogCaptureFixture
) -> None:
    import random

    body = random.Random(1).randbytes(20_000)
    given = [page(body) for _ in range(5)]
    stored(tmp_path, *given)
    path = tmp_path / "archive" / (given[0].warc_file or "")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    found = list(pages(path))
    assert 0 < len(found) < 5
    assert all(one.body == body for one in found)
    assert "damaged" in caplog.text or "cut short" in caplog.text
