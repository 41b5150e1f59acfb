"""Reads an article off a page: decode, parse once, metadata, blocks; a pure function of page and publisher."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from newsbot import __version__
from newsbot.extract.body import Parsed, read_body
from newsbot.extract.decode import decode
from newsbot.extract.kind import classify
from newsbot.extract.layouts import choose_layout, remove_declared
from newsbot.extract.marked import Marked
from newsbot.extract.metadata import read_metadata
from newsbot.extract.tree import parse, walk
from newsbot.items import Article, Page
from newsbot.publishers.model import Publisher


def extract(page: Page, publisher: Publisher) -> Article:
    """Return what a page says: metadata as found, and its blocks, each kept or dropped with the reason.

    Raises UnreadablePage where the bytes are empty or no text.
    """
    article = _read_text(page, publisher) if page.media == "text" else _read_html(page, publisher)
    article.extractor_version = extractor_version()
    return article


def _read_html(page: Page, publisher: Publisher) -> Article:
    decoded = decode(page)
    parser = parse(decoded.in_utf8)
    layout = choose_layout(parser, publisher.layouts, page.fetched_at.date())
    if layout is not None:
        remove_declared(parser, layout)
    tree = walk(parser)
    marked = Marked(parser, tree)
    article = read_metadata(marked, page, layout)
    article.replacement_characters = decoded.replacements
    read_body(Parsed(parser, tree, marked.statements), article, layout)
    classify(article, marked)
    return article


def _read_text(page: Page, publisher: Publisher) -> Article:
    from newsbot.extract.text import read_text  # noqa: PLC0415 - dumps are rare: their rules are loaded when one comes

    return read_text(page, publisher)


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """Return newsbot's version and a hash of the code, phrases and model that decide what a page says."""
    digest = hashlib.blake2b(digest_size=4)
    for stage in ("extract", "clean", "normalize"):
        for name, content in sorted(_sources(files("newsbot").joinpath(stage), stage)):
            digest.update(name.encode() + b"\0" + content + b"\0")
    return f"{__version__}+{digest.hexdigest()}"


def _sources(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith("_"):
            found += _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith((".py", ".toml", ".json", ".npz")):
            found.append((f"{name}/{entry.name}", entry.read_bytes()))
    return found
