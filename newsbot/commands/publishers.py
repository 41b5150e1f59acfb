"""`scrapy publishers`: lists the publishers with their health, checks their files, probes their sites, shows what was learned."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from newsbot import publishers
from newsbot.clean.boilerplate import Lesson, Sightings
from newsbot.commands.crawl import status_of
from newsbot.commands.errands import run_errands
from newsbot.commands.frozen import check_frozen
from newsbot.commands.health import Health, health_of
from newsbot.commands.probe import Probe
from newsbot.commands.usage import refuse_in_one_line
from newsbot.exceptions import NewsbotError, UsageError
from newsbot.options import Options, read_options
from newsbot.outcomes import ExitStatus
from newsbot.publishers.rules import check
from newsbot.state import State

_COLOURS = {
    "healthy": "green",
    "quiet": "green",
    "never run": "dim",
    "broken": "red",
    "blocked": "red",
    "changed": "yellow",
}
# Texts learned as boilerplate that are shown at most.
SHOWN = 200


class Command(ScrapyCommand):
    """Lists, checks, probes."""

    requires_project = True

    def syntax(self) -> str:
        """Return the words after the command."""
        return "[options] [publisher …]"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "List the publishers with their health; --check their files, --live probe their sites"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        super().add_options(parser)
        refuse_in_one_line(parser)
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--check", action="store_true", help="check all publisher files and frozen pages, offline"
        )
        one.add_argument(
            "--live", action="store_true", help="ask robots.txt, sources and one article of each, civilly"
        )
        one.add_argument(
            "--learned", metavar="NAME", help="what was learned as boilerplate of this publisher"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document, for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do what was asked, print it, set the exit status."""
        assert self.settings is not None
        try:
            options = read_options(self.settings.get)
            names = choose(args, options)
            if opts.check:
                self.exitcode = self._check(options, as_json=opts.json)
            elif opts.live:
                self.exitcode = self._live(names, options, as_json=opts.json)
            elif opts.learned:
                show_learned(learned(opts.learned, options), as_json=opts.json)
            else:
                show_health([health_of(name, options) for name in names], as_json=opts.json)
        except NewsbotError as error:
            print(f"newsbot: {error}", file=sys.stderr)
            self.exitcode = status_of(error)

    def _check(self, options: Options, *, as_json: bool) -> ExitStatus:
        folders = [*map(Path, options.publishers), publishers.SHIPPED]
        found = [str(problem) for problem in check(folders, options.variables())]
        found += [
            line
            for folder in map(Path, options.publishers)
            for line in check_frozen(folder / "pages", options)
        ]
        if as_json:
            print_json({"problems": found})
        else:
            count = len(publishers.names(options.publishers))
            print(
                "\n".join([*found, f"{count} publisher files, {len(found)} problem{'s' * (len(found) != 1)}"])
            )
        return ExitStatus.BAD_USAGE if found else ExitStatus.DONE

    def _live(self, names: Sequence[str], options: Options, *, as_json: bool) -> ExitStatus:
        probes = [Probe(publishers.load(name, options.publishers, options.variables())) for name in names]
        run_errands(self.crawler_process, [(probe.publisher, probe.visit) for probe in probes], options)
        if as_json:
            print_json([probe.as_json() for probe in probes])
        else:
            for probe in probes:
                show_probe(probe, Console(soft_wrap=True))
        fine = sum(probe.is_fine for probe in probes)
        if fine == len(probes):
            return ExitStatus.DONE
        return ExitStatus.PARTLY_FAILED if fine or len(probes) == 1 else ExitStatus.BROKEN


def choose(given: Sequence[str], options: Options) -> list[str]:
    """Return the publishers named, else all, the demo only where it is served. Raises UnknownPublisher."""
    for name in given:
        if name not in publishers.names(options.publishers):
            publishers.load(name, options.publishers, options.variables())
    everyone = publishers.names(options.publishers)
    return list(given) or [name for name in everyone if name != "demo" or options.demo_url]


def learned(name: str, options: Options) -> list[Lesson]:
    """Return the texts that are removed from a publisher's articles because they recur, those on most articles first.

    Raises UsageError where nothing is known, StateError.
    """
    choose([name], options)
    if not (options.state_root / f"{name}.sqlite3").exists():
        raise UsageError(
            f"nothing is known of {name} under {options.state_root}; crawl it first, or set NEWSBOT_OUTPUT"
        )
    state = State.open(options.state_root, name, read_only=True)
    try:
        sightings = Sightings()
        sightings.merge(state.boilerplate())
    finally:
        state.close()
    return sightings.explain()


def show_learned(lessons: Sequence[Lesson], *, as_json: bool) -> None:
    """Print learned boilerplate: on how many of the articles that have the place it stood, why it goes, where, and its text."""
    if as_json:
        print_json([asdict(lesson) for lesson in lessons])
        return
    table = Table("articles", "of", "why", "place", "text", box=SIMPLE_HEAD)
    for lesson in lessons[:SHOWN]:
        place, text = Text(lesson.place[-60:]), Text(lesson.text[:160])
        table.add_row(str(lesson.pages), str(lesson.of), lesson.why, place, text)
    console().print(table)
    more = f", the first {SHOWN} shown; --json has all" if len(lessons) > SHOWN else ""
    are = "text is" if len(lessons) == 1 else "texts are"
    print(f"{len(lessons)} {are} removed{more}")


def show_health(rows: Sequence[Health], *, as_json: bool) -> None:
    """Print a line a publisher."""
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    columns = ("publisher", "country", "languages", "sources", "health", "last run", "new", "articles", "why")
    table = Table(*columns, box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(
            row.name,
            row.country or "",
            " ".join(row.languages),
            str(row.sources),
            Text(row.verdict, style=_COLOURS.get(row.verdict, "")),
            row.last_run or "",
            "" if row.new is None else str(row.new),
            "" if row.articles is None else str(row.articles),
            Text(row.reason or ""),
        )
    console().print(table)
    print(f"{len(rows)} publisher{'s' * (len(rows) != 1)}")


def show_probe(probe: Probe, console: Console) -> None:
    """Print what was found at one publisher."""
    console.print(Text(f"{probe.publisher.name}  {probe.publisher.site}", style="bold"))
    for finding in probe.findings:
        mark, style = ("ok  ", "green") if finding.is_fine else ("FAIL", "red")
        console.print(Text(f"  {mark} {finding.place:<12} {finding.url}  {finding.text}", style=style))


def console() -> Console:
    """Return a console as wide as the terminal; in a pipe wide enough for a line a row."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
