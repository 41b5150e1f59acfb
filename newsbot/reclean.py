"""Cleans spooled rows once more with what the run has learned since: the last look before a batch is committed.

What that takes is made of an article's blocks where the page is read, in a worker: the process that fetches sees no block.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from newsbot.clean.boilerplate import Learned, Text, sighted, texts_of
from newsbot.dedup.exact import content_hash
from newsbot.items import Article
from newsbot.normalize.text import count_words, fold_paragraphs

# Bytes of a text's key, and of a key with the hash of its paragraph.
KEY_BYTES = 12
_STEP = KEY_BYTES + 8


def look_over(article: Article) -> None:
    """Fill in `packed` and `sighted` from the blocks, in place; from then on nobody needs the blocks."""
    texts = texts_of(article)
    article.packed, article.sighted = pack(texts), orjson.dumps(sighted(article, texts))


def pack(texts: Sequence[Text]) -> bytes:
    """Return the keys of the texts that are kept, each followed by a hash of the paragraph that it makes in the body."""
    kept = (text for text in texts if text.block.kept)
    return b"".join(bytes.fromhex(text.key) + _hash(fold_paragraphs(text.block.text) or "") for text in kept)


def reclean(row: Mapping[str, Any], packed: bytes, learned: Learned) -> Mapping[str, Any]:
    """Take learned boilerplate out of a spooled row; the row is returned as it is where there is none."""
    if not packed or not learned.keys:
        return row
    gone = {
        packed[at + KEY_BYTES : at + _STEP]
        for at in range(0, len(packed), _STEP)
        if packed[at : at + KEY_BYTES].hex() in learned.keys
    }
    if not gone:
        return row
    parts = (row["body"] or "").split("\n\n")
    body = "\n\n".join(part for part in parts if _hash(part) not in gone) or None
    return {
        **row,
        "body": body,
        "word_count": count_words(body),
        "content_hash": content_hash(row["headline"], body),
    }


def _hash(paragraph: str) -> bytes:
    """Return 8 bytes of a paragraph: of the few of one article, no two have the same."""
    return hashlib.blake2b(paragraph.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def without(body: str | None, gone: set[str | None]) -> str | None:
    """Return a body without the paragraphs `gone`, both normalised; None where nothing is left."""
    return "\n\n".join(part for part in (body or "").split("\n\n") if part not in gone) or None
