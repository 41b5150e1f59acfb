"""Random numbers that depend on nothing but their names: the source of everything the demo newspaper makes up."""

from __future__ import annotations

from hashlib import blake2b
from random import Random


def draw(seed: int, purpose: str, index: int | str) -> Random:
    """Return a generator for one purpose of one thing; equal arguments give equal sequences on every machine."""
    digest = blake2b(f"{seed}/{purpose}/{index}".encode(), digest_size=8).digest()
    return Random(int.from_bytes(digest, "big"))  # noqa: S311 - made-up text, not a secret
