"""The books of a run: each URL begun once, ended once; the record written whole."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from newsbot.exceptions import OutputUnwritable
from newsbot.outcomes import Outcome
from newsbot.record import SAMPLES, Ledger, RunRecord, SourceRecord, history, now


def test_every_url_ends_in_exactly_one_outcome() -> None:
    ledger = Ledger()
    assert ledger.begin("a", "https://example.com/a")
    assert not ledger.begin("a", "https://example.com/a?again")
    assert ledger.end("a", Outcome.NEW)
    assert not ledger.end("a", Outcome.HTTP_ERROR)
    assert not ledger.end("never begun", Outcome.NEW)
    assert ledger.begin("b", "https://example.com/b")
    assert ledger.is_open("b")
    assert ledger.end_all(Outcome.DEFERRED, "the run ended first") == ["b"]
    assert ledger.urls == sum(ledger.outcomes.values()) == 2
    assert not ledger.begin("a", "https://example.com/a")


def test_failures_are_sampled_with_their_reason_and_not_endlessly() -> None:
    ledger = Ledger()
    for number in range(SAMPLES + 5):
        ledger.begin(str(number), f"https://example.com/{number}")
        ledger.end(str(number), Outcome.HTTP_ERROR, "HTTP 500")
    ledger.begin("x", "https://example.com/x")
    ledger.end("x", Outcome.NEW)
    assert len(ledger.samples[Outcome.HTTP_ERROR]) == SAMPLES
    assert ledger.samples[Outcome.HTTP_ERROR][0] == "https://example.com/0: HTTP 500"
    assert Outcome.NEW not in ledger.samples


def test_a_record_is_written_whole_and_read_back(tmp_path: Path) -> None:
    record = RunRecord("demo-1", "demo", "news", started_at=now(), outcomes={"new": 2}, urls=2)
    record.sources.append(SourceRecord("https://example.com/rss", "feed"))
    path = record.write(tmp_path)
    assert path == tmp_path / "demo" / "demo-1.json"
    assert [part.name for part in path.parent.iterdir()] == ["demo-1.json"]
    read = orjson.loads(path.read_bytes())
    assert read["outcomes"] == {"new": 2}
    assert read["sources"][0]["status"] == "ok"


def test_history_is_newest_first_and_survives_damage(tmp_path: Path) -> None:
    for number in range(4):
        RunRecord(f"demo-{number}", "demo", "news", started_at=now()).write(tmp_path)
    (tmp_path / "demo" / "demo-2.json").write_text("{ torn")
    assert [record["run_id"] for record in history(tmp_path, "demo")] == ["demo-3", "demo-1", "demo-0"]
    assert history(tmp_path, "unknown") == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritable, match="cannot write the run record"):
        RunRecord("demo-1", "demo", "news", started_at=now()).write(tmp_path / "file")
