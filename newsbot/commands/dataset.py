"""`scrapy dataset ACTION`: look into the dataset, ask it in SQL, export it, and keep it in shape."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

import newsbot.dataset
from newsbot.commands import tables, upkeep
from newsbot.commands.crawl import status_of
from newsbot.commands.usage import name_unknown_settings, refuse_in_one_line
from newsbot.dataset.dictionary import dictionary
from newsbot.dataset.export import FORMATS, whole_file
from newsbot.dataset.lake import sync
from newsbot.dataset.reader import Rows
from newsbot.dataset.summary import summarize
from newsbot.dataset.views import query
from newsbot.exceptions import NewsbotError, UsageError
from newsbot.options import Options, read_options
from newsbot.outcomes import ExitStatus

# Rows that a table on the terminal shows; every other format has all.
SHOWN = 40
_SHOWN_BY_LATEST = ["date_published", "publisher", "headline", "url"]


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the command."""

    run: Callable[[Options, list[str], argparse.Namespace], ExitStatus | None]
    """Called with the settings, the words after the action and the options; returns an exit status, None for done."""
    options: frozenset[str]
    """The options it takes."""
    words: int = 0
    """How many words it takes."""


class Command(ScrapyCommand):
    """Acts on the dataset under NEWSBOT_OUTPUT."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return the words after the command."""
        return f"[options] {' | '.join(ACTIONS)} …"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Look into the dataset, ask it in SQL, export it, keep it in shape"

    def long_desc(self) -> str:
        """Return what `scrapy dataset --help` says."""
        return __doc__.splitlines()[0] + " See docs/DATASET.md."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        super().add_options(parser)
        refuse_in_one_line(parser)
        add = parser.add_argument
        add(
            "--format",
            choices=["table", *FORMATS, "delta"],
            help="sql and latest: table (default), csv, jsonl or parquet; export: csv, jsonl, parquet or delta",
        )
        add("--to", metavar="FILE", help="write the result of sql or latest there instead of the terminal")
        add("--overwrite", action="store_true", help="replace the file if it is there")
        add(
            "--spreadsheet",
            action="store_true",
            help="CSV that a spreadsheet opens safely: no text is taken for a formula",
        )
        add("--columns", metavar="A,B", help="only these columns")
        add("--since", metavar="DAY", help="from this day on, YYYY-MM-DD")
        add("--until", metavar="DAY", help="up to this day, which is included")
        add(
            "--publisher",
            metavar="NAME",
            action="append",
            help="only this publisher; may be given several times",
        )
        add("--versions", action="store_true", help="export every version, not only the latest")
        add("--json", action="store_true", help="of info, schema and verify: one JSON document")
        add("--quick", action="store_true", help="verify without reading every byte")
        add(
            "--before",
            metavar="DAY",
            help="compact the days before this one, however recently they were written",
        )
        add(
            "--grace",
            metavar="DAYS",
            type=float,
            help="vacuum what was replaced this many days ago (default 7)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Act, print, set the exit status."""
        assert self.settings is not None
        name_unknown_settings(opts.set)
        if not args or args[0] not in ACTIONS:
            raise ScrapyUsageError(f"name one action: {', '.join(ACTIONS)}")
        try:
            options = read_options(self.settings.get)
            action = chosen(args, opts)
            self.exitcode = action.run(options, args[1:], opts) or ExitStatus.DONE
        except NewsbotError as error:
            print(f"newsbot: {error}", file=sys.stderr)
            self.exitcode = status_of(error)
        except BrokenPipeError:
            # The reader at the other end (head, less) has seen enough.
            sys.stdout = None


def chosen(args: list[str], opts: argparse.Namespace) -> Action:
    """Return the action named. Raises UsageError for words or options that it does not take."""
    name, action = args[0], ACTIONS[args[0]]
    words = args[1:]
    if len(words) != action.words or any(word.startswith("--") for word in words):
        wanted = "one word" if action.words else "no word"
        raise UsageError(
            f"{name} takes {wanted} after it, not {' '.join(words) or 'none'!r}; see scrapy dataset --help"
        )
    for given in _OPTIONS - action.options:
        if getattr(opts, given, None) not in (None, False):
            raise UsageError(f"{name} takes no --{given}; see scrapy dataset --help")
    return action


def info(options: Options, _: list[str], opts: argparse.Namespace) -> None:
    """Print the dataset in numbers."""
    found = summarize(newsbot.dataset.open(options.root))
    if opts.json:
        tables.print_json(asdict(found))
    else:
        tables.show_summary(found)


def schema(_options: Options, _: list[str], opts: argparse.Namespace) -> None:
    """Print the columns."""
    columns = dictionary()
    if opts.json:
        tables.print_json([asdict(column) for column in columns])
    else:
        tables.show_columns(columns)


def latest(options: Options, _: list[str], opts: argparse.Namespace) -> None:
    """Print the newest articles."""
    dataset = newsbot.dataset.open(options.root)
    rows = dataset.latest(opts.since, opts.until, opts.publisher)
    names = _columns(opts, dataset.schema.names)
    if opts.format in (None, "table") and not opts.to:
        names = names or _SHOWN_BY_LATEST
        table = rows.to_arrow(list(dict.fromkeys([*names, "date_published"])))
        newest = table.sort_by([("date_published", "descending")]).select(names)
        tables.show_rows(names, newest.slice(0, SHOWN).to_pylist(), more=newest.num_rows > SHOWN)
    else:
        _write(_Scanned(rows, names), options.root, opts)


def sql(options: Options, words: list[str], opts: argparse.Namespace) -> None:
    """Answer a query."""
    with query(newsbot.dataset.open(options.root), words[0]) as batches:
        if opts.format in (None, "table") and not opts.to:
            tables.show_batches(batches, SHOWN)
        else:
            _write(batches, options.root, opts)


def export(options: Options, words: list[str], opts: argparse.Namespace) -> None:
    """Write the dataset, or part of it, to one file; or bring a Delta Lake table up to it."""
    if opts.format == "delta":
        _sync(options, words[0], opts)
        return
    dataset = newsbot.dataset.open(options.root)
    take = dataset.versions if opts.versions else dataset.latest
    rows = take(opts.since, opts.until, opts.publisher)
    opts.to = words[0]
    _write(_Scanned(rows, _columns(opts, dataset.schema.names)), options.root, opts)


def _sync(options: Options, target: str, opts: argparse.Namespace) -> None:
    given = [name for name in sorted(_OPTIONS - {"format"}) if getattr(opts, name, None) not in (None, False)]
    if given:
        raise UsageError(f"--format delta takes the whole dataset, every version: no --{given[0]}")
    done = sync(options.root, target)
    anew = f", {done.replaced_days} days written anew" if done.replaced_days else ""
    print(
        f"{done.rows} rows of {done.manifests} commits brought to {target}{anew}; its version is {done.version}"
    )


class _Scanned:
    """Rows as batches, in order of day, file and row."""

    def __init__(self, rows: Rows, columns: list[str] | None) -> None:
        # 1,000 rows of 5 kB a batch, and one batch read ahead: some 30 MB held.
        self._scanner = rows.arrow.scanner(
            columns=columns, batch_size=1000, batch_readahead=1, fragment_readahead=1
        )
        self.schema = self._scanner.projected_schema

    def __iter__(self) -> Iterator[Any]:
        return iter(self._scanner.to_reader())


def _write(batches: Any, root: str, opts: argparse.Namespace) -> None:
    kind = opts.format or Path(opts.to).suffix.lstrip(".")
    if kind == "delta":
        raise UsageError("--format delta is for export")
    if kind not in FORMATS:
        raise UsageError(
            f"cannot tell the format of {opts.to}; end it in .csv, .jsonl or .parquet, or give --format"
        )
    if opts.spreadsheet and kind != "csv":
        raise UsageError(f"--spreadsheet is for csv, not {kind}")
    extra = {"spreadsheet": True} if opts.spreadsheet else {}
    with _target(root, opts) as file:
        rows = FORMATS[kind](batches, file, **extra)
    if opts.to:
        print(f"{rows} rows in {opts.to}")


@contextmanager
def _target(root: str, opts: argparse.Namespace) -> Iterator[BinaryIO]:
    if opts.to:
        with whole_file(Path(opts.to), root, overwrite=opts.overwrite) as file:
            yield file
    else:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()


def _columns(opts: argparse.Namespace, known: list[str]) -> list[str] | None:
    """Return the columns asked for, None for all. Raises UsageError."""
    if not opts.columns:
        return None
    names = [name.strip() for name in opts.columns.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise UsageError(f"no column {(unknown or [opts.columns])[0]!r}; `scrapy dataset schema` lists them")
    return names


_RANGE = frozenset({"since", "until", "publisher"})
_FILE = frozenset({"format", "to", "overwrite", "spreadsheet"})
_OPTIONS = _RANGE | _FILE | {"columns", "versions", "json", "quick", "before", "grace"}
ACTIONS = {
    "info": Action(info, frozenset({"json"})),
    "schema": Action(schema, frozenset({"json"})),
    "latest": Action(latest, _RANGE | _FILE | {"columns"}),
    "sql": Action(sql, _FILE, words=1),
    "verify": Action(upkeep.check, frozenset({"quick", "json"})),
    "repair": Action(upkeep.mend, frozenset()),
    "compact": Action(upkeep.compact, frozenset({"before"})),
    "vacuum": Action(upkeep.clear, frozenset({"grace"})),
    "export": Action(export, (_RANGE | _FILE | {"columns", "versions"}) - {"to"}, words=1),
}
