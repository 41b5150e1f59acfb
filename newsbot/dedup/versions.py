"""Whether a fetched article is new, changed or the same as its last version, from fingerprints alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared between two versions of an article."""

    page_hash: str | None
    """Hash of headline and body as single-page extraction gave them, before learned boilerplate was taken out."""
    headline_hash: str | None
    sketch: str | None
    """Hex of the body's near-duplicate sketch."""
    extractor_version: str | None


def judge(known: Fingerprint | None, fresh: Fingerprint, small_change: Callable[[str, str], bool]) -> str | None:
    """Return what is new in `fresh`: first, headline, body, minor or reprocessed; None where it is the same as `known`.

    A difference under another extractor version is reprocessed: it cannot be told from an edit of the publisher's.
    `small_change(old_sketch, new_sketch)` tells a typo's worth of change from a real one.
    """
    if known is None:
        return "first"
    if known.page_hash == fresh.page_hash:
        return None
    if known.extractor_version != fresh.extractor_version:
        return "reprocessed"
    if known.headline_hash != fresh.headline_hash:
        return "headline"
    if known.sketch and fresh.sketch and small_change(known.sketch, fresh.sketch):
        return "minor"
    return "body"
