"""Reads folders of labelled pages: `truth.jsonl` beside `<id>.html.gz`; used by train, accuracy, predict and speed."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tldextract

from newsbot.items import Page

# Pages are read as if fetched now; a fixed day keeps predictions the same from run to run.
NOW = datetime(2026, 11, 24, tzinfo=UTC)
_DOMAINS = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One page and what is known of it."""

    corpus: str
    truth: dict[str, Any]
    path: Path

    @property
    def domain(self) -> str:
        """Return the registered domain: the group that cross-validation never splits."""
        url = self.truth.get("url") or ""
        return _DOMAINS(url).top_domain_under_public_suffix or urlsplit(url).netloc or self.truth["id"]

    def page(self) -> Page:
        """Return the page as if it came from its server, with the file's encoding as the declared charset."""
        charset = self.truth.get("encoding")
        headers = [("content-type", f"text/html; charset={charset}")] if charset else []
        return Page(self.truth.get("url"), gzip.decompress(self.path.read_bytes()), NOW, headers=headers)


def read_folder(folder: Path) -> list[Labelled]:
    """Return the pages of one folder, in the order of its truth.jsonl; exits with one line where there is none."""
    file = folder / "truth.jsonl"
    if not file.is_file():
        sys.exit(f"{file} is missing; name a folder that holds truth.jsonl and <id>.html.gz")
    # Not splitlines(): texts hold line separators of Unicode.
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [Labelled(folder.name, row, folder / f"{row['id']}.html.gz") for row in rows]


def read_folders(root: Path) -> list[Labelled]:
    """Return the pages of all folders below `root` that hold a truth.jsonl, in the folders' alphabetical order."""
    folders = sorted(file.parent for file in root.glob("*/truth.jsonl"))
    if not folders:
        sys.exit(f"{root} holds no folder with a truth.jsonl")
    return [page for folder in folders for page in read_folder(folder)]


def corpus_hash(root: Path) -> str:
    """Return a hash of all truth files and page sizes below a folder: tells whether figures are of the same pages."""
    digest = hashlib.blake2b(digest_size=16)
    for name, content in _contents(root):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(root.glob("*/truth.jsonl")):
        yield str(file.relative_to(root)), file.read_bytes()
        for page in sorted(file.parent.glob("*.html.gz")):
            yield page.name, str(page.stat().st_size).encode()
