"""`scrapy dataset`: each action's words and options, what it prints, its exit status; no way to harm the dataset."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import Settings

from newsbot.commands.dataset import ACTIONS, SHOWN, Command
from newsbot.dataset.compact import compaction_lock
from newsbot.dataset.schema import SCHEMA
from newsbot.dataset.stream import RowStream
from newsbot.outcomes import ExitStatus
from tests.dataset import driver

Run = Callable[..., int]


def add(root: Path, day: int, name: str, *rows: Mapping[str, object]) -> None:
    """Write a file of a day in February 2026."""
    path = root / "articles" / f"date=2026-02-{day:02}" / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        stream = RowStream(file)
        for row in rows:
            when = datetime(2026, 2, day, 8, tzinfo=UTC)
            assert stream.add({"version": 1, "publisher": "alder", "date_published": when, **row}) == []
        stream.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a dataset of three articles, one of them edited, one removed, of two publishers."""
    made = tmp_path / "output"
    add(made, 1, "a", {"article_id": "a", "headline": "One"}, {"article_id": "b", "headline": "\x1b[31mred"})
    add(made, 1, "b", {"article_id": "a", "version": 2, "headline": "=One, edited"})
    gone = {"article_id": "c", "version": 2, "change": "removed", "publisher": "birch"}
    add(made, 3, "c", {"article_id": "c", "publisher": "birch"}, gone)
    return made


@pytest.fixture
def run(root: Path) -> Run:
    """Return a function that runs the command with words and gives its exit status."""

    def call(*words: str, output: str | Path = root, state: str | Path = "") -> int:
        given = {"NEWSBOT_OUTPUT": str(output), "NEWSBOT_STATE": str(state)}
        settings = Settings(given, priority="cmdline")
        settings.setmodule("newsbot.settings")
        command = Command()
        command.settings = settings
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        opts, args = parser.parse_known_args(words)
        command.run(args, opts)
        return command.exitcode

    return call


def test_info_counts(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("info") == ExitStatus.DONE
    text = capsys.readouterr().out
    assert "2 that stand, 1 removed; 5 versions" in text
    assert "2 (2026-02-01 to 2026-02-03)" in text
    assert "1 days of several files" in text


def test_info_as_json(run: Run, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("info", "--json") == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert (found["articles"], found["versions"], found["removed"], found["files"]) == (2, 5, 1, 3)
    birch = {"articles": 0, "versions": 2, "first_day": "2026-02-03", "last_day": "2026-02-03"}
    assert found["publishers"]["birch"] == birch


def test_schema_names_every_column(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    shown = capfd.readouterr().out
    assert all(f" {name} " in shown for name in [*SCHEMA.names, "date"])
    assert run("schema", "--json") == 0
    assert [column["name"] for column in json.loads(capfd.readouterr().out)] == [*SCHEMA.names, "date"]


def test_latest_shows_newest_first_and_nothing_raw(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("latest", "--columns", "headline,version") == 0
    text = capsys.readouterr().out
    assert r"\x1b[31mred" in text
    assert "\x1b" not in text
    assert "=One, edited" in text
    assert "2 rows" in text


def test_latest_shows_some_and_says_so(root: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    add(root, 5, "many", *({"article_id": f"m{number}"} for number in range(SHOWN + 1)))
    assert run("latest", "--since", "2026-02-05", "--until", "2026-02-05", "--publisher", "alder") == 0
    assert f"{SHOWN} rows of more" in capsys.readouterr().out


def test_sql_answers_in_every_format(run: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ask = "SELECT article_id, version FROM versions ORDER BY ALL"
    assert run("sql", ask) == 0
    assert "5 rows" in capfd.readouterr().out
    assert run("sql", ask, "--format", "csv") == 0
    assert list(csv.reader(io.StringIO(capfd.readouterr().out)))[1] == ["a", "1"]
    assert run("sql", ask, "--format", "jsonl") == 0
    assert json.loads(capfd.readouterr().out.splitlines()[-1]) == {"article_id": "c", "version": 2}
    assert run("sql", ask, "--to", str(tmp_path / "x.parquet")) == 0
    assert pq.read_table(tmp_path / "x.parquet").num_rows == 5
    assert capfd.readouterr().out == f"5 rows in {tmp_path / 'x.parquet'}\n"


@pytest.mark.parametrize(("versions", "rows"), [([], 2), (["--versions"], 5)])
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_export_writes_one_file(
    run: Run, tmp_path: Path, suffix: str, versions: list[str], rows: int
) -> None:
    path = tmp_path / f"all.{suffix}"
    assert run("export", str(path), *versions) == 0
    if suffix == "parquet":
        table = pq.read_table(path)
        assert (table.num_rows, table.schema.names) == (rows, [*SCHEMA.names, "date"])
    elif suffix == "csv":
        assert len(list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))) == rows
    else:
        assert len(path.read_bytes().splitlines()) == rows


def test_export_takes_columns_range_and_spreadsheet(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x"
    options = ["--format", "csv", "--columns", "headline,date", "--until", "2026-02-01", "--spreadsheet"]
    assert run("export", str(path), *options) == 0
    assert path.read_bytes().decode("utf-8-sig").splitlines() == [
        '"headline","date"',
        '"\ufffd[31mred","2026-02-01"',
        '"\'=One, edited","2026-02-01"',
    ]


def test_export_to_delta_brings_what_is_committed(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("compact", "--before", "2026-02-02") == 0
    capsys.readouterr()
    target = str(tmp_path / "lake")
    assert run("export", target, "--format", "delta") == 0
    assert capsys.readouterr().out == f"3 rows of 1 commits brought to {target}; its version is 0\n"
    assert run("export", target, "--format", "delta", "--since", "2026-02-01") == ExitStatus.BAD_USAGE
    assert "no --since" in capsys.readouterr().err
    assert run("latest", "--format", "delta") == ExitStatus.BAD_USAGE
    assert "delta is for export" in capsys.readouterr().err


WRONG = {
    ("info", "--columns", "a"): "info takes no --columns",
    ("info", "extra"): "info takes no word after it, not 'extra'",
    ("info", "--nonsense"): "info takes no word",
    ("sql",): "sql takes one word after it, not 'none'",
    ("sql", "SELECT", "1"): "sql takes one word",
    ("sql", "DROP VIEW articles"): "give one SELECT",
    ("sql", "SELECT nothing FROM articles"): "the query failed",
    ("latest", "--columns", "nothing"): "no column 'nothing'; `scrapy dataset schema`",
    ("latest", "--columns", ","): "no column ','",
    ("vacuum", "--grace", "-1"): "--grace -1: give days, 0 or more",
    ("export", "x.xlsx"): "cannot tell the format of x.xlsx",
    ("export", "x.jsonl", "--spreadsheet"): "--spreadsheet is for csv",
}


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_usage_is_one_line(
    run: Run, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == ExitStatus.BAD_USAGE
    text = capsys.readouterr().err
    assert text.startswith("newsbot: ") and text.count("\n") == 1
    assert WRONG[words] in text


def test_no_dataset_is_bad_input_and_no_day_bad_usage(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("info", output=tmp_path / "none") == ExitStatus.BAD_INPUT
    assert "holds no dataset" in capsys.readouterr().err
    assert run("latest", "--since", "soon") == ExitStatus.BAD_USAGE
    assert "give YYYY-MM-DD" in capsys.readouterr().err


def test_an_export_into_the_table_is_refused(
    run: Run, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(root.rglob("*"))
    assert run("export", str(root / "articles" / "x.parquet")) == ExitStatus.BAD_USAGE
    assert "lies in the table" in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before


def test_compact_and_vacuum_say_what_they_did(
    run: Run, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("compact", "--before", "2026-02-02") == 0
    assert (
        "1 days compacted: 2 files became 1, 3 rows; 0 articles have near-duplicates"
        in capsys.readouterr().out
    )
    assert run("vacuum") == 0
    assert "0 files deleted, 0.0 MB; 2 kept, replaced less than 7 days ago" in capsys.readouterr().out
    assert run("vacuum", "--grace", "0") == 0
    assert "2 files deleted" in capsys.readouterr().out
    assert run("info") == 0
    assert "2 that stand, 1 removed; 5 versions" in capsys.readouterr().out
    assert len(list((root / "articles" / "date=2026-02-01").iterdir())) == 1


def test_a_second_compaction_is_locked_out(run: Run, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with compaction_lock(root):
        assert run("compact") == ExitStatus.LOCKED
    assert "is being compacted" in capsys.readouterr().err


def test_verify_and_repair_tell_what_is_wrong(
    run: Run, root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("verify") == ExitStatus.PARTLY_FAILED
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("file_unknown: articles/date=2026-02-01/a.parquet: no manifest names it; ")
    assert lines[-1] == "3 findings"
    assert run("verify", "--quick", "--json") == ExitStatus.PARTLY_FAILED
    assert {found["kind"] for found in json.loads(capfd.readouterr().out)} == {"file_unknown"}
    assert run("repair") == ExitStatus.DONE
    assert "quarantine" in capfd.readouterr().out
    assert run("verify") == ExitStatus.DONE
    assert "nothing is wrong" in capfd.readouterr().out
    assert run("repair") == ExitStatus.DONE
    assert "nothing was wrong" in capfd.readouterr().out


@pytest.mark.parametrize("words", [(), ("fly",)])
def test_an_action_must_be_named(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(ScrapyUsageError, match="name one action: info, schema"):
        run(*words)


def test_the_docs_name_every_action() -> None:
    page = (Path(__file__).parents[2] / "docs" / "DATASET.md").read_text(encoding="utf-8")
    assert [name for name in ACTIONS if f"scrapy dataset {name}" not in page] == []


def test_upkeep_of_a_dataset_in_an_object_store(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, state = f"memory://{tmp_path.name}-upkeep", tmp_path / "state"
    driver.drive(store, "alder", range(20), 10, state)

    def told(*words: str, expected: ExitStatus = ExitStatus.DONE) -> str:
        assert run(*words, output=store, state=state) == expected, capsys.readouterr()
        return capsys.readouterr().out

    assert "nothing is wrong" in told("verify")
    assert "5 days compacted: 10 files became 5, 20 rows" in told("compact", "--before", "2026-03-01")
    assert "0 files deleted, 0.0 MB; 10 kept" in told("vacuum")
    (state / "alder.sqlite3").unlink()
    assert "state_missing" in told("verify", "--quick", expected=ExitStatus.PARTLY_FAILED)
    assert "rebuilt the state of alder from 2 manifests: 20 URLs" in told("repair")
    assert "10 files deleted" in told("vacuum", "--grace", "0")
    assert "nothing is wrong" in told("verify")
    assert "20 that stand" in told("info")
