"""The rulebook of publisher files: what holds within each file, and between all of them. Offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from newsbot.exceptions import UsageError
from newsbot.publishers.lines import Place, line_of, spell
from newsbot.publishers.model import Publisher
from newsbot.publishers.patterns import Patterns
from newsbot.publishers.reader import Problem, examine

# Stands for a variable that is empty while the rules are checked: the demo newspaper need not be served.
_SOMEWHERE = "http://127.0.0.1:8642"


def check(folders: Sequence[Path], variables: Mapping[str, str]) -> list[Problem]:
    """Return all that is wrong in the publisher files of these folders, by file. Raises UsageError for a folder that is none."""
    problems: list[Problem] = []
    hosts: dict[str, str] = {}
    filled = {name: value or _SOMEWHERE for name, value in variables.items()}
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder of publisher files; make it or name another")
        names: dict[str, Path] = {}
        for path in sorted(folder.rglob("*.toml")):
            if path.stem in names:
                problems.append(
                    Problem(str(path), None, "", f"has the name of {names[path.stem]}; rename one")
                )
            names[path.stem] = path
            publisher, found = examine(path, filled)
            problems += found
            if publisher:
                problems += _Rules(publisher, path).broken()
                problems += _shared_host(publisher, path, hosts)
    return problems


def _shared_host(publisher: Publisher, path: Path, hosts: dict[str, str]) -> Iterator[Problem]:
    for site in (publisher.site, *publisher.other_sites):
        host = (urlsplit(site).netloc).removeprefix("www.")
        other = hosts.setdefault(host, publisher.name)
        if other != publisher.name:
            yield Problem(
                str(path), None, "site", f"{host} is the site of {other} too; merge the two or take one out"
            )


class _Rules:
    """The rules for one file that has the right form."""

    def __init__(self, publisher: Publisher, path: Path) -> None:
        self.publisher, self.path = publisher, path
        self._text = path.read_text(encoding="utf-8")

    def broken(self) -> list[Problem]:
        """Return the rules that the file breaks."""
        return [
            Problem(str(self.path), line_of(self._text, place), spell(place), remedy)
            for rule in (self._said, self._sources, self._layouts, self._patterns)
            for place, remedy in rule()
        ]

    def _said(self) -> Iterator[tuple[Place, str]]:
        """Say title, country, language and zone: without them rows have nulls, and dates a guessed zone."""
        for key in ("title", "country", "languages", "time_zone"):
            if line_of(self._text, (key,)) is None:
                yield (key,), "is missing; say it, also where it is the default"
        folder = self.path.parent.name
        if len(folder) == 2 and self.publisher.country and folder != self.publisher.country:
            yield ("country",), f"{self.publisher.country!r} lies in the folder {folder!r}; move the file"

    def _sources(self) -> Iterator[tuple[Place, str]]:
        """Name at least one source that every run reads, and each once."""
        sources = self.publisher.sources
        if not any(not source.backfill for source in sources):
            yield ("sources",), "name one that every run reads (without backfill), such as a feed"
        for index, source in enumerate(sources):
            if source.url in {other.url for other in sources[:index]}:
                yield ("sources", index, "url"), f"{source.url} is named twice; take one out"
            if source.language and source.language not in self.publisher.languages:
                yield (
                    ("sources", index, "language"),
                    f"{source.language!r} is not among languages; add it there",
                )

    def _layouts(self) -> Iterator[tuple[Place, str]]:
        """Layouts stand newest first, only the first without an end."""
        layouts = self.publisher.layouts
        for index, layout in enumerate(layouts):
            if index and layout.valid_until is None:
                yield ("layouts", index), "only the first layout has no valid_until; give its last day"
            before = layouts[index - 1].valid_until if index else None
            if before and layout.valid_until and layout.valid_until >= before:
                yield ("layouts", index, "valid_until"), "layouts stand newest first; exchange them"

    def _patterns(self) -> Iterator[tuple[Place, str]]:
        """No pattern takes in the home page: it would take in everything."""
        said = Patterns(self.publisher).verdict(self.publisher.site + "/")
        if said is True:
            yield ("article_patterns",), "the home page fits them; make them narrower"
        if said is False and not self.publisher.article_patterns:
            yield ("other_patterns",), "the home page fits them, so everything may; make them narrower"
