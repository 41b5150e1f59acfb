"""A worker of a pool is told nothing of the module that its parent was started by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import asyncio, os, sys
print("loaded in", os.getpid())

def main():
    from newsbot.pool import Pool

    async def ask():
        pool = Pool(len, 1, 60)
        print("answer", await pool.run("four"))
        await pool.close()

    asyncio.run(ask())
    print("own spec", sys.modules["__main__"].__spec__)

if __name__ == "__main__":
    main()
"""


def test_the_script_that_started_this_process_is_not_run_in_its_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["loaded", "answer", "own"]
    assert lines[1] == "answer 4" and lines[2] == "own spec None"
