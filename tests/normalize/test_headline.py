"""The site's name off a headline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.normalize.headline import cut_site_name, fold_name

NAMES = ["Harbour Herald", "www.harbour-herald.com"]


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Bridge opens | Harbour Herald", "Bridge opens"),
        ("Bridge opens - The Harbour Herald", "Bridge opens"),
        ("Bridge opens — HARBOUR HERALD", "Bridge opens"),
        ("Harbour Herald: Bridge opens", "Harbour Herald: Bridge opens"),
        ("Harbour Herald : Bridge opens", "Bridge opens"),
        ("Bridge opens | City | Harbour Herald", "Bridge opens | City"),
        ("Bridge opens - and closes", "Bridge opens - and closes"),
        ("Harbour Herald", "Harbour Herald"),
        ("Harbour Herald | Harbour Herald", "Harbour Herald"),
        ("Harbour Herald wins prize", "Harbour Herald wins prize"),
        ("Bridge｜Harbour Herald", "Bridge"),
        ("Bridge opens | harbour-herald.com", "Bridge opens"),
    ],
)
def test_cut(headline: str, expected: str) -> None:
    assert cut_site_name(headline, NAMES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Harbour Herald", "harbourherald"),
        ("https://www.harbour-herald.co.uk", "harbourherald"),
        ("RT", "rt"),
        ("  ", ""),
        ("n-tv.de", "ntv"),
    ],
)
def test_fold_name(name: str, expected: str) -> None:
    assert fold_name(name) == expected


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=3))
def test_something_always_stays(headline: str, names: list[str]) -> None:
    cut = cut_site_name(headline, names)
    assert cut in headline
    assert bool(cut.strip()) == bool(headline.strip())
