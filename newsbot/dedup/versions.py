"""Whether a fetched article is new, changed or the same as its last version, from fingerprints alone."""

from __future__ import annotations

from newsbot.dedup.exact import fold, hash_folded
from newsbot.dedup.near import sketch_folded, small_change
from newsbot.items import Article, Fingerprint


def fingerprint(article: Article) -> Fingerprint:
    """Return what tells this version of the article from others; about 0.2 ms for 1,000 words."""
    headline = fold(article.headline or "")
    body = fold(article.body or "") if article.folded is None else article.folded
    return Fingerprint(
        page_hash=hash_folded(headline, body),
        headline_hash=hash_folded(headline, ""),
        sketch=sketch_folded(body).hex() if article.body else None,
        extractor_version=article.extractor_version,
    )


def judge(known: Fingerprint | None, fresh: Fingerprint) -> str | None:
    """Return what is new in `fresh`: first, headline, body, minor or reprocessed; None where it is the same as `known`.

    A difference under another extractor version is reprocessed: it cannot be told from an edit of the publisher's.
    """
    if known is None:
        return "first"
    if known.page_hash == fresh.page_hash:
        return None
    if known.extractor_version != fresh.extractor_version:
        return "reprocessed"
    # Without a hash it was removed, and is back.
    if known.page_hash is not None and known.headline_hash != fresh.headline_hash:
        return "headline"
    if (
        known.sketch
        and fresh.sketch
        and small_change(bytes.fromhex(known.sketch), bytes.fromhex(fresh.sketch))
    ):
        return "minor"
    return "body"
