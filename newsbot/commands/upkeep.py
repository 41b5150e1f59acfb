"""The actions of `scrapy dataset` that keep the dataset in shape: verify, repair, compact, vacuum."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from newsbot.commands import tables
from newsbot.dataset.compact import compact as run_compaction
from newsbot.dataset.export import seen
from newsbot.dataset.reader import day
from newsbot.dataset.repair import repair
from newsbot.dataset.vacuum import GRACE_DAYS, vacuum
from newsbot.dataset.verify import verify
from newsbot.exceptions import UsageError
from newsbot.options import Options
from newsbot.outcomes import ExitStatus


def check(options: Options, _: list[str], opts: argparse.Namespace) -> ExitStatus:
    """Look the dataset over; print every damage with its remedy."""
    findings = verify(options.root, options.state_root, deep=not opts.quick)
    if opts.json:
        tables.print_json([asdict(found) for found in findings])
    else:
        for found in findings:
            print(seen(str(found)))
        print(f"{len(findings)} finding{'s' * (len(findings) != 1)}" if findings else "nothing is wrong")
    return ExitStatus.PARTLY_FAILED if findings else ExitStatus.DONE


def mend(options: Options, _: list[str], _opts: argparse.Namespace) -> ExitStatus:
    """Mend what can be mended; print what was done and what is left."""
    done = repair(options.root, options.state_root)
    for line in [*done.done, *(f"left: {found}" for found in done.left)]:
        print(seen(line))
    if not done.done and not done.left:
        print("nothing was wrong")
    return ExitStatus.PARTLY_FAILED if done.left else ExitStatus.DONE


def compact(options: Options, _: list[str], opts: argparse.Namespace) -> None:
    """Merge the small files of closed days."""
    done = run_compaction(options.root, day(opts.before), options.state_root)
    for name in done.finished:
        print(f"finished {name}, which had been cut short")
    print(
        f"{len(done.days)} days compacted: {done.files_before} files became {done.files_after}, {done.rows} rows; "
        f"{done.clustered} articles have near-duplicates"
    )


def clear(options: Options, _: list[str], opts: argparse.Namespace) -> None:
    """Delete what compactions replaced."""
    grace = GRACE_DAYS if opts.grace is None else opts.grace
    if not 0 <= grace < float("inf"):
        raise UsageError(f"--grace {opts.grace:g}: give days, 0 or more")
    done = vacuum(options.root, grace, options.state_root)
    print(
        f"{done.files} files deleted, {done.bytes / 1e6:.1f} MB; {done.kept} kept, replaced less than {grace:g} days ago"
    )
