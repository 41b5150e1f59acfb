"""`scrapy genpublisher NAME URL`: looks at a site and writes its publisher file, frozen pages and their records for review."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

from newsbot import publishers
from newsbot.commands.crawl import status_of
from newsbot.commands.errands import run_errands
from newsbot.commands.frozen import freeze
from newsbot.commands.survey import Survey
from newsbot.commands.usage import refuse_in_one_line
from newsbot.exceptions import InputError, NewsbotError, UsageError
from newsbot.options import Options, read_options
from newsbot.outcomes import ExitStatus
from newsbot.publishers.model import Publisher
from newsbot.publishers.reader import NAME

# Where a user's publishers lie when NEWSBOT_PUBLISHERS names no folder.
FOLDER = "publishers"


class Command(ScrapyCommand):
    """Drafts a publisher."""

    requires_project = True

    def syntax(self) -> str:
        """Return the words after the command."""
        return "[options] <name> <URL>"

    def short_desc(self) -> str:
        """Return the line of `scrapy --help`."""
        return "Look at a site and draft its publisher file, with frozen pages for review"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        super().add_options(parser)
        refuse_in_one_line(parser)
        parser.add_argument(
            "--pages", type=int, default=3, metavar="N", help="article pages to freeze (default 3)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look, write, say what is to be done."""
        if len(args) != 2:
            raise ScrapyUsageError(
                "give a name and the site's address: scrapy genpublisher example https://www.example.com"
            )
        assert self.settings is not None
        try:
            options = read_options(self.settings.get)
            folder = Path(options.publishers[0] if options.publishers else FOLDER)
            survey = Survey(draft(args[0], args[1], folder, options), max(1, opts.pages))
            run_errands(self.crawler_process, [(survey.publisher, survey.visit)], options)
            self._write(survey, folder)
        except NewsbotError as error:
            print(f"newsbot: {error}", file=sys.stderr)
            self.exitcode = status_of(error)

    def _write(self, survey: Survey, folder: Path) -> None:
        name = survey.publisher.name
        for note in survey.notes:
            print(f"  {note}")
        if not survey.read:
            raise InputError(
                f"no article could be read at {survey.publisher.site}; is the address right, does the site need JavaScript?"
            )
        written = [write(folder / f"{name}.toml", survey.text())]
        for number, (page, article) in enumerate(survey.read, start=1):
            written.append(freeze(page, article, folder / "pages" / name / f"{number:02}"))
        print("\n".join(f"wrote {path}" for path in written))
        print(
            f"next: look at each CHECK and record, then NEWSBOT_PUBLISHERS={folder} scrapy publishers --check"
        )
        self.exitcode = ExitStatus.DONE


def draft(name: str, url: str, folder: Path, options: Options) -> Publisher:
    """Return a publisher that declares its name and site only. Raises UsageError for names and addresses that cannot be."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no publisher name; take lower-case letters, digits, _ and -, 60 at most"
        )
    known = publishers.find([one for one in options.publishers if Path(one).is_dir()])
    if name in known or (folder / f"{name}.toml").exists():
        raise UsageError(
            f"{known.get(name, folder / f'{name}.toml')} is there already; take another name or remove it"
        )
    url = url if "://" in url else f"https://{url}"
    if not re.match(r"https?://[^/\s]+", url):
        raise UsageError(f"{url} is no web address; give one that begins with https://")
    return Publisher(name=name, site=publishers.root_of(url))


def write(path: Path, text: str) -> Path:
    """Write a file and return its path. Raises InputError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror}; set NEWSBOT_PUBLISHERS to a folder that may be written"
        ) from error
    return path
