"""`python -m newsbot.demo`: the command line, as a user gives it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from newsbot.demo.__main__ import main
from newsbot.demo.nasty import CASES
from newsbot.demo.newspaper import Newspaper
from newsbot.demo.site import Site
from tests.demo.browsing import get

SHOW = "import os, sys; print(os.environ['NEWSBOT_DEMO_URL']); sys.exit(int(sys.argv[1]))"


def demo(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsbot.demo", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("status", [0, 7])
def test_run_ends_with_the_commands_status(status: int) -> None:
    done = demo("--articles", "12", "--port", "0", "--run", sys.executable, "-c", SHOW, str(status))
    assert done.returncode == status
    assert done.stdout.startswith("http://127.0.0.1:")


def test_run_serves_while_the_command_runs() -> None:
    script = "import os, urllib.request as u; print(u.urlopen(os.environ['NEWSBOT_DEMO_URL'] + '/robots.txt').read().decode())"
    done = demo("--port", "0", "--run", sys.executable, "-c", script)
    assert "Sitemap: http://127.0.0.1:" in done.stdout, done.stderr


def test_run_takes_the_usual_port_and_says_when_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 8642))
            other.listen()
        except OSError:
            pass  # another crawl on this machine has it: as good
        done = demo("--articles", "12", "--run", sys.executable, "-c", SHOW, "0")
    assert done.returncode == 0
    assert "port 8642 is taken" in done.stderr
    assert ":8642" not in done.stdout


def test_run_tells_of_a_command_that_a_signal_ended() -> None:
    done = demo("--port", "0", "--run", sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    assert done.returncode == 128 + signal.SIGKILL


def test_a_request_to_end_is_passed_on_to_the_command() -> None:
    script = "import time; print('begun', flush=True); time.sleep(60)"
    words = [sys.executable, "-m", "newsbot.demo", "--port", "0", "--run", sys.executable, "-c", script]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.terminate()
        assert process.wait(timeout=20) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--port", "0", "--run"], "--run needs a command"),
        (["--port", "0", "--run", "/no/such/command"], "cannot run /no/such/command"),
        (["--nasty", "nonsense", "--port", "0"], "no nasty case 'nonsense'"),
        (["--truth", "/no/such/folder/truth.jsonl", "--port", "0"], "/no/such/folder/truth.jsonl"),
        (["--nasty", "http_500:lots", "--port", "0"], "share"),
    ],
)
def test_bad_words_are_one_line_and_a_status(words: list[str], says: str) -> None:
    done = demo(*words)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("count", ["0", "1000001", "many"])
def test_a_number_of_articles_out_of_range(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--articles", count])
    assert ended.value.code == 2
    assert "--articles" in capsys.readouterr().err


def test_it_serves_until_told_to_end_and_writes_the_truth(tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    words = [
        "--port",
        "0",
        "--articles",
        "15",
        "--seed",
        "4",
        "--truth",
        str(truth),
        "--nasty",
        "http_500:0.2",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "newsbot.demo", *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    with process, process.stdout:
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http")).rstrip("/")
        rows = [json.loads(row) for row in truth.read_bytes().splitlines()]
        statuses = {get(row["url"]).status for row in rows}
        process.terminate()
        assert process.wait(timeout=20) == 0
    paper = Newspaper(4, 15, base=url)
    assert rows == list(paper.truths())
    assert statuses == {200, 500}


def test_nasty_list_names_every_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--nasty", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[1] for line in lines) == sorted(CASES)


def test_write_makes_the_whole_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, truth = "http://127.0.0.1:8080", tmp_path / "truth.jsonl"
    folder = tmp_path / "site"
    assert main(["--articles", "45", "--write", str(folder), "--base", base, "--truth", str(truth)]) == 0
    site = Site(Newspaper(1, 45, base=base))
    for row in map(json.loads, truth.read_bytes().splitlines()):
        path = row["url"].removeprefix(base)
        assert (folder / path.strip("/") / "index.html").read_bytes() == site.answer(path).body
    assert (folder / "robots.txt").read_bytes() == site.answer("/robots.txt").body
    assert (folder / "sitemaps/2026-02.xml.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert (folder / "index.html").exists()
    assert str(len([p for p in folder.rglob("*") if p.is_file()])) in capsys.readouterr().out
