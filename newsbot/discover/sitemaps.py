"""Sitemaps: index or leaf, news sitemaps with title and date, plain lists; streamed, so that 50 MB need little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from newsbot.discover.feeds import read_feed
from newsbot.discover.found import MAX_ENTRIES, Announced, Further, address, raw, title
from newsbot.discover.xml import Walk, refuse_what_is_no_source, unpack
from newsbot.exceptions import UnreadableSource
from newsbot.items import Candidate
from newsbot.publishers.model import Source

# Elements of an entry that are read, by the element around them: `image:loc` and `video:title` are other things.
_WANTED = {
    ("url", "loc"): "loc",
    ("url", "lastmod"): "lastmod",
    ("sitemap", "loc"): "loc",
    ("sitemap", "lastmod"): "lastmod",
    ("news", "title"): "title",
    ("news", "publication_date"): "date",
    ("news", "language"): "language",
    ("publication", "language"): "language",
}


@dataclass(slots=True)
class _Entries:
    """The entries read so far and not yet taken."""

    source: Source
    url: str
    root: str = ""
    count: int = 0
    ready: list[Announced] = field(default_factory=list)
    entry: dict[str, str] = field(default_factory=dict)

    def close(self, path: tuple[str, ...], text: str) -> None:
        """Take in an element that ends."""
        self.root = self.root or path[0]
        if path[-1] in {"url", "sitemap"} and len(path) == 2:
            self._finish(path[-1])
            return
        name = _WANTED.get(path[-2:])  # type: ignore[arg-type]
        if name and text:
            self.entry.setdefault(name, text)

    def _finish(self, kind: str) -> None:
        entry, self.entry = self.entry, {}
        url = address(entry.get("loc"), self.url)
        if url is None:
            return
        self.count += 1
        if self.count > MAX_ENTRIES:
            raise UnreadableSource(f"holds more than {MAX_ENTRIES} entries; the rest was left")
        if kind == "sitemap":
            self.ready.append(Further(replace(self.source, url=url), raw(entry.get("lastmod"))))
            return
        self.ready.append(
            Candidate(
                url=url,
                headline=title(entry.get("title")),
                date_published_raw=raw(entry.get("date")),
                date_modified_raw=raw(entry.get("lastmod")),
                in_language=entry.get("language") or self.source.language,
            )
        )


def read_sitemap(body: bytes, url: str, source: Source) -> Iterator[Announced]:
    """Yield what a sitemap at `url` announces: candidates, and the sitemaps of an index as further sources of the same kind.

    Raises UnreadableSource for what is no sitemap, after yielding what came before the fault: a sitemap cut in transfer gives its
    first half.
    """
    chunks = unpack(body)
    head = next(chunks, b"")
    refuse_what_is_no_source(head, "a sitemap")
    if _is_list(head):
        yield from _read_list(head, chunks, url, source)
        return
    entries = _Entries(source, url)
    walk = Walk(entries.close, "a sitemap")
    try:
        for chunk in _chain(head, chunks):
            walk.feed(chunk)
            yield from _taken(entries)
        walk.feed(b"", last=True)
    except UnreadableSource:
        yield from _taken(entries)
        raise
    if entries.root in {"rss", "feed", "rdf"}:
        # The protocol lets a feed stand in for a sitemap.
        yield from read_feed(body, url, source)
    elif entries.root not in {"urlset", "sitemapindex"} and not entries.count:
        raise UnreadableSource(f"is XML of another kind (<{entries.root}>) where a sitemap should be")


def _chain(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    # Blank lines before the XML declaration are common and harmless, but no XML.
    yield head.lstrip(b"\r\n\t \xef\xbb\xbf") if head[:3] == b"\xef\xbb\xbf" or head[:1].isspace() else head
    yield from chunks


def _taken(entries: _Entries) -> list[Announced]:
    taken, entries.ready = entries.ready, []
    return taken


def _is_list(head: bytes) -> bool:
    """Whether the bytes are the protocol's plain form: an address a line."""
    return head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:8].lower().startswith((b"http://", b"https://"))


def _read_list(head: bytes, chunks: Iterator[bytes], url: str, source: Source) -> Iterator[Announced]:
    rest, count = b"", 0
    for chunk in _chain(head, chunks):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield from _line(line, url, source)
            count += 1
            if count > MAX_ENTRIES:
                raise UnreadableSource(f"holds more than {MAX_ENTRIES} lines; the rest was left")
    yield from _line(rest, url, source)


def _line(line: bytes, url: str, source: Source) -> Iterator[Announced]:
    text = line.decode("utf-8", "replace").strip()
    found = address(text, url) if text.startswith(("http://", "https://")) else None
    if found:
        yield Candidate(url=found, in_language=source.language)
