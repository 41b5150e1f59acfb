"""What robots.txt and tdmrep.json say: which URLs may be asked for, how often, and what is reserved. Pure; parsed by protego."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

# The product token by which groups are chosen (RFC 9309, section 2.2.1).
AGENT = "newsbot"
# Bytes that are parsed: the least that RFC 9309, section 2.5, asks for.
MAX_BYTES = 500 * 1024
# How the reason begins where a URL is not asked for because its robots.txt is unknown.
UNREAD = "robots.txt could not be read"
_GROUP_LINES = frozenset({"content-signal", "content-usage"})


@dataclass(frozen=True, slots=True)
class Robots:
    """A robots.txt, read for one agent."""

    rules: Protego
    content_signal: str | None = None
    content_usage: tuple[tuple[str, str], ...] = ()
    """(path pattern, preferences) in order."""
    rsl_license: str | None = None

    @classmethod
    def parse(cls, body: bytes) -> Robots:
        """Read a robots.txt of any bytes; what is no rule is no rule."""
        text = cut(body).decode("utf-8-sig", "replace").replace("\x00", "")
        try:
            rules = Protego.parse(text)
        except (
            ValueError,
            TypeError,
            RecursionError,
            OverflowError,
        ):  # pragma: no cover - none known; none may end a crawl
            rules = Protego.parse("")
        signals = Signals.read(text)
        return cls(rules, signals.content_signal, tuple(signals.content_usage), signals.rsl_license)

    def allows(self, url: str) -> bool:
        """Whether the URL may be asked for; longest match wins, Allow on a tie."""
        return bool(self.rules.can_fetch(url, AGENT))

    def crawl_delay(self, longest: float) -> tuple[float, bool] | None:
        """Return (seconds between requests, whether it was cut to `longest`), or None where none or rubbish is asked for."""
        try:
            seconds = float(self.rules.crawl_delay(AGENT) or 0)
        except (TypeError, ValueError):
            return None
        if not math.isfinite(seconds) or seconds <= 0:
            return None
        return min(seconds, longest), seconds > longest

    def rights(self, url: str) -> dict[str, str | None]:
        """Return what is reserved for a URL, by the names of Article.rights."""
        found = {
            "content_signal": self.content_signal,
            "content_usage": usage_of(self.content_usage, url),
            "rsl_license": self.rsl_license,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(slots=True)
class Signals:
    """The lines of a robots.txt that say how content may be used."""

    content_signal: str | None = None
    content_usage: list[tuple[str, str]] = field(default_factory=list)
    rsl_license: str | None = None

    @classmethod
    def read(cls, text: str) -> Signals:
        """Take the lines of our own group, else of `*`, and those before any group; License holds for the whole site."""
        groups: dict[str, list[tuple[str, str]]] = {}
        found = cls()
        for agents, name, value in _lines(text):
            if name == "license":
                found.rsl_license = found.rsl_license or value
            for agent in agents or [""]:
                groups.setdefault(agent, [])
                if name in _GROUP_LINES:
                    groups[agent].append((name, value))
        chosen = groups.get(AGENT, groups.get("*", []))
        said = [value for name, value in [*groups.get("", []), *chosen] if name == "content-signal"]
        found.content_signal = ", ".join(said) or None
        for name, value in [*groups.get("", []), *chosen]:
            if name == "content-usage":
                path, _, rest = value.partition(" ")
                found.content_usage.append((path, rest.strip()) if path.startswith("/") else ("/", value))
        return found


def _lines(text: str) -> Iterator[tuple[list[str], str, str]]:
    """Yield (agents of the group, name in lower case, value) of each line that has both."""
    agents: list[str] = []
    in_rules = False
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [*([] if in_rules else agents), value.lower()]
            in_rules = False
        elif name and value:
            in_rules = in_rules or name not in {"sitemap", "host", "license"}
            yield agents, name, value


def usage_of(rules: tuple[tuple[str, str], ...], url: str) -> str | None:
    """Return the preferences of the longest path pattern that matches (draft-ietf-aipref-attach, section 4)."""
    path = _path(url)
    matching = [(len(pattern), preferences) for pattern, preferences in rules if matches(pattern, path)]
    longest = max((length for length, _ in matching), default=0)
    return (
        ", ".join(dict.fromkeys(preferences for length, preferences in matching if length == longest)) or None
    )


def matches(pattern: str, path: str) -> bool:
    """Whether a path pattern with `*` and a final `$`, as robots.txt and TDMRep have them, matches a path."""
    pieces = pattern.removesuffix("$").split("*")
    expression = ".*?".join(re.escape(piece) for piece in pieces[:8])
    end = "$" if pattern.endswith("$") and len(pieces) <= 8 else ""
    return re.match(expression + end, path[:2048], re.DOTALL) is not None


def reserved(body: bytes, url: str) -> dict[str, str | None]:
    """Return tdm_reservation and tdm_policy of a URL as a tdmrep.json says it: the first location that matches (TDMRep 6.2)."""
    for rule in _locations(body):
        if matches(rule["location"], _path(url)):
            return _reservation(rule)
    return {}


@lru_cache(maxsize=16)
def _locations(body: bytes) -> tuple[dict[str, Any], ...]:
    """Return the rules of a tdmrep.json that name a location."""
    try:
        rules = json.loads(body[:MAX_BYTES])
    except (ValueError, RecursionError):
        return ()
    return tuple(
        rule
        for rule in (rules if isinstance(rules, list) else ())
        if isinstance(rule, dict) and isinstance(rule.get("location"), str)
    )


def _reservation(rule: dict[str, object]) -> dict[str, str | None]:
    value, policy = str(rule.get("tdm-reservation")), rule.get("tdm-policy")
    found: dict[str, str | None] = {"tdm_reservation": value} if value in {"0", "1"} else {}
    if isinstance(policy, str):
        found["tdm_policy"] = policy
    return found


def cut(body: bytes) -> bytes:
    """Return the first MAX_BYTES of a robots.txt, without the line that the cut went through."""
    if len(body) <= MAX_BYTES:
        return body
    head = body[:MAX_BYTES]
    end = max(head.rfind(b"\n"), head.rfind(b"\r"))
    return head[: end + 1]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


DISALLOW_ALL = Robots.parse(b"User-agent: *\nDisallow: /\n")
ALLOW_ALL = Robots.parse(b"")
