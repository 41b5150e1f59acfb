"""The list of nasty cases, and which URL meets which; filled by the modules beside it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from newsbot.demo.site import Site
from newsbot.demo.wire import Answer, Asked

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper

Scope = Literal["article", "feed", "sitemap", "robots", "listing", "any"]
"""Which URLs meet a case where a server is started with it."""
_PREFIX = re.compile(r"/nasty/(\w+)(/.*)")
_SCOPES: tuple[tuple[Scope, re.Pattern[str]], ...] = (
    ("article", re.compile(r"(?:/\w+)*/[a-z]+/\d{7}-[a-z0-9-]+/")),
    ("feed", re.compile(r"(?:/\w+)*/(?:rss\.xml|atom\.xml|feed\.json)")),
    ("sitemap", re.compile(r"(?:/\w+)*/(?:(?:news-)?sitemap\.xml|sitemaps/.*)")),
    ("robots", re.compile(r"/robots\.txt")),
    ("listing", re.compile(r"/|/[a-z]+/(?:page/\d+/)?|/(?:tag|authors|archive)/.*")),
)


class UnknownCase(ValueError):
    """Raised when a nasty case is asked for that there is not, from `case`."""


@dataclass(slots=True)
class Visit:
    """A request that meets a nasty case."""

    asked: Asked
    """The request as if there were no prefix."""
    sent: Asked
    """The request as it came."""
    site: Site
    writer: asyncio.StreamWriter
    """For what no answer can say; a case that wrote to it returns None."""
    wrongs: Wrongs

    @property
    def paper(self) -> Newspaper:
        """The newspaper."""
        return self.site.paper

    @property
    def prefix(self) -> str:
        """What stands before the path, such as /nasty/slow_body; empty where the server is nasty everywhere."""
        return self.sent.path.removesuffix(self.asked.path)

    def usual(self) -> Answer:
        """Return what the newspaper answers while it behaves."""
        return self.site.answer(self.asked.path)

    def times(self) -> int:
        """Count and return how often this URL was asked for, 1 the first time."""
        self.wrongs.visits[self.sent.path] = self.wrongs.visits.get(self.sent.path, 0) + 1
        return self.wrongs.visits[self.sent.path]


Act = Callable[[Visit], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class Case:
    """One way to be nasty."""

    name: str
    scope: Scope
    act: Act
    """Returns what to answer, or None where it has dealt with the connection itself, which then closes."""

    @property
    def says(self) -> str:
        """What it does, in one line."""
        return (self.act.__doc__ or "").strip().splitlines()[0]


CASES: dict[str, Case] = {}


def nasty(scope: Scope = "article") -> Callable[[Act], Act]:
    """Register a function as the case of its name."""

    def register(act: Act) -> Act:
        name: str = act.__name__
        if name in CASES:
            raise ValueError(f"two nasty cases are called {name}")
        CASES[name] = Case(name, scope, act)
        return act

    return register


def case(name: str) -> Case:
    """Return the case of a name. Raises UnknownCase."""
    if name not in CASES:
        raise UnknownCase(f"no nasty case {name!r}; `python -m newsbot.demo --nasty list` names them")
    return CASES[name]


@dataclass
class Wrongs:
    """Which URLs meet which case."""

    asked_for: str | Iterable[str] | Mapping[str, float] = ()
    at: dict[str, str] = field(default_factory=dict)
    """Path -> case."""
    pause: float = 2.0
    """Seconds between the pieces of a slow answer; before a late one ten times that."""
    visits: dict[str, int] = field(default_factory=dict)
    """Path -> how often it was asked for, for cases that change their mind."""

    def __post_init__(self) -> None:
        self._everywhere = [(case(name), share) for name, share in _shares(self.asked_for)]

    def met(self, path: str) -> tuple[str, str]:
        """Return the case that a path meets and the path without prefix; the name is empty where it meets none."""
        match = _PREFIX.fullmatch(path)
        if match and match[1] in CASES:
            return match[1], match[2]
        if path in self.at:
            return self.at[path], path
        for met, share in self._everywhere:
            if _is_in(met.scope, path) and crc32(f"{met.name} {path}".encode()) < share * (1 << 32):
                return met.name, path
        return "", path


def _is_in(scope: Scope, path: str) -> bool:
    return scope == "any" or any(name == scope and pattern.fullmatch(path) for name, pattern in _SCOPES)


def _shares(asked_for: str | Iterable[str] | Mapping[str, float]) -> list[tuple[str, float]]:
    """Return names and shares; `a,b:0.1` as well as a list or a mapping."""
    if isinstance(asked_for, Mapping):
        return [(name, float(share)) for name, share in asked_for.items()]
    names = asked_for.split(",") if isinstance(asked_for, str) else asked_for
    parted = (name.strip().partition(":") for name in names if name.strip())
    return [(name, _share(name, share) if share else 1.0) for name, _, share in parted]


def _share(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UnknownCase(
            f"nasty case {name}: {text!r} is no share; give a number from 0 to 1, such as {name}:0.1"
        ) from error
