"""What the headline's model is told of each candidate."""

from __future__ import annotations

import pytest

from newsbot.extract.headline_features import features
from newsbot.extract.headlines import list_choices
from tests.extract.reading import signals_of
from tests.extract.test_headlines import TITLE, head


def told(html: str) -> dict[str, dict[str, float]]:
    """Return the features of each candidate of a page by its text."""
    signals = signals_of(html)
    choices = list_choices(signals)
    return {choice.text: row for choice, row in zip(choices, features(choices, signals), strict=True)}


def test_features_are_finite_and_named_in_the_model_or_ignored() -> None:
    signals = signals_of(
        head(ld=TITLE, og=f"{TITLE} | City", title=f"{TITLE} | City | Herald") + "<h1>Bridge</h1>"
    )
    rows = features(list_choices(signals), signals)
    assert all(-1 <= value <= 2 for row in rows for value in row.values())
    assert all(0.0 not in row.values() for row in rows)


def test_the_main_heading_is_the_one_that_is_most_like_the_title() -> None:
    rows = told(f"<title>{TITLE} | Herald</title><h1>Menu of the day</h1><h1>{TITLE}</h1>")
    assert rows[TITLE]["main_yes&other"] == 1.0
    assert not any(name.startswith("main") for name in rows["Menu of the day"])


@pytest.mark.parametrize(
    ("heading", "likeness"),
    [
        ("Port Alder opens bridge", "yes"),
        ("Alder trees in a garden by the lake", "maybe"),
        ("Quite another", "no"),
    ],
)
def test_how_like_the_main_heading_is(heading: str, likeness: str) -> None:
    assert told(head(og=TITLE) + f"<h1>{heading}</h1>")[heading][f"main_{likeness}&other"] == 1.0


@pytest.mark.parametrize("heading", ["Our Blog", "Harbour Herald"])
def test_a_section_and_the_site_are_no_main_heading(heading: str) -> None:
    rows = told(f'<meta property="og:site_name" content="Harbour Herald"><h1>{heading}</h1><h1>{TITLE}</h1>')
    assert not any(name.startswith("main") for name in rows[heading])
    assert any(name.startswith("main") for name in rows[TITLE])


def test_separators_and_kind_of_page() -> None:
    rows = told(head(ld="Bridge - opens") + "<h1>City | News | Harbour</h1>")
    assert rows["Bridge - opens"]["hyphened&news"] == 1.0
    assert rows["City | News | Harbour"]["barred&news"] == 1.0
