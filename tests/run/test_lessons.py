"""Lessons: what a run learns cleans its own batch."""

from __future__ import annotations

from pathlib import Path

from newsbot.dedup.versions import fingerprint
from newsbot.items import Block
from newsbot.outcomes import Outcome
from newsbot.run import Run
from tests.run.running import (
    article,
    opened,
    put,
    rows,
)


def test_what_a_run_learns_cleans_its_own_batch(run: Run, tmp_path: Path) -> None:
    prompt = "Send us your pictures of the harbour fair."
    for number in range(40):
        made = article(f"n{number}", f"Story number {number} has words of its own.", run=run)
        made.blocks.append(Block(prompt, path="main>p.slot"))
        made.body = f"{made.body}\n\n{prompt}"
        made.fingerprint = fingerprint(made)
        put(run, made)
    run.close("finished")
    assert not [row["url"] for row in rows(tmp_path) if prompt in row["body"]]
    again = opened(tmp_path)
    made = article("n1", "Story number 1 has words of its own.", run=again, hours=1)
    made.body = f"{made.body}\n\n{prompt}"
    made.fingerprint = fingerprint(made)
    assert put(again, made) is Outcome.UNCHANGED, "learning more makes no new version"
    again.close("finished")
