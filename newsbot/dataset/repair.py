"""Mends a dataset from its manifests and files; what it takes away it moves to quarantine/, and says so."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from newsbot.dataset.commit import recover
from newsbot.dataset.compact import compaction_lock, recover_compactions
from newsbot.dataset.manifest import COMPACTION
from newsbot.dataset.repair_files import give_up_files
from newsbot.dataset.repair_manifests import mend_manifest
from newsbot.dataset.repair_work import Work
from newsbot.dataset.verify import Finding, verify
from newsbot.lock import PublisherLock

_MANIFESTS = {"manifest_damaged", "manifest_missing"}
_STATES = {"state_missing", "state_damaged", "state_ahead", "state_foreign"}
_FILES = {"file_missing", "file_damaged"}
_STAGED = {"batch_unfinished", "staging_left", "state_behind"}


@dataclass(slots=True)
class Repairs:
    """What was done, a line each, and what is still wrong."""

    done: list[str] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)


def repair(root: str | Path, state_root: Path | None = None) -> Repairs:
    """Mend what `verify` finds and return what was done. Crawls of the publishers concerned are locked out meanwhile.

    Manifests that are damaged or missing are written anew from the files of their batch; states are rebuilt from the manifests in
    order; rows whose file is lost are given up and their URLs forgotten, so that `scrapy crawl replay` or the next crawl brings
    them again. Raises InputError, Locked.
    """
    findings = verify(root, state_root)
    state_root = state_root or Path(root) / "state"
    work = Work(root, state_root)
    concerned = {found.publisher for found in findings if found.publisher and found.publisher != COMPACTION}
    with ExitStack() as locks:
        for publisher in sorted(concerned):
            locks.enter_context(PublisherLock(state_root, publisher, "repair"))
        for found in findings:
            if found.kind in _MANIFESTS:
                mend_manifest(work, found)
        for found in verify(root, state_root, deep=False):
            if found.kind in _STATES:
                work.rebuild_state(found.publisher)
        _finish(work, {found.publisher for found in findings if found.kind in _STAGED})
        give_up_files(work, [found for found in verify(root, state_root) if found.kind in _FILES])
        for found in verify(root, state_root, deep=False):
            if found.kind == "file_unknown":
                work.set_aside(found.place)
    return Repairs(work.done, verify(root, state_root))


def _finish(work: Work, names: set[str]) -> None:
    if COMPACTION in names:
        with compaction_lock(work.lock_root):
            finished = recover_compactions(work.folder.name, work.state_root)
        work.done += [f"finished the compaction {name}" for name in finished]
    for publisher in sorted(names - {"", COMPACTION}):
        with work.opened(publisher, read_only=False) as state:
            found = recover(work.folder.name, publisher, state)
        work.done += [f"finished the commit of {name}" for name in found.rolled_forward]
        work.done += [f"dropped {name}, which was never committed" for name in found.dropped]
