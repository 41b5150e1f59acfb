"""Disk full, no permission, taken numbers: nothing half is published, what was committed stays, the message says what to do."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import newsbot.dataset.store as store_module
from newsbot.dataset import gathered
from newsbot.dataset.manifest import Manifest, decode, encode, manifests, read_head, read_manifest
from newsbot.dataset.store import LocalStore
from newsbot.dataset.verify import verify
from newsbot.dataset.writer import Limits, Writer
from newsbot.exceptions import CommitFailed, ManifestDamaged, OutputUnwritable, StateError
from newsbot.state import State
from tests.dataset import driver
from tests.dataset.killing import DRIVER, ROOT

RUN = "alder-20260201T000000Z-0a1b2c"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State.open(tmp_path / "state", "alder")
    yield state
    state.close()


def writer(tmp_path: Path, state: State, run: str = RUN) -> Writer:
    return Writer(tmp_path, run, "alder", Limits(), state)


def add(target: Writer, *numbers: int) -> dict[str, Any]:
    """Add rows; return their delta."""
    for number in numbers:
        target.add(driver.make_row("alder", number))
    return driver.add_up([driver.known("alder", number) for number in numbers])


def count(root: Path) -> int:
    if next((root / "articles").glob("*/*"), None) is None:
        return 0
    return int(duckdb.execute(f"SELECT count(*) FROM '{root}/articles/**/*.parquet'").fetchall()[0][0])


def driven(
    root: Path, number: int, batch: int = 10, limit: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the driver in a process of its own, where no file may grow over `limit` bytes."""

    def held() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, str(DRIVER), str(root), "alder", str(number), str(batch)],
        cwd=ROOT,
        preexec_fn=held,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_file_that_may_not_grow_ends_the_run_and_the_next_one_takes_up(tmp_path: Path) -> None:
    assert driven(tmp_path, 20).returncode == 0
    full = driven(tmp_path, 400, batch=300, limit=64 * 1024)
    assert full.returncode == 1
    assert full.stderr.startswith("CommitFailed: cannot commit")
    assert "File too large; make room and run again" in full.stderr
    assert count(tmp_path) == 20
    assert verify(tmp_path) == []
    assert driven(tmp_path, 400, batch=300).returncode == 0
    assert count(tmp_path) == 400
    assert verify(tmp_path) == []


def test_a_spool_that_cannot_be_written_ends_the_batch(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered, "PIECE_ROWS", 2)
    target = Writer(tmp_path, RUN, "alder", Limits(held=2000), state)
    (tmp_path / "staging" / f"{RUN}-0001").write_text("in the way")
    with pytest.raises(CommitFailed, match=r"cannot spool to .*File exists; make room and run again"):
        add(target, *range(10))
    assert (target.rows, target.name) == (0, f"{RUN}-0002")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small tmpfs takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_run_and_the_next_one_takes_up(tmp_path: Path, small_disk: Path) -> None:
    """Fills the disk to a different point each time, so that each step meets it in turn."""
    done, messages = 0, set()
    for room in (12, 40, 60, 80, 100, 120, 200):
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"\0" * max(0, free - room * 1024))
        ended = driven(small_disk, done + 40, batch=20)
        assert ended.returncode == (1 if ended.stderr else 0)
        messages.add(ended.stderr.partition(":")[0])
        ballast.unlink()
        assert driven(small_disk, done + 40, batch=20).returncode == 0
        done += 40
        assert count(small_disk) == done
        assert verify(small_disk) == []
    assert messages - {""} <= {"CommitFailed", "StateError", "OutputUnwritable"}
    assert messages - {""}


def test_a_read_only_disk_is_named_before_anything_is_done(tmp_path: Path, small_disk: Path) -> None:
    assert driven(small_disk, 20).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refused = driven(small_disk, 40)
    assert refused.returncode == 1
    assert refused.stderr.startswith("OutputUnwritable: cannot write") and "NEWSBOT_OUTPUT" in refused.stderr
    assert count(small_disk) == 20


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path, state: State) -> None:
    (tmp_path / "articles").write_text("")
    with pytest.raises(
        OutputUnwritable, match=r"cannot write the output root .*: File exists; set NEWSBOT_OUTPUT"
    ):
        writer(tmp_path, state)


def test_a_failure_before_the_commit_leaves_nothing(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = writer(tmp_path, state)
    delta = add(target, 1, 2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "write_new", full)
        with pytest.raises(CommitFailed, match=r"cannot commit .*No space left on device; make room"):
            target.commit(delta)
    assert (count(tmp_path), state.sequence, manifests(tmp_path)) == (0, 0, [])
    assert not list((tmp_path / "staging").glob("alder*"))
    target.commit(add(target, 1, 2))
    assert count(tmp_path) == 2


def test_a_failure_after_the_commit_keeps_the_batch_for_the_next_opening(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = writer(tmp_path, state)
    delta = add(target, 1, 2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "land", full)
        with pytest.raises(CommitFailed, match=r"is committed but not finished .*the next run finishes it"):
            target.commit(delta)
    assert (count(tmp_path), state.sequence) == (0, 0)
    with pytest.raises(CommitFailed, match="another run has taken"):
        target.commit(add(target, 3))
    target.close()
    state.close()
    assert driver.drive(str(tmp_path), "alder", range(4)) == 2
    assert count(tmp_path) == 4
    assert verify(tmp_path) == []


def test_a_state_that_cannot_be_written_keeps_the_batch_for_the_next_opening(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = writer(tmp_path, state)
    delta = add(target, 1)

    def full(*_: object) -> None:
        raise StateError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(State, "apply", full)
        with pytest.raises(CommitFailed, match=r"not finished .the disk is full."):
            target.commit(delta)
    target.close()
    state.close()
    assert driver.drive(str(tmp_path), "alder", range(2)) == 1
    assert count(tmp_path) == 2


def test_two_writers_cannot_take_the_same_number(tmp_path: Path, state: State) -> None:
    """As two machines would, whose locks do not reach each other."""
    other_state = State.open(tmp_path / "elsewhere", "alder")
    one, other = writer(tmp_path, state), writer(tmp_path, other_state, "alder-20260201T000000Z-ffffff")
    mine, theirs = add(one, 1), add(other, 1)
    one.commit(mine)
    with pytest.raises(CommitFailed, match=r"another run has taken .*one machine at a time"):
        other.commit(theirs)
    assert count(tmp_path) == 1
    other_state.close()


def test_a_batch_without_rows_is_a_manifest_without_files(tmp_path: Path, state: State) -> None:
    manifest = writer(tmp_path, state).commit({})
    assert (manifest.files, manifest.sequence, state.sequence) == ([], 1, 1)
    assert list((tmp_path / "articles").iterdir()) == []
    assert verify(tmp_path) == []


def test_a_file_system_without_hard_links_commits_too(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", unsupported)
    target = writer(tmp_path, state)
    target.commit(add(target, 1))
    other = Manifest("alder-x-y-0001", "alder-x-y", "alder", sequence=1)
    with pytest.raises(CommitFailed, match="another run has taken"):
        LocalStore(tmp_path).commit(other)
    assert count(tmp_path) == 1


def test_a_manifest_reads_back_as_it_was_written(tmp_path: Path, state: State) -> None:
    target = writer(tmp_path, state)
    written = target.commit(add(target, 1, 2))
    (path,) = manifests(tmp_path, "alder")
    assert read_manifest(path) == written
    head = read_head(path)
    assert (head.rows, head.delta, head.kind, head.replaces) == (2, {}, "batch", [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda body: body.replace(b'"rows":1', b'"rows":2'), "checksum is wrong"),
        (lambda body: body.replace(b'"visits":1', b'"visits":2'), "state delta is wrong"),
        (lambda body: body[:-1], "cut short"),
        (lambda body: b"", "unexpected end|empty"),
        (lambda body: b"[]\n{}\n", "list indices"),
        (lambda body: b"\xff\xfe", "not valid UTF-8"),
    ],
)
def test_a_changed_manifest_is_refused(tmp_path: Path, state: State, change: Any, reason: str) -> None:
    target = writer(tmp_path, state)
    body = encode(target.commit(add(target, 1)))
    with pytest.raises(ManifestDamaged, match=rf"the manifest here is damaged .*({reason}).*repair"):
        decode(change(body), "here")


def test_a_manifest_of_a_later_form_asks_for_an_upgrade() -> None:
    with pytest.raises(ManifestDamaged, match="its format is 2, this newsbot reads 1: upgrade newsbot"):
        decode(encode(Manifest("a-b-c-1", "a-b-c", "a", format=2)), "here")
