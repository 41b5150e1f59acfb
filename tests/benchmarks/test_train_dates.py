"""Training of the model of shown dates, on pages written here."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="scipy is missing: install the extra `train`")

from benchmarks.logit import hit, train
from benchmarks.train_dates import main, read_groups, true_day
from newsbot.extract.shown_dates import NONE

HTML = """<h1>Bridge opens</h1><p class="when">{day} May 2024</p><p>{text}</p>
<ul><li class="old">1 May 2023<li class="old">2 May 2023<li class="old">Updated 3 May 2023</ul>"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    truths: list[dict[str, str | None]] = []
    for day in range(1, 9):
        # On the last two the true date is not shown.
        html = (
            HTML.format(day=day, text="word " * 80)
            if day < 7
            else HTML.replace('"when">{day} May', '"when">May')
        )
        (folder / f"p{day}.html.gz").write_bytes(gzip.compress(html.encode()))
        url = f"https://herald{day}.example/a"
        truths.append({"id": f"p{day}", "url": url, "date": f"2024-05-{day:02}T10:00:00+00:00"})
    truths.append({"id": "p1", "url": "https://herald.example/b", "date": None})
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, truths)), encoding="utf-8")
    return tmp_path


def test_groups_are_pages_with_a_known_date_and_none_is_a_choice(corpus: Path) -> None:
    groups = read_groups(corpus / "pages", 1.0)
    assert len(groups) == 8
    assert all(rows[0] == {NONE: 1.0} for _, rows, _, _ in groups)
    assert [right for _, _, right, _ in groups] == [[False, True, False, False]] * 6 + [
        [True, False, False]
    ] * 2


def test_what_was_trained_picks_the_right_ones(corpus: Path) -> None:
    groups = read_groups(corpus / "pages", 1.0)
    weights = train(groups, 0.1)
    assert all(hit(group, weights) for group in groups)


@pytest.mark.parametrize(
    ("truth", "day"),
    [("2024-05-03T23:00:00-05:00", date(2024, 5, 3)), ("2024-05", None), ("2022-01.26", None), (None, None)],
)
def test_the_true_day(truth: str | None, day: date | None) -> None:
    assert true_day(truth) == day


def test_the_command_writes_a_model(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "dates.json"
    monkeypatch.setattr("sys.argv", ["train_dates", str(corpus), "--output", str(output)])
    main()
    model = json.loads(output.read_text(encoding="utf-8"))
    assert model["trained_on"]["pages"]["pages"] == 8
    assert NONE in model["weights"]
    assert "right picks by 5 folds: pages" in capsys.readouterr().out
    first = output.read_bytes()
    main()
    assert output.read_bytes() == first


def test_a_folder_without_dates_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["train_dates", str(tmp_path)])
    with pytest.raises(SystemExit, match="holds no folder with a truth"):
        main()
