"""Cuts the site's name off a headline; used by normalize()."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_PARTED = re.compile(r"\s+[|\-–—·•»›:/~::｜－]+\s+|\s*[｜|]\s*")


def cut_site_name(headline: str, names: Iterable[str]) -> str:
    """Return the headline without a site's name behind (`… | Example News`) or before it (`Example: …`).

    `names` are what the site is called, its host too. Only whole parts that equal a name go; something always stays.
    """
    known = {fold_name(name) for name in names} - {""}
    text = headline
    for _ in range(3):
        parts = list(_PARTED.finditer(text))
        if not parts:
            return text
        if fold_name(text[parts[-1].end() :]) in known and text[: parts[-1].start()].strip():
            text = text[: parts[-1].start()].strip()
        elif fold_name(text[: parts[0].start()]) in known and text[parts[0].end() :].strip():
            text = text[parts[0].end() :].strip()
        else:
            return text
    return text


@lru_cache(maxsize=2000)
def fold_name(name: str) -> str:
    """Return a name's letters and digits in lower case, without `the`, `www` and a domain's ending."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?|^the\s+", "", name.strip().casefold())
    bare = re.sub(r"\.(?:com?|org|net|info|news|tv|[a-z]{2})(?:\.[a-z]{2})?$", "", bare)
    return "".join(char for char in bare if char.isalnum())
