"""The registry of publishers: finds a publisher's file by name or by site, in the user's folders first, then in the package's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from newsbot.exceptions import UnknownPublisher, UsageError
from newsbot.publishers.model import Publisher
from newsbot.publishers.reader import NAME, read_file
from newsbot.urls import same_site, site_of

SHIPPED = Path(__file__).resolve().parent


def load(name: str, folders: Sequence[str], variables: Mapping[str, str]) -> Publisher:
    """Return the publisher called `name`.

    `folders`: the user's own, searched first; `variables`: what stands for `${NAME}` in a file, such as NEWSBOT_DEMO_URL. Raises
    UnknownPublisher, with near names, and PublisherFileError.
    """
    files = find(folders)
    if name not in files:
        near = get_close_matches(name, files, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise UnknownPublisher(
            f"unknown publisher {name!r}: {hint}`scrapy publishers` lists names, -a site=URL needs none"
        )
    return read_file(files[name], variables)


def for_site(url: str, folders: Sequence[str], variables: Mapping[str, str]) -> Publisher:
    """Return the publisher whose site has the registered domain of `url`, else one made up for it, named after its host.

    Raises UsageError for what is no web address, PublisherFileError.
    """
    try:
        site = site_of(url)
    except ValueError as error:
        raise UsageError(f"{error}; give an address that begins with https://") from error
    parts = urlsplit(url.strip())
    declared = {name: _sites(path, variables) for name, path in find(folders).items()}
    own = [name for name, sites in declared.items() if any(same_site(url, other) for other in sites)]
    if own:
        # Editions share a domain: the one whose host it is comes first, then the one at the domain's root.
        return load(
            min(own, key=lambda name: (_distance(parts.hostname or "", declared[name]), name)),
            folders,
            variables,
        )
    return Publisher(name=safe_name(site), site=root_of(url))


def for_spider(name: str) -> Publisher:
    """Return the publisher that a user's own spider stands for: it has a name, and declares nothing else."""
    return Publisher(name=safe_name(name), site="")


def names(folders: Sequence[str]) -> list[str]:
    """Return the names of all publishers, sorted."""
    return sorted(find(folders))


def find(folders: Sequence[str]) -> dict[str, Path]:
    """Return the file of each publisher by name; a user's file hides a shipped one of the same name. Raises UsageError."""
    found: dict[str, Path] = {}
    for folder in map(Path, [*folders, str(SHIPPED)]):
        if not folder.is_dir():
            raise UsageError(f"NEWSBOT_PUBLISHERS names {folder}, which is no folder; make it or take it out")
        for path in sorted(folder.rglob("*.toml")):
            found.setdefault(path.stem, path)
    return found


def safe_name(text: str) -> str:
    """Return a publisher name made of any text: lower-case ASCII letters, digits and hyphens; never empty."""
    name = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:60].strip("-_")
    return name if NAME.fullmatch(name) else "site"


def _distance(host: str, sites: Sequence[str]) -> int:
    hosts = [(urlsplit(site).hostname or "").removeprefix("www.") for site in sites]
    return 0 if host.removeprefix("www.") in hosts else min(site.count(".") for site in hosts)


def _sites(path: Path, variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sites that a file declares, the main one first."""
    declared = _declared(path, path.stat().st_mtime_ns)
    return tuple(re.sub(r"\$\{(\w+)\}", lambda found: variables.get(found[1], ""), site) for site in declared)


@lru_cache(maxsize=2048)
def _declared(path: Path, _changed_at: int) -> tuple[str, ...]:
    """Return the sites as written; none for a file that is broken: `load` says how, when it is asked for."""
    try:
        with path.open("rb") as file:
            given = tomllib.load(file)
    except (OSError, ValueError):
        return ()
    others = given.get("other_sites", [])
    sites = [given.get("site"), *(others if isinstance(others, list) else [others])]
    return tuple(site for site in sites if isinstance(site, str))


def root_of(url: str) -> str:
    """Return the root of a URL's site, without credentials and trailing slash."""
    parts = urlsplit(url.strip())
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"
