"""Ends a command that was called wrongly with one line and the project's own exit status, in place of argparse's page and 2."""

from __future__ import annotations

import argparse
from typing import NoReturn

from newsbot.outcomes import ExitStatus


def refuse_in_one_line(parser: argparse.ArgumentParser) -> None:
    """Make the parser of a command, and Scrapy through it, end with BAD_USAGE; for the command's `add_options`."""

    def error(message: str) -> NoReturn:
        parser.exit(ExitStatus.BAD_USAGE, f"newsbot: {message}; usage: {parser.usage}\n")

    parser.error = error  # type: ignore[method-assign]
