"""Trains the model of shown dates: `python -m benchmarks.train_dates FOLDER` writes newsbot/extract/dates.json (deterministic,
a minute).

FOLDER holds folders of labelled pages (`truth.jsonl` beside `<id>.html.gz`). Of each page with a known date the dates that it shows
are the candidates, and beside them none, which is right where no shown date is the true one. The file names its corpora and the
share of right picks by cross-validation, grouped by registered domain. Needs scipy (extra `train`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.logit import Group, Task, run
from benchmarks.pages import NOW, Labelled, read_folder
from newsbot.exceptions import InputError
from newsbot.extract.decode import decode
from newsbot.extract.headlines import choose_headline
from newsbot.extract.marked import Marked
from newsbot.extract.metadata import read_metadata
from newsbot.extract.shown_dates import NONE, ShownDate
from newsbot.extract.signals import read_signals
from newsbot.extract.tree import parse
from newsbot.normalize import Place, languages_of
from newsbot.normalize.dates import ParsedDate, Reading, parse_date

MODEL = Path(__file__).resolve().parent.parent / "newsbot" / "extract" / "dates.json"
STRENGTH = 1.0


def day_of(raw: str, reading: Reading) -> date | None:
    """Return the day as the text writes it."""
    parsed = parse_date(raw, reading)
    return (parsed.local or parsed.instant).date() if isinstance(parsed, ParsedDate) else None


def true_day(truth: str | None) -> date | None:
    """Return the day of a truth, which is ISO 8601; None where it names none."""
    try:
        return date.fromisoformat((truth or "")[:10])
    except ValueError:
        return None


def shown_on(labelled: Labelled) -> tuple[list[ShownDate], Reading]:
    """Return the dates that a page shows, and how they are read."""
    page = labelled.page()
    marked = Marked(parse(decode(page).text))
    signals = read_signals(marked, page, None)
    headline = choose_headline(signals)
    reading = Reading(languages=tuple(languages_of(read_metadata(marked, page), Place())), seen_at=NOW)
    return signals.dates(headline[0] if headline else None), reading


def read_groups(folder: Path, weight: float) -> list[Group]:
    """Return domain, candidate features, which are right, and weight of each page with a known date."""
    groups: list[Group] = []
    for labelled in read_folder(folder):
        day = true_day(labelled.truth.get("date"))
        if day is None:
            continue
        try:
            dates, reading = shown_on(labelled)
        except InputError:
            continue
        days = [(one, day_of(one.value, reading)) for one in dates if one.hint != "modified"]
        rows = [one.features for one, found in days if found]
        right = [found == day for _, found in days if found]
        groups.append((labelled.domain, [{NONE: 1.0}, *rows], [not any(right), *right], weight))
    return groups


def main() -> None:
    """Train on every page below a folder whose date is known, and write the model."""
    run(Task(__doc__ or "", read_groups, MODEL, "newsbot/extract/shown_dates.py", {}, STRENGTH))


if __name__ == "__main__":
    main()
