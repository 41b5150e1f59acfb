"""How a run ended: its exit status, and the summary that `scrapy crawl` prints."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from newsbot.monitors import FEW_PAGES
from newsbot.outcomes import ExitStatus, Outcome
from newsbot.record import RunRecord

# Days named in the summary; the rest is counted.
FEW_DAYS = 5


def exit_status(record: RunRecord, *, failed: str | None, tolerated: float, nothing_new: int = 0) -> int:
    """Return how the run ended.

    `failed`: why a batch was not committed; `tolerated`: share of fetched pages that may fail; `nothing_new`: the status of a run
    that did its job and added no row.
    """
    if failed:
        return ExitStatus.COMMIT_FAILED
    if record.finish_reason == "shutdown":
        return ExitStatus.INTERRUPTED
    failures = sum(count for name, count in record.outcomes.items() if Outcome(name).is_failure)
    read = sum(record.outcomes.get(name, 0) for name in _READ)
    # Of a few pages a share says nothing: they are counted among those that are known and stand as they did.
    good = read if failures + read >= FEW_PAGES else read + record.outcomes.get("known", 0)
    dead = [source for source in record.sources if source.status not in {"ok", "not_modified"}]
    if not good and (failures or (dead and len(dead) == len(record.sources))):
        return ExitStatus.BAD_INPUT if record.spider == "replay" else ExitStatus.BROKEN
    if dead or failures > tolerated * (failures + good):
        return ExitStatus.PARTLY_FAILED
    return ExitStatus.DONE if record.rows else nothing_new


_READ = (
    "new",
    "changed",
    "removed",
    "unchanged",
    "not_modified",
    "duplicate",
    "out_of_range",
    "not_article",
)


# Verdicts of runs that found nothing because they could not look.
_AILING = ("blocked", "broken", "changed")


def summary(record: RunRecord, root: str) -> str:
    """Return the end-of-run text: articles, days, outcomes, seconds, where the rows are and how to read them."""
    lines = [_headline(record)]
    lines += _days(record)
    lines.append(
        "  outcomes    "
        + (", ".join(f"{count} {name}" for name, count in record.outcomes.items()) or "no URL")
    )
    if record.verdict not in {None, "healthy"}:
        lines.append(f"  verdict     {record.verdict}: {record.verdict_reason}")
    if record.completeness:
        lines.append(f"  backfill    {record.completeness}")
    lines += [f"  problem     {source.url}: {source.reason}" for source in record.sources if source.reason]
    for name, samples in record.samples.items():
        lines += [f"  {name:<11} {sample}" for sample in samples[:3]]
    if record.rows or "://" in root or Path(root, "articles").is_dir():
        lines.append(f"  dataset     {root}/articles")
        lines += [f"  {line}" for line in how_to_read(root)]
    return "\n".join(lines)


def how_to_read(root: str) -> list[str]:
    """Return a line each for pandas, DuckDB and Polars that works when pasted into a shell in this folder."""
    path, python = f"{root}/articles", shlex.quote(_python())
    return [
        f"""pandas      {python} -c "import pandas as pd; print(pd.read_parquet('{path}'))\"""",
        f"""DuckDB      {python} -c "import duckdb; print(duckdb.sql(\\"from read_parquet('{path}/*/*.parquet')\\"))\"""",
        f"""Polars      {python} -c "import polars as pl; print(pl.scan_parquet('{path}/').collect())\"""",
    ]


def _python() -> str:
    """Return the interpreter that has the libraries: this one, as a path from here where it lies below."""
    here, python = Path.cwd(), Path(sys.executable)
    return str(python.relative_to(here)) if python.is_relative_to(here) else str(python)


def _headline(record: RunRecord) -> str:
    if not record.rows:
        found = f"nothing new among {record.urls} URLs" if record.urls else "nothing new"
        if record.outcomes.get("commit_failed"):
            found = "what was read could not be committed"
        elif record.verdict in _AILING:
            found = record.verdict
        return f"{record.publisher}: {found}, no row added ({record.seconds:.1f} s)"
    new = record.outcomes.get("new", 0)
    others = record.rows - new
    more = f" and {others} new version{'s' * (others != 1)}" if others > 0 else ""
    return (
        f"{record.publisher}: {new} new article{'s' * (new != 1)}{more} on {len(record.partitions)} "
        f"day{'s' * (len(record.partitions) != 1)} in {record.seconds:.1f} s"
    )


def _days(record: RunRecord) -> list[str]:
    days = sorted(record.partitions.items(), reverse=True)
    if not days:
        return []
    shown = ", ".join(f"{day} ({count})" for day, count in days[:FEW_DAYS])
    return [f"  days        {shown}" + (f" … {days[-1][0]}" if len(days) > FEW_DAYS else "")]
