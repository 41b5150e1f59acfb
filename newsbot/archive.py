"""Pages into and out of WARC, so that a later extraction can read them again without a request; the only WARC code.

A page becomes a response record, and a request record that names who asked, each its own gzip member (WARC 1.1, ISO 28500).
The body is kept decompressed; a header that no longer fits it is kept under an X-Crawler- name, as Common Crawl does, and
given back by `pages`.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from http.client import responses
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from isal import isal_zlib

from newsbot.exceptions import InputError, OutputUnwritable
from newsbot.items import Candidate, Page

logger = logging.getLogger(__name__)

# A file is closed and the next begun when it is larger than this (1 GiB, the size that the WARC guidelines advise).
MAX_FILE_BYTES = 1 << 30
# Bytes of a body that are read back; larger ones are no article pages.
MAX_BODY_BYTES = 64 << 20
# Measured on 200 real pages of 267 KB: isal packs to 21.5 % in 0.35 ms; FastWARC's own writer to 26.5 % in 0.60 ms at level 1 and
# to 21.2 % in 1.04 ms at 2, zlib to 22.2 % in 1.46 ms at 1.
COMPRESSION = 2
# Window of 32 KB with gzip's header and trailer; see zlib's documentation.
_GZIP = 31
# Headers that speak of the transfer, not of the body that is kept.
_TRANSFER = ("content-length", "content-encoding", "transfer-encoding")
_ASIDE = "x-crawler-"
# Fields of ours on a response record: what is known of the page from outside, as JSON.
_CANDIDATE, _RIGHTS = "Newsbot-Candidate", "Newsbot-Rights"
_DECODERS = {
    "chunked": ChunkedReader,
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "br": BrotliReader,
    "zstd": ZstdReader,
}


class Archive:
    """The WARC files of one run, written one after the other."""

    def __init__(self, folder: Path, run_id: str, user_agent: str) -> None:
        self._folder, self._run_id, self._user_agent = folder, run_id, user_agent
        self._number = -1
        self._file: BinaryIO | None = None
        self._name = ""

    @classmethod
    def open(cls, folder: Path, run_id: str, user_agent: str = "") -> Archive:
        """Return the archive of a run; its first file `<publisher>/<run_id>-00000.warc.gz` is made with the first page."""
        return cls(Path(folder), run_id, user_agent)

    def write(self, page: Page) -> tuple[str, int]:
        """Keep a page; return its file relative to the folder, and the offset of its response record in bytes.

        The record is handed to the system before this returns, so that a killed process leaves no row without its page.
        Raises OutputUnwritable.
        """
        try:
            file = self._open()
            offset = file.tell()
            response = _response(page)
            request = _request(page, response.record_id or "", self._user_agent)
            file.write(_packed(response, request))
            file.flush()
        except OSError as error:
            raise OutputUnwritable(
                f"cannot write the archive {self._folder / self._name}: {error}; make room, or set NEWSBOT_ARCHIVE=false"
            ) from error
        return self._name, offset

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() < MAX_FILE_BYTES:
            return self._file
        self.close()
        self._number += 1
        publisher = self._run_id.rsplit("-", 2)[0]
        self._name = f"{publisher}/{self._run_id}-{self._number:05}.warc.gz"
        path = self._folder / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("xb")
        self._file.write(_packed(_warcinfo(path.name, self._run_id)))
        return self._file


def pages(path: Path) -> Iterator[Page]:
    """Yield the pages of a WARC file (2xx responses) or a WET file (conversions, as text). Raises InputError.

    A damaged end, as a killed writer or a broken download leaves it, is logged and ends the file.
    """
    read = 0
    try:
        with Path(path).open("rb") as file:
            kinds = WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.warcinfo
            for record in ArchiveIterator(
                file, record_types=kinds, strict_mode=False, max_header_len=1 << 20
            ):
                read += 1
                page = _page(record)
                if page is not None:
                    page.warc_file, page.warc_offset = _name(Path(path)), record.stream_pos
                    yield page
    except (OSError, ValueError) as error:
        if not read:
            raise InputError(f"{path} is no WARC file that can be read: {error}") from error
        logger.warning("%s is damaged after %d records: %s; the records before are read", path, read, error)
    else:
        if not read:
            raise InputError(f"{path} holds no WARC record")


def _name(path: Path) -> str:
    """Return a file's path under the folder `archive` that it lies in; of a file from elsewhere, the path as given."""
    parts = path.parts
    at = max((index for index, part in enumerate(parts) if part == "archive"), default=-1)
    return "/".join(parts[at + 1 :]) if at >= 0 else str(path)


def _packed(*records: WarcRecord) -> bytes:
    """Return records, each as a gzip member of its own."""
    members = []
    for record in records:
        plain = io.BytesIO()
        record.write(plain, checksum_data=True)
        member = isal_zlib.compressobj(COMPRESSION, isal_zlib.DEFLATED, _GZIP)
        members += [member.compress(plain.getbuffer()), member.flush()]
    return b"".join(members)


def _warcinfo(name: str, run_id: str) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(WarcRecordType.warcinfo)
    record.headers.append("WARC-Filename", name)
    record.headers.append("Content-Type", "application/warc-fields")
    fields = {"software": "newsbot", "format": "WARC File Format 1.1", "isPartOf": run_id, "robots": "obey"}
    record.set_bytes_content("".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode())
    return record


def _response(page: Page) -> WarcRecord:
    record = _record(WarcRecordType.response, page)
    if page.is_truncated:
        record.headers.append("WARC-Truncated", "unspecified")
    if page.candidate is not None:
        record.headers.append(_CANDIDATE, _json(page.candidate))
    if page.rights:
        record.headers.append(_RIGHTS, _json(page.rights))
    status = page.status or 200
    head = [f"HTTP/1.1 {status} {responses.get(status, '')}".rstrip()]
    head += [f"{_kept_name(name)}: {_one_line(value)}" for name, value in page.headers]
    head.append(f"content-length: {len(page.body)}")
    record.set_bytes_content("\r\n".join([*head, "", ""]).encode("latin-1", "replace") + page.body)
    return record


def _request(page: Page, response_id: str, user_agent: str) -> WarcRecord:
    record = _record(WarcRecordType.request, page)
    record.headers.append("WARC-Concurrent-To", response_id)
    parts = urlsplit(page.url or "")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = [f"GET {target} HTTP/1.1", f"host: {parts.netloc}"]
    if user_agent:
        head.append(f"user-agent: {user_agent}")
    record.set_bytes_content("\r\n".join([*head, "", ""]).encode("utf-8", "replace"))
    return record


def _record(kind: WarcRecordType, page: Page) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.is_http = True
    record.record_date = page.fetched_at
    if page.url:
        record.headers.append("WARC-Target-URI", page.url)
    return record


def _kept_name(name: str) -> str:
    return _ASIDE + name if name in _TRANSFER else name


def _one_line(value: str) -> str:
    return " ".join(value.splitlines())


def _json(value: Candidate | dict[str, str | None]) -> str:
    """Return JSON in ASCII: a WARC field is one line."""
    # `asdict` copies what is in the fields, at several times the price.
    return json.dumps(
        {name: getattr(value, name) for name in value.__slots__} if isinstance(value, Candidate) else value
    )


def _page(record: WarcRecord) -> Page | None:
    if record.record_type == WarcRecordType.conversion:
        return Page(
            url=record.headers.get("WARC-Target-URI"),
            body=_body(record),
            fetched_at=record.record_date,
            status=None,
            media="text",
        )
    status = record.http_headers.status_code if record.is_http and record.http_headers else None
    if record.record_type != WarcRecordType.response or status is None or not 200 <= status < 300:
        return None
    headers = [
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in record.http_headers.items_bytes()
    ]
    return Page(
        url=record.headers.get("WARC-Target-URI"),
        body=_decoded(_body(record), headers),
        fetched_at=record.record_date,
        status=status,
        headers=_given_back(headers),
        candidate=_candidate(record),
        is_truncated="WARC-Truncated" in record.headers,
        rights=json.loads(record.headers.get(_RIGHTS) or "{}"),
    )


def _body(record: WarcRecord) -> bytes:
    """Return the bytes of a record. Raises ValueError where the file ends first."""
    body: bytes = record.reader.read(MAX_BODY_BYTES)
    if len(body) < min(record.content_length, MAX_BODY_BYTES):
        raise ValueError("its last record is cut short")
    return body


def _candidate(record: WarcRecord) -> Candidate | None:
    text = record.headers.get(_CANDIDATE)
    return Candidate(**json.loads(text)) if text else None


def _given_back(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers as they came; the length that was written for readers of the file is left out."""
    kept = headers[:-1] if headers and headers[-1][0] == "content-length" else headers
    return [
        (name.removeprefix(_ASIDE) if name[len(_ASIDE) :] in _TRANSFER else name, value)
        for name, value in kept
    ]


def _decoded(body: bytes, headers: list[tuple[str, str]]) -> bytes:
    """Undo the codings that another crawler's record names; a record that names one it does not have is taken as it is."""
    named = [
        value.lower()
        for key in ("transfer-encoding", "content-encoding")
        for name, value in headers
        if name == key
    ]
    for coding in (part.strip() for value in named for part in reversed(value.split(","))):
        reader = _DECODERS.get(coding)
        if reader is None:
            continue
        try:
            body = reader(io.BytesIO(body)).read(MAX_BODY_BYTES)
        except OSError:
            continue
    return body
