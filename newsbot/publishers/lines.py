"""On which line of a TOML file a key stands, so that an error can name it; the standard parser does not say."""

from __future__ import annotations

import re

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file, such as ("sources", 1, "kind")."""

_TABLE = re.compile(r"\s*\[(\[)?\s*([A-Za-z0-9_.-]+)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(["']?)([A-Za-z0-9_-]+)\1\s*=""")


def line_of(text: str, place: Place) -> int | None:
    """Return the line (from 1) on which `place` is set, else of the nearest table around it, else None.

    Knows `[table]`, `[[array of tables]]` and `key = value`, which is what publisher files are written in.
    """
    found: dict[Place, int] = {}
    table: Place = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        head = _TABLE.match(line)
        if head:
            table = _enter(head, counts)
            found.setdefault(table, number)
            found.setdefault(table[:1], number)
            continue
        key = _KEY.match(line)
        if key:
            found.setdefault((*table, key[2]), number)
    while place and place not in found:
        place = place[:-1]
    return found.get(place)


def _enter(head: re.Match[str], counts: dict[str, int]) -> Place:
    name = head[2]
    if not head[1]:
        return tuple(name.split("."))
    counts[name] = counts.get(name, -1) + 1
    return (name, counts[name])


def spell(place: Place) -> str:
    """Return a place as people write it: `sources[2].kind`, counted from 1."""
    parts: list[str] = []
    for part in place:
        parts.append(f"[{part + 1}]" if isinstance(part, int) else f".{part}" if parts else part)
    return "".join(parts)
