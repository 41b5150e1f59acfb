"""Reads one publisher file into a Publisher, and names what is wrong in it: file, line, key, remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbot.exceptions import PublisherFileError
from newsbot.publishers import values
from newsbot.publishers.lines import Place, line_of, spell
from newsbot.publishers.model import Budgets, Layout, Publisher, Source
from newsbot.publishers.values import Form, many

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
"""What a publisher may be called: its name stands in paths, locks, partitions and on command lines."""
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_TOP: dict[str, Form] = {
    "title": values.text,
    "country": values.country,
    "site": values.site,
    "other_sites": many(values.site),
    "languages": many(values.language),
    "time_zone": values.zone,
    "date_order": values.one_of(*values.ORDERS),
    "article_patterns": many(values.pattern),
    "other_patterns": many(values.pattern),
    "render": values.flag,
    "verify_tls": values.flag,
}
_SOURCE: dict[str, Form] = {
    "kind": values.one_of(*values.KINDS),
    "url": values.text,
    "language": values.language,
    "backfill": values.flag,
    "next_page": values.selector,
}
_SELECTORS = (
    "headline",
    "standfirst",
    "body",
    "date_published",
    "date_modified",
    "authors",
    "section",
    "keywords",
    "image",
    "remove",
)
_LAYOUT: dict[str, Form] = {"valid_until": values.day} | dict.fromkeys(_SELECTORS, many(values.selector))
_BUDGETS: dict[str, Form] = {
    "max_pages": values.count,
    "max_depth": values.count,
    "delay": values.seconds,
    "concurrency": values.count,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule; `str()` is the line a person reads."""

    path: str
    line: int | None
    key: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.key}: {self.remedy}" if self.key else f"{where}: {self.remedy}"


def read_file(path: Path, variables: Mapping[str, str]) -> Publisher:
    """Return the publisher of a file; `${NAME}` in it is what `variables` say.

    Raises PublisherFileError naming file, line, key and remedy of the first thing that is wrong.
    """
    publisher, problems = examine(path, variables)
    if problems or publisher is None:
        more = (
            f" (and {len(problems) - 1} more; `scrapy publishers --check` lists them)"
            if len(problems) > 1
            else ""
        )
        raise PublisherFileError(f"{problems[0]}{more}")
    return publisher


def examine(path: Path, variables: Mapping[str, str]) -> tuple[Publisher | None, list[Problem]]:
    """Return the publisher of a file, None where it could not be made out, and all that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [
            Problem(
                str(path), None, "", f"cannot be read as UTF-8 text ({error}); give a file that may be read"
            )
        ]
    reading = _Reading(path, text)
    try:
        given = tomllib.loads(reading.fill_in(variables))
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at and at[1] else len(text.splitlines())
        return None, [
            Problem(
                str(path), line, "", f"is no TOML: {_AT.sub('', str(error))}; see docs/ADDING_A_PUBLISHER.md"
            )
        ]
    publisher = reading.publisher(given) if not reading.problems else None
    return (None if reading.problems else publisher), reading.problems


class _Reading:
    """One file being read, and what is wrong in it so far."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.problems: list[Problem] = []

    def fill_in(self, variables: Mapping[str, str]) -> str:
        """Return the text with its `${NAME}`s filled in; those that say nothing are problems."""
        for found in _VARIABLE.finditer(self.text):
            if not variables.get(found[1]):
                line = self.text.count("\n", 0, found.start()) + 1
                remedy = f"{found[1]} is not set; set it to an address such as http://127.0.0.1:8642"
                if not any(problem.remedy == remedy for problem in self.problems):
                    self.problems.append(Problem(str(self.path), line, "", remedy))
        return _VARIABLE.sub(lambda found: variables.get(found[1], "").rstrip("/"), self.text)

    def complain(self, place: Place, remedy: str) -> None:
        """Note that something is wrong."""
        self.problems.append(Problem(str(self.path), line_of(self.text, place), spell(place), remedy))

    def publisher(self, given: dict[str, Any]) -> Publisher | None:
        """Return the publisher that the file's values make."""
        name = self.path.stem
        if not NAME.fullmatch(name):
            self.complain(
                (),
                f"the name {name!r} must be lower-case letters, digits, _ and -, 60 at most; rename the file",
            )
        sources = self.tables(given, "sources", _SOURCE)
        layouts = self.tables(given, "layouts", _LAYOUT)
        budgets = given.pop("budgets", {})
        limits = self.table(budgets, _BUDGETS, ("budgets",)) if isinstance(budgets, dict) else {}
        if not isinstance(budgets, dict):
            self.complain(("budgets",), "write it as a table: [budgets]")
        top = self.table(given, _TOP, ())
        if "site" not in given:
            self.complain(
                ("site",), 'is missing; give the root of the site: site = "https://www.example.com"'
            )
        read = [self.source(index, values_) for index, values_ in enumerate(sources)]
        if self.problems:
            return None
        return Publisher(
            name=name,
            path=str(self.path),
            sources=tuple(source for source in read if source),
            layouts=tuple(Layout(**layout) for layout in layouts),
            budgets=Budgets(**limits),
            **top,
        )

    def source(self, index: int, given: dict[str, Any]) -> Source | None:
        """Return a source, its URL of the form that its kind asks for."""
        for key in ("kind", "url"):
            if key not in given and not any(
                spell(("sources", index, key)) == found.key for found in self.problems
            ):
                self.complain(("sources", index, key), "is missing")
        if not {"kind", "url"} <= given.keys():
            return None
        form = values.template if given["kind"] == "archive" else values.web_address
        try:
            given["url"] = form(given["url"])
        except ValueError as error:
            self.complain(("sources", index, "url"), f"{given['url']!r}: {error}")
        if "next_page" in given and given["kind"] not in {"section", "archive"}:
            self.complain(
                ("sources", index, "next_page"),
                "only section and archive pages have a next page; take it out",
            )
        return Source(**given)

    def tables(self, given: dict[str, Any], name: str, forms: Mapping[str, Form]) -> list[dict[str, Any]]:
        """Return the values of an array of tables."""
        found = given.pop(name, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            self.complain((name,), f"write each as a table of its own: [[{name}]]")
            return []
        return [self.table(table, forms, (name, index)) for index, table in enumerate(found)]

    def table(self, given: Mapping[str, Any], forms: Mapping[str, Form], place: Place) -> dict[str, Any]:
        """Return the values of one table that have the form they should."""
        read = {}
        for key, value in given.items():
            if key not in forms:
                self.complain((*place, key), f"unknown key; take {', '.join(forms)}")
                continue
            try:
                read[key] = forms[key](value)
            except ValueError as error:
                self.complain((*place, key), f"{value!r}: {error}")
        return read
