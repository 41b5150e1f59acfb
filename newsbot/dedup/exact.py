"""Exact identity of content: a hash of headline and body that typography, case and white space do not change."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return the text's words alone: NFKC, case folded, everything that is no letter or digit a single space."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def content_hash(headline: str | None, body: str | None) -> str | None:
    """Return 32 hex digits of headline and body, folded; None where both are empty."""
    parts = fold(headline or ""), fold(body or "")
    if not any(parts):
        return None
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
