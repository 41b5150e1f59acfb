"""Divides registered domains into folds for cross-validation; used by whatever trains."""

from __future__ import annotations

import hashlib

FOLDS = 5


def fold_of(domain: str, folds: int = FOLDS, division: int = 0) -> int:
    """Return a domain's fold in one division of the domains: the same in every run."""
    name = f"{division} {domain}" if division else domain
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16) % folds
