"""The page of runs, `report/index.html`: every publisher's last run and verdict at a glance, worst first; made when a run ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from newsbot.exceptions import OutputUnwritable
from newsbot.outcomes import Outcome
from newsbot.record import history

# Runs shown as bars.
RUNS = 24
# Worst first: what needs a person, then what may.
_ORDER = ("broken", "blocked", "changed", "quiet", "healthy")
_FAILURES = frozenset(outcome.value for outcome in Outcome if outcome.is_failure)


def write_page(runs: Path, report: Path) -> Path:
    """Write `report/index.html` whole, from the run records under `runs`. Raises OutputUnwritable."""
    rows = [row for name in _publishers(runs) if (row := _row(history(runs, name, RUNS)))]
    rows.sort(
        key=lambda row: (_ORDER.index(row["verdict"]) if row["verdict"] in _ORDER else 0, row["publisher"])
    )
    environment = Environment(
        loader=PackageLoader("newsbot.report", "."),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
    )
    made = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
    text = environment.get_template("page.j2").render(publishers=rows, made=made)
    path = report / "index.html"
    # Several publishers' runs may end at once: each writes a file of its own and renames it in.
    aside = report / f".index-{rows[0]['run_id'] if rows else 'none'}-{datetime.now(UTC):%f}"
    try:
        report.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise OutputUnwritable(f"cannot write {path}: {error.strerror}; set NEWSBOT_OUTPUT") from error
    return path


def _publishers(runs: Path) -> list[str]:
    return sorted(path.name for path in runs.iterdir() if path.is_dir()) if runs.is_dir() else []


def _row(records: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return what the page says of a publisher, from its records, newest first."""
    if not records:
        return None
    last = records[0]
    outcomes: Mapping[str, int] = last.get("outcomes", {})
    series = [int(record.get("outcomes", {}).get("new", 0)) for record in reversed(records)]
    most = max(series) or 1
    return {
        "run_id": last["run_id"],
        "publisher": last["publisher"],
        "verdict": last.get("verdict") or "broken",
        "reason": last.get("verdict_reason") or "",
        "ended_at": (last.get("ended_at") or "").replace("T", " ")[:16],
        "new": outcomes.get("new", 0),
        "others": outcomes.get("changed", 0) + outcomes.get("removed", 0),
        "failures": sum(count for name, count in outcomes.items() if name in _FAILURES),
        "series": series,
        "heights": [round(100 * new / most) for new in series],
    }
