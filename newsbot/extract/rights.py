"""Merges what headers and meta elements say about a page's use over what was known from outside; serves metadata.py."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from newsbot.extract.declared import Declared
from newsbot.items import Page

_LINK_HEADER = re.compile(r"<([^<>]{1,2000})>\s*;\s*([^,<>]{1,500})")


def read_rights(page: Page, declared: Declared) -> dict[str, str | None]:
    """Return the rights signals by the names of Article.rights.

    Headers override robots.txt and tdmrep.json, meta elements override headers (TDMRep, section 6); of Content-Usage the most
    restrictive wins (AIPREF); a reservation that is neither 0 nor 1 counts as unset.
    """
    rights = dict(page.rights)
    stated = {
        "robots": _joined(declared.meta.get("robots")),
        "x_robots_tag": page.header("x-robots-tag"),
        "tdm_reservation": _reservation(declared.first("tdm-reservation"))
        or _reservation(page.header("tdm-reservation")),
        "tdm_policy": declared.first("tdm-policy") or page.header("tdm-policy"),
        "content_usage": _strictest(rights.get("content_usage"), page.header("content-usage")),
        "content_signal": page.header("content-signal"),
        "rsl_license": _absolute(
            next(iter(declared.links.get("license", [])), None) or _license(page.header("link")), page
        ),
    }
    rights.update({name: value for name, value in stated.items() if value})
    return rights


def _joined(values: list[str] | None) -> str | None:
    return ", ".join(dict.fromkeys(values)) if values else None


def _reservation(value: str | None) -> str | None:
    return value.strip() if value and value.strip() in ("0", "1") else None


def _strictest(*values: str | None) -> str | None:
    """Merge Content-Usage statements such as `train-ai=n, search=y`: `n` beats `y`; others are kept as said."""
    merged: dict[str, str] = {}
    for value in values:
        for part in (value or "").split(","):
            key, _, answer = part.strip().partition("=")
            if key and merged.get(key) != "n":
                merged[key] = answer
    return ", ".join(f"{key}={answer}" if answer else key for key, answer in merged.items()) or None


def _absolute(link: str | None, page: Page) -> str | None:
    try:
        return urljoin(page.url or "", link) if link else None
    except ValueError:
        return None


def _license(link: str | None) -> str | None:
    """Return the target of a Link header's licence of RSL's type."""
    for target, parameters in _LINK_HEADER.findall(link or ""):
        if re.search(r'rel="?[^";]*\blicense\b', parameters, re.IGNORECASE) and "rsl+xml" in parameters:
            return str(target)
    return None
