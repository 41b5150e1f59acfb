"""Kills processes that write a dataset, at every step of the commit and at random moments, while an onlooker reads."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DRIVER, ONLOOKER = HERE / "driver.py", HERE / "onlooker.py"

# Every step of the protocol, and the middle of those that have one; `:n` is the n-th passing.
POINTS = (
    "after_row:7",
    "after_group:2",
    "after_partition:2",
    "after_write",
    "before_stage",
    "before_manifest",
    "in_manifest",
    "after_manifest",
    "after_file",
    "after_file:3",
    "before_state",
    "in_state:2",
    "in_prepare:2",
    "after_state",
    "after_clear",
)
Start = Callable[[dict[str, str]], "subprocess.Popen[bytes]"]


def start(command: Sequence[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, so that its workers can be killed with it."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def starts_driver(*words: object) -> Start:
    """Return what starts the driver on these arguments."""
    return lambda env: start([sys.executable, str(DRIVER), *map(str, words)], env)


def kill_at(begin: Start, point: str, longest: float = 180) -> bool:
    """Run once with a kill point; return whether it was reached."""
    return _wait(begin({"NEWSBOT_KILL_AT": point}), longest) == -signal.SIGKILL


def kill_after(begin: Start, seconds: float, longest: float = 180) -> bool:
    """Run once and kill it after some seconds; return whether it was still running."""
    process = begin({})
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return _wait(process, longest) == -signal.SIGKILL


def _wait(process: subprocess.Popen[bytes], longest: float) -> int:
    try:
        status = process.wait(timeout=longest)
    except subprocess.TimeoutExpired:
        status = 1
    _end_group(process.pid)
    return status


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def run_to_the_end(begin: Start, longest: float = 180) -> int:
    """Run once, undisturbed; return the exit status."""
    return _wait(begin({}), longest)


def kill_often(begin: Start, kills: int, seed: int, window: tuple[float, float]) -> int:
    """Kill up to `kills` runs, at points and at random moments in turn; stop where a run got to its end. Return the kills."""
    chance, done = random.Random(seed), 0
    while done < kills:
        if done % 2:
            was_killed = kill_after(begin, chance.uniform(*window))
        else:
            point = POINTS[chance.randrange(len(POINTS))].partition(":")[0]
            was_killed = kill_at(begin, f"{point}:{chance.randint(1, 12)}")
        if not was_killed:
            break
        done += 1
    return done


@contextmanager
def looked_at(root: Path, stop: Path) -> Iterator[None]:
    """Have an onlooker read the dataset meanwhile; fails where it saw an error, a half file or a double."""
    process = subprocess.Popen(
        [sys.executable, str(ONLOOKER), str(root), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield
        # One more look at what is there in the end.
        time.sleep(0.5)
    finally:
        stop.touch()
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert int(out.split()[0]) > 0, "the onlooker never got to look"
