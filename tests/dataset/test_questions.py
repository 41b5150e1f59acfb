"""The ten questions of docs/DATASET.md, asked of a small dataset whose answers are known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import newsbot.dataset
from newsbot.dataset.compact import compact
from newsbot.dataset.views import query
from newsbot.dedup.exact import content_hash

PAGE = (Path(__file__).parents[2] / "docs" / "DATASET.md").read_text(encoding="utf-8")
QUESTIONS = [
    (match[1].split(".")[0].split("?")[0].strip(), match[2])
    for match in re.finditer(r"\n\n([A-Z][^\n]*\?[^\n]*)\n\n```sql\n(.*?)```", PAGE, flags=re.DOTALL)
]
STORY = " ".join(f"word{number}" for number in range(120))


def at(day: int, hour: int = 8) -> datetime:
    """Return an instant in February 2026."""
    return datetime(2026, 2, day, hour, tzinfo=UTC)


@pytest.fixture
def dataset(
    tmp_path: Path, put: Callable[..., Path], article: Callable[..., dict[str, Any]]
) -> newsbot.dataset.Dataset:
    """Return a dataset of two publishers and three days: an edited headline, a removed article, a syndicated story."""

    def make(identity: str, day: int, hour: int = 8, version: int = 1, **values: Any) -> dict[str, Any]:
        body = values.pop("body", f"Text of {identity} alone.")
        return article(
            identity,
            version,
            **{
                "body": body,
                "url": f"https://example.com/{identity}",
                "date_published": at(day, hour),
                "date_precision": "instant",
                "fetched_at": at(day, hour) + timedelta(hours=version),
                "first_seen_at": at(day, hour) + timedelta(minutes=5),
                "in_language": "en",
                "word_count": len(body.split()),
                "provenance": {"date_published": "json_ld"},
                "content_hash": content_hash(identity, body),
                **values,
            },
        )

    put("2026-02-01", "a-1", [
        make("a1", 1, authors=["Ada Quill"], keywords=["Harbour"], headline="Quay opens"),
        make("a2", 1, 9, authors=["Ada Quill", "Bo Lind"], keywords=["Harbour"], is_accessible_for_free=False),
        make("a3", 1, 9, headline="Mayor resigns", rights={"tdm_reservation": "1"}),
    ])  # fmt: skip
    put("2026-02-01", "a-2", [
        make("a1", 1, version=2, change="headline", authors=["Ada Quill"], keywords=["Harbour"], headline="Quay opens late"),
        make("a3", 1, version=2, change="removed", headline="Mayor resigns", body="", fetched_at=at(4, 9)),
    ])  # fmt: skip
    put("2026-02-09", "a-3", [
        make("a4", 9, keywords=["Housing", "Harbour"], body=STORY, headline="Ferry sails"),
        make("a5", 9, date_published=None, date_precision=None, provenance={}, keywords=["Housing"], in_language=None),
    ])  # fmt: skip
    put("2026-02-10", "b-1", [
        make("b1", 10, publisher="birch", body=STORY[:600], headline="The ferry has sailed", date_precision="day",
             authors=["Bo Lind"], in_language="de", keywords=["Housing"]),
        make("b2", 10, publisher="birch", is_truncated=True, in_language="de"),
    ])  # fmt: skip
    compact(tmp_path, date(2026, 3, 1))
    return newsbot.dataset.open(tmp_path)


CLUSTER = content_hash("a4", STORY)
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "How many articles a day does each publisher print": [
        ("2026-02-01", "alder", 2), ("2026-02-09", "alder", 2), ("2026-02-10", "birch", 2),
    ],
    "When in the day are they published, where the time is known": [("alder", 8, 2), ("alder", 9, 1), ("birch", 8, 1)],
    "Who writes most": [("Ada Quill", 2, 1), ("Bo Lind", 2, 2)],
    "Which keywords rose this week against the week before": [("Housing", 3, 0)],
    "Which headlines were changed, and to what": [("Quay opens", "Quay opens late", 60)],
    "What was taken down, and how long had it stood": [
        ("Mayor resigns", "https://example.com/a3", 73),
    ],
    "Which stories ran at several publishers, and who had them first": [
        (CLUSTER, 2, "alder", "Ferry sails", 24),
    ],
    "How long are the articles, by language": [("en", 3, 4.0), ("de", 1, 4.0), (None, 1, 4.0)],
    "Where did each publisher's dates come from, and how often is there none": [
        ("alder", "json_ld", 3), ("alder", "none", 1), ("birch", "json_ld", 2),
    ],
    "Which articles may be used for text and data mining by what their publishers declare, and are whole": [
        ("a1", "alder", "https://example.com/a1"),
        ("a4", "alder", "https://example.com/a4"),
        ("a5", "alder", "https://example.com/a5"),
        ("b1", "birch", "https://example.com/b1"),
    ],
}  # fmt: skip


def test_there_are_ten() -> None:
    assert [question for question, _ in QUESTIONS] == list(ANSWERS)


@pytest.mark.parametrize(("question", "sql"), QUESTIONS, ids=[question[:40] for question, _ in QUESTIONS])
def test_the_answer(dataset: newsbot.dataset.Dataset, question: str, sql: str) -> None:
    with query(dataset, sql) as batches:
        found = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
    assert found == ANSWERS[question]
