"""Cleans spooled rows once more with what the run has learned since: the last look before a batch is committed."""

from __future__ import annotations

from typing import Any

import orjson

from newsbot.clean.boilerplate import Learned, remove_learned
from newsbot.dedup.exact import content_hash
from newsbot.items import Article, Block
from newsbot.normalize.text import count_words, fold_paragraphs


def pack_blocks(article: Article) -> bytes:
    """Return the kept blocks of an article as bytes that travel with its spooled row."""
    return orjson.dumps(
        [[block.text, block.tag, block.path, block.role] for block in article.blocks if block.kept]
    )


def reclean(row: dict[str, Any], packed: bytes, learned: Learned) -> dict[str, Any]:
    """Take learned boilerplate out of a spooled row; the row is returned as it is where there is none."""
    if not packed:
        return row
    blocks = [
        Block(text=text, tag=tag, path=path, role=role) for text, tag, path, role in orjson.loads(packed)
    ]
    removed = remove_learned(blocks, learned)
    if not removed:
        return row
    body = without(row["body"], {fold_paragraphs(block.text) for block in blocks if not block.kept})
    return {
        **row,
        "body": body,
        "word_count": count_words(body),
        "content_hash": content_hash(row["headline"], body),
    }


def without(body: str | None, gone: set[str | None]) -> str | None:
    """Return a body without the paragraphs `gone`, both normalised; None where nothing is left."""
    return "\n\n".join(part for part in (body or "").split("\n\n") if part not in gone) or None
