"""`scrapy extract URL_OR_FILE`: shows what extraction sees: each field with its provenance, each block kept or dropped and why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

from newsbot import publishers
from newsbot.archive import pages
from newsbot.chain import read
from newsbot.commands.crawl import status_of
from newsbot.commands.fetch_one import fetch
from newsbot.commands.usage import refuse_in_one_line
from newsbot.exceptions import InputError, NewsbotError, UnreadablePage, UsageError
from newsbot.items import Article, Page
from newsbot.options import Options, read_options
from newsbot.publishers.model import Publisher
from newsbot.spiders.replay import MAX_BYTES, TEXT, WARC, read_bytes

STDIN = "-"
UNKNOWN = "unknown"
"""Name of the publisher of a page that names no address."""
WIDTH = 160
"""Columns where the output is no terminal: a pipe or a file has no width of its own."""
WIDE = 120
"""Columns from which on a block's place is shown too."""
SHOWN = 300
"""Characters of a block that are shown; `--json` has all."""
# Working values that say nothing to a person.
_HIDDEN = {
    "blocks",
    "problems",
    "counters",
    "provenance",
    "page",
    "fingerprint",
    "date_candidates",
    "credited",
    "site_names",
    "locale",
    "packed",
    "sighted",
}


class Command(ScrapyCommand):
    """Reads one page and shows what came of it."""

    requires_project = True

    def syntax(self) -> str:
        """Return the words after the command."""
        return "[options] <URL, file or - >"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Show what extraction sees on one page"

    def long_desc(self) -> str:
        """Return the text of `scrapy extract --help`."""
        return (
            "Read one page (a web address, a saved page, a plain-text dump that ends in .txt, one page of a WARC or WET"
            " file, or what comes on standard input) and show every field with where it came from, and every block of"
            " the page with why it was kept or dropped. Nothing is written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        super().add_options(parser)
        refuse_in_one_line(parser)
        parser.add_argument(
            "--publisher", metavar="NAME", help="read it as this publisher's; else by its address"
        )
        parser.add_argument(
            "--url",
            metavar="URL",
            help="the address that a file was saved from, or which page of a WARC file",
        )
        parser.add_argument("--text", action="store_true", help="it is plain text, whatever its name")
        parser.add_argument("--json", action="store_true", help="one JSON document, for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the page, print it, set the exit status."""
        if len(args) != 1:
            raise ScrapyUsageError("name one URL or file, or - for standard input")
        assert self.settings is not None
        try:
            options = read_options(self.settings.get)
            page = self._page(args[0], opts, options)
            publisher, article = read_as(page, opts.publisher, options)
        except UnreadablePage as error:
            # The chain knows a page by its address only; a file without one has a name.
            print(f"newsbot: {str(error).replace('the page', args[0], 1)}", file=sys.stderr)
            self.exitcode = status_of(error)
            return
        except NewsbotError as error:
            print(f"newsbot: {error}", file=sys.stderr)
            self.exitcode = status_of(error)
            return
        if opts.json:
            sys.stdout.buffer.write(orjson.dumps(as_json(article), option=orjson.OPT_INDENT_2) + b"\n")
            return
        show(article, publisher, Console(width=None if sys.stdout.isatty() else WIDTH))

    def _page(self, place: str, opts: argparse.Namespace, options: Options) -> Page:
        if place.startswith(("http://", "https://")):
            assert self.crawler_process is not None
            return fetch(self.crawler_process, place, opts.publisher, options)
        if place.endswith(WARC):
            return pick(pages(find_file(place)), place, opts.url)
        return Page(
            url=opts.url,
            body=read_stdin() if place == STDIN else read_bytes(find_file(place)),
            fetched_at=datetime.now(UTC),
            status=None,
            media="text" if opts.text or place.endswith(TEXT) else "html",
        )


def find_file(place: str) -> Path:
    """Return the path of a file that is there. Raises InputError."""
    path = Path(place)
    if path.is_dir():
        raise InputError(f"{place} is a folder; name one file in it, or read all with `scrapy crawl replay`")
    if not path.exists():
        raise InputError(
            f"{place} is no file and no web address; give a saved page or a URL that begins with https://"
        )
    return path


def read_stdin() -> bytes:
    """Return what comes on standard input. Raises InputError where that is too much for a page."""
    body = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise InputError(f"standard input holds more than {MAX_BYTES} bytes, too much for a page")
    return body


def pick(found: Iterator[Page], place: str, url: str | None) -> Page:
    """Return the page with an address out of a WARC file, or the only one in it. Raises InputError."""
    first, count = None, 0
    for page in found:
        if url is not None and page.url == url:
            return page
        first, count = first or page, count + 1
    if first is None:
        raise InputError(f"{place} holds no page; give a WARC or WET file with responses")
    if url is not None:
        raise InputError(f"{place} holds no page {url} among its {count}; its first is {first.url}")
    if count > 1:
        raise InputError(f"{place} holds {count} pages; name one by --url, such as {first.url}")
    return first


def read_as(page: Page, name: str | None, options: Options) -> tuple[Publisher, Article]:
    """Return whose page it is and the article on it.

    The publisher is the one named, else the one of the page's address, which a saved page without one declares itself.
    """
    variables = options.variables()
    if name:
        publisher = publishers.load(name, options.publishers, variables)
    elif page.url:
        publisher = publishers.for_site(page.url, options.publishers, variables)
    else:
        publisher = Publisher(name=UNKNOWN, site="")
    article = read(page, publisher)
    if publisher.name == UNKNOWN and article.url:
        with suppress(UsageError):
            publisher = publishers.for_site(article.url, options.publishers, variables)
            article = read(page, publisher)
    return publisher, article


def as_json(article: Article) -> dict[str, Any]:
    """Return fields with provenance, problems, counters and blocks as JSON values."""
    values = {
        field.name: getattr(article, field.name) for field in fields(article) if field.name not in _HIDDEN
    }
    return {
        "fields": {
            name: {"value": value, "provenance": article.provenance.get(name)}
            for name, value in values.items()
        },
        "problems": [{"field": field, "reason": reason} for field, reason in article.problems],
        "counters": article.counters,
        "blocks": [asdict(block) for block in article.blocks],
    }


def show(article: Article, publisher: Publisher, console: Console) -> None:
    """Print a summary, fields, problems and blocks; in colour on a terminal."""
    kept = sum(block.kept for block in article.blocks)
    by = article.provenance.get("body", "rules")
    console.print(
        Text(f"{article.kind} of publisher {publisher.name}: ", style="bold").append(
            f"{article.word_count or 0} words, {kept} of {len(article.blocks)} blocks kept by {by}",
            style="not bold",
        )
    )
    console.print(_fields(article))
    for name, reason in article.problems:
        console.print(Text(f"problem  {name}: {reason}", style="yellow"))
    console.print(_blocks(article, is_wide=console.width >= WIDE))


def _fields(article: Article) -> Table:
    table = Table("field", "value", "provenance", box=SIMPLE_HEAD)
    table.columns[1].overflow = "fold"
    for field in fields(article):
        value = getattr(article, field.name)
        if field.name in _HIDDEN or field.name == "body" or value in (None, "", [], {}):
            continue
        table.add_row(field.name, Text(_spelled(value)), article.provenance.get(field.name, ""))
    return table


def _spelled(value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {part}" for key, part in value.items() if part)
    if isinstance(value, list):
        parts = [_spelled(part) for part in value]
        return "\n".join(parts) if any("\n" in part or len(part) > 40 for part in parts) else ", ".join(parts)
    return str(value)


def _blocks(article: Article, *, is_wide: bool) -> Table:
    """Return the blocks in the page's order: kept ones with their role, dropped ones with the reason."""
    table = Table("", "score", "as", box=SIMPLE_HEAD)
    if is_wide:
        table.add_column("place", max_width=40)
    table.add_column("text", overflow="fold")
    for block in article.blocks:
        score = "" if block.score is None else f"{block.score:.2f}"
        row: list[str | Text] = [
            "+" if block.kept else "-",
            score,
            block.role if block.kept else block.reason or "",
        ]
        if is_wide:
            row.append(Text(_end(block.path)))
        text = (
            block.text
            if len(block.text) <= SHOWN
            else f"{block.text[:SHOWN]} … ({len(block.text)} characters)"
        )
        table.add_row(*row, Text(text), style="green" if block.kept else "dim")
    return table


def _end(path: str) -> str:
    """Return the last two steps of a place, which tell it best."""
    return ">".join(path.split(">")[-2:])[-60:]
