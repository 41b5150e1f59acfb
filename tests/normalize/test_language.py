"""Language tags, and whether they fit the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.normalize.language import detect, fits, fold_tag, script_of


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("pt_br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("en_US.UTF-8", "en-US"),
        ("de, en", "de"),
        ("iw", "he"),
        ("ua", "uk"),
        ("de-CH-1996", "de-CH"),
        ("und", None),
        ("mul", None),
        ("english", None),
        ("", None),
        (None, None),
        ("{{lang}}", None),
        ("x", None),
    ],
)
def test_fold_tag(tag: str | None, expected: str | None) -> None:
    assert fold_tag(tag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bridge", "LATIN"),
        ("Мост открыт", "CYRILLIC"),
        ("橋が開く", "CJK"),
        ("ひらがな", "HIRAGANA"),
        ("123", None),
        ("", None),
    ],
)
def test_script_of(text: str, expected: str | None) -> None:
    assert script_of(text) == expected


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("de", "Мост открыт", False),
        ("ru", "Мост открыт", True),
        ("ru", "The bridge opens", False),
        ("sr-Latn", "Most otvoren", True),
        ("ja", "橋が開通した", True),
        ("zh", "大桥通车", True),
        ("en", "大桥通车", False),
        ("en", "123", True),
    ],
)
def test_fits(tag: str, text: str, expected: bool) -> None:
    assert fits(tag, text) is expected


def test_detection_needs_some_text() -> None:
    assert detect("Bridge") is None
    text = (
        "The bridge was opened by the mayor on Monday, and hundreds of people from the town walked across it."
    )
    assert detect(text) == "en"


@given(st.text(max_size=60))
def test_no_tag_raises(tag: str) -> None:
    folded = fold_tag(tag)
    assert folded is None or fold_tag(folded) == folded
