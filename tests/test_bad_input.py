"""Bad input ends in one clear line that names it and the remedy, a status that says so, and nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsbot.outcomes import ExitStatus
from tests.crawling import files, scrapy

NEWS, REPLAY = ("crawl", "news"), ("crawl", "replay", "-a", "publisher=demo")
DEMO = "http://127.0.0.1:9"  # the discard port: nothing answers there


def complains(output: Path, status: ExitStatus, *words: str, url: str = DEMO, **settings: str) -> str:
    """Run, check that it ended with the status and one line of complaint and wrote no row, and return the line."""
    done = scrapy(output, *words, url=url, **settings)
    assert done.returncode == status, done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("newsbot: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert not (output / "articles").exists() or not files(output)
    return lines[0]


@pytest.mark.parametrize(
    ("words", "names", "remedy"),
    [
        ((*NEWS, "-a", "publisher=dmeo"), "dmeo", "scrapy publishers"),
        ((*NEWS,), "nothing to crawl", "publisher=NAME"),
        ((*NEWS, "-a", "publisher=demo", "-a", "since=yesterday-ish"), "yesterday-ish", "YYYY-MM-DD"),
        ((*NEWS, "-a", "publisher=demo", "-a", "since=2020-13-41"), "2020-13-41", "YYYY-MM-DD"),
        ((*NEWS, "-a", "publisher=demo", "-a", "limit=many"), "many", "1 or more"),
        ((*NEWS, "-a", "publisher=demo", "-a", "colour=red"), "colour", "take publisher"),
        ((*NEWS, "-a", "site=http://"), "http://", "https://"),
        (
            (*NEWS, "-a", "publisher=demo", "-a", "url=https://elsewhere.example/a"),
            "elsewhere",
            "run of its own",
        ),
        ((*NEWS, "-a", "publisher=rt"), "NEWSBOT_CONTACT", "you@example.org"),
        (("crawl", "gnus", "-a", "publisher=demo"), "gnus", "news or replay"),
        ((*REPLAY,), "nothing to replay", "path=FILE_OR_FOLDER"),
        (("crawl", "replay", "-a", "path=."), "whose pages", "publisher=NAME"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_bad_argument_is_bad_usage(tmp_path: Path, words: tuple[str, ...], names: str, remedy: str) -> None:
    line = complains(tmp_path, ExitStatus.BAD_USAGE, *words)
    assert names in line and remedy in line


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("batch_rows", "lots", "give a number"),
        ("deadline", "-1", "give a number"),
        ("rights", "none", "record, default or strict"),
        ("archive", "perhaps", "true or false"),
        ("revisits", "1;6", "parted by commas"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str, remedy: str) -> None:
    line = complains(tmp_path, ExitStatus.BAD_USAGE, *NEWS, "-a", "publisher=demo", **{name: value})
    assert f"NEWSBOT_{name.upper()}" in line and value in line and remedy in line


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    line = complains(tmp_path, ExitStatus.BAD_INPUT, *REPLAY, "-a", f"path={tmp_path}/nowhere.html")
    assert "nowhere.html" in line and "give a file or folder" in line


def test_a_folder_without_pages_is_named(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    assert "holds no .html" in complains(
        tmp_path, ExitStatus.BAD_INPUT, *REPLAY, "-a", f"path={tmp_path}/saved"
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("empty.html", b""),
        ("empty.txt", b""),
        ("binary.html", bytes(range(256)) * 40),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 999),
        ("broken.html.gz", b"\x1f\x8b\x08\x00broken"),
    ],
)
def test_a_file_that_is_no_page_is_named(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    done = scrapy(tmp_path / "out", *REPLAY, "-a", f"path={tmp_path / name}", url=DEMO)
    assert done.returncode == ExitStatus.BAD_INPUT, done.stdout + done.stderr
    assert "1 unreadable" in done.stdout and name in done.stdout
    assert "Traceback" not in done.stderr and not files(tmp_path / "out")


def test_a_site_that_does_not_answer_is_broken(tmp_path: Path) -> None:
    done = scrapy(tmp_path, *NEWS, "-a", "publisher=demo", "-s", "RETRY_TIMES=0", url=DEMO)
    assert done.returncode == ExitStatus.BROKEN, done.stdout + done.stderr
    assert DEMO in done.stdout and "verdict     broken" in done.stdout
    assert "Traceback" not in done.stderr and not files(tmp_path)


@pytest.mark.parametrize("root", ["file", "below-file", "/proc/newsbot"])
def test_an_output_root_that_cannot_be_written_is_named(tmp_path: Path, root: str) -> None:
    (tmp_path / "file").write_text("no folder")
    place = {"file": tmp_path / "file", "below-file": tmp_path / "file" / "out"}.get(root, Path(root))
    done = scrapy(place, *NEWS, "-a", "publisher=demo", url=DEMO)
    assert done.returncode == ExitStatus.COMMIT_FAILED, done.stdout + done.stderr
    assert str(place) in done.stderr and "NEWSBOT_OUTPUT" in done.stderr and "Traceback" not in done.stderr


def test_settings_are_taken_in_three_ways(tmp_path: Path) -> None:
    """In the environment, with -s, and in the settings module; the later wins."""
    (tmp_path / "page.html").write_bytes(b"")
    words = (*REPLAY, "-a", f"path={tmp_path / 'page.html'}")
    scrapy(tmp_path / "environment", *words, url=DEMO)
    assert (tmp_path / "environment" / "runs").is_dir()
    scrapy(tmp_path / "ignored", *words, "-s", f"NEWSBOT_OUTPUT={tmp_path / 'option'}", url=DEMO)
    assert (tmp_path / "option" / "runs").is_dir() and not (tmp_path / "ignored").exists()


def test_a_run_of_a_locked_publisher_ends_as_locked(tmp_path: Path) -> None:
    from newsbot.lock import PublisherLock

    lock = PublisherLock(tmp_path / "state", "demo", "demo-20201201T000000Z-abcdef")
    try:
        line = complains(tmp_path, ExitStatus.LOCKED, *NEWS, "-a", "publisher=demo")
        assert "demo" in line and str(os.getpid()) in line
    finally:
        lock.release()
