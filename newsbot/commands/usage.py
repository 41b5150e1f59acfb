"""What is wrong in how a command was called: one line and the project's own exit status, in place of argparse's page and 2."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NoReturn

from scrapy.utils.project import get_project_settings

from newsbot.outcomes import ExitStatus

_OURS = "NEWSBOT_"


def refuse_in_one_line(parser: argparse.ArgumentParser) -> None:
    """Make the parser of a command, and Scrapy through it, end with BAD_USAGE; for the command's `add_options`."""

    def error(message: str) -> NoReturn:
        parser.exit(ExitStatus.BAD_USAGE, f"newsbot: {message}; usage: {parser.usage}\n")

    parser.error = error  # type: ignore[method-assign]


def name_unknown_settings(given: Iterable[str]) -> None:
    """Print a line for each NEWSBOT_ name, in the environment or of the `-s` pairs `given`, that is no setting but looks like one.

    It is a warning: the environment may hold names of the user's own.
    """
    known = {name.removeprefix(_OURS) for name in get_project_settings() if name.startswith(_OURS)}
    asked = {
        name for name in (*os.environ, *(pair.partition("=")[0] for pair in given)) if name.startswith(_OURS)
    }
    for name in sorted(asked):
        word = name.removeprefix(_OURS)
        likely = [] if word in known else get_close_matches(word, known, 1, 0.8)
        if likely:
            print(
                f"newsbot: {name} is no setting and does nothing; is {_OURS}{likely[0]} meant?",
                file=sys.stderr,
            )
