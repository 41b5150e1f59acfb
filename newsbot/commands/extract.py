"""`scrapy extract URL_OR_FILE`: shows what extraction sees: each field with its provenance, each block kept or dropped and why."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

from newsbot import publishers
from newsbot.chain import read
from newsbot.commands.crawl import status_of
from newsbot.commands.fetch_one import fetch
from newsbot.exceptions import InputError, NewsbotError
from newsbot.items import Article, Page
from newsbot.options import Options, read_options
from newsbot.publishers.model import Publisher
from newsbot.spiders.replay import TEXT, read_bytes

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
}


class Command(ScrapyCommand):
    """Reads one page and shows what came of it."""

    requires_project = True

    def syntax(self) -> str:
        """Return the words after the command."""
        return "[options] <URL or file>"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Show what extraction sees on one page"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        super().add_options(parser)
        parser.add_argument(
            "--publisher", metavar="NAME", help="read it as this publisher's; else by its address"
        )
        parser.add_argument("--url", metavar="URL", help="the address that a file was saved from")
        parser.add_argument("--json", action="store_true", help="one JSON document, for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the page, print it, set the exit status."""
        if len(args) != 1:
            raise ScrapyUsageError("name one URL or file")
        assert self.settings is not None
        try:
            options = read_options(self.settings.get)
            page = self._page(args[0], opts, options)
            publisher = find_publisher(page, opts, options)
            article = read(page, publisher)
        except NewsbotError as error:
            print(f"newsbot: {error}", file=sys.stderr)
            self.exitcode = status_of(error)
            return
        if opts.json:
            sys.stdout.buffer.write(orjson.dumps(as_json(article), option=orjson.OPT_INDENT_2) + b"\n")
        else:
            show(article, Console())

    def _page(self, place: str, opts: argparse.Namespace, options: Options) -> Page:
        if place.startswith(("http://", "https://")):
            assert self.crawler_process is not None
            return fetch(self.crawler_process, place, opts.publisher, options)
        path = Path(place)
        if not path.is_file():
            raise InputError(
                f"{place} is no file and no web address; give a saved page or a URL that begins with https://"
            )
        return Page(
            url=opts.url,
            body=read_bytes(path),
            fetched_at=datetime.now(UTC),
            status=None,
            media="text" if path.name.endswith(TEXT) else "html",
        )


def find_publisher(page: Page, opts: argparse.Namespace, options: Options) -> Publisher:
    """Return the publisher named, else the one of the page's address, else one that declares nothing."""
    variables = options.variables()
    if opts.publisher:
        return publishers.load(opts.publisher, options.publishers, variables)
    if page.url:
        return publishers.for_site(page.url, options.publishers, variables)
    return Publisher(name="unknown", site="")


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


def show(article: Article, console: Console) -> None:
    """Print fields, problems and blocks as tables; in colour on a terminal."""
    table = Table("field", "value", "provenance", title="fields", title_justify="left", show_lines=False)
    for field in fields(article):
        value = getattr(article, field.name)
        if field.name in _HIDDEN or field.name == "body" or value in (None, [], {}):
            continue
        table.add_row(field.name, Text(str(value)), article.provenance.get(field.name, ""))
    console.print(table)
    for name, reason in article.problems:
        console.print(Text(f"problem  {name}: {reason}", style="yellow"))
    blocks = Table("", "role", "score", "why", "place", "text", title="blocks", title_justify="left")
    for block in article.blocks:
        style = "green" if block.kept else "dim"
        score = "" if block.score is None else f"{block.score:.2f}"
        mark = "+" if block.kept else "-"
        blocks.add_row(
            mark,
            block.role,
            score,
            block.reason or "",
            Text(_end(block.path)),
            Text(block.text[:300]),
            style=style,
        )
    console.print(blocks)


def _end(path: str) -> str:
    """Return the last two steps of a place, which tell it best."""
    return ">".join(path.split(">")[-2:])[-60:]
