"""The lock tells overlapping runs, reboots and reused process ids apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from newsbot.exceptions import Locked, OutputUnwritable
from newsbot.lock import PublisherLock, identity, is_alive


def test_a_second_run_is_told_who_holds_the_publisher(tmp_path: Path) -> None:
    with PublisherLock(tmp_path, "demo", "demo-1"):
        with pytest.raises(Locked, match=rf"'demo' is being crawled by run demo-1 \(process {os.getpid()}\)"):
            PublisherLock(tmp_path, "demo", "demo-2")
        PublisherLock(tmp_path, "other", "other-1").release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    first = PublisherLock(tmp_path, "demo", "demo-1")
    first.release()
    first.release()
    PublisherLock(tmp_path, "demo", "demo-2").release()


def test_the_lock_goes_with_a_killed_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from newsbot.lock import PublisherLock;"
        f"lock = PublisherLock(Path({str(tmp_path)!r}), 'demo', 'demo-1'); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Locked):
            PublisherLock(tmp_path, "demo", "demo-2")
        holder.kill()
    PublisherLock(tmp_path, "demo", "demo-2").release()


def write_holder(folder: Path, **changes: object) -> None:
    parent = identity(os.getppid())
    (folder / "demo.lock").write_bytes(orjson.dumps({**parent, "run_id": "demo-1", **changes}))


def test_a_live_holder_counts_where_the_kernel_lock_does_not_reach(tmp_path: Path) -> None:
    write_holder(tmp_path)
    with pytest.raises(Locked):
        PublisherLock(tmp_path, "demo", "demo-2")


@pytest.mark.parametrize("changes", [{"boot_id": "another boot"}, {"start_time": 1}, {"pid": 2**22 + 1}])
def test_a_holder_before_a_reboot_or_with_a_reused_process_id_is_dead(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    write_holder(tmp_path, **changes)
    PublisherLock(tmp_path, "demo", "demo-2").release()


def test_rubbish_in_the_lock_file_is_no_holder(tmp_path: Path) -> None:
    (tmp_path / "demo.lock").write_bytes(b"\x00\xff rubbish")
    PublisherLock(tmp_path, "demo", "demo-2").release()


def test_this_process_is_alive() -> None:
    assert is_alive(identity(os.getpid()))
    assert not is_alive({})


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritable, match="NEWSBOT_OUTPUT"):
        PublisherLock(tmp_path / "file" / "state", "demo", "demo-1")
