"""Which texts may hold a date."""

from __future__ import annotations

import pytest

from newsbot.extract.digits import with_dates, with_digits


def test_digits_of_every_script_are_seen() -> None:
    digits = [chr(code) for code in range(0x110000) if chr(code).isdecimal()]
    assert len(digits) > 600
    texts = [text for digit in digits for text in ("no “date” — été", f"день {digit}")]
    assert {*range(1, len(texts), 2)} <= {*with_digits(texts)}
    assert with_digits(["Ada’s “x”…", "港", "été 2", ""]) == [2]
    assert with_digits(["a\vb", "2"]) == [0, 1] and with_digits([]) in ([], [0])


@pytest.mark.parametrize(
    "text",
    [
        "2 May 2024",
        "02.05.24",
        "5/2/24",
        "02-05-24",
        "2 May 1999",
        "٣ مايو ٢٠٢٤",
        "24년 3월 5일",
        "2 พฤษภาคม 2567",
    ],
)
def test_dates_of_many_forms(text: str) -> None:
    assert with_dates(["Ada", text]) == [1]


@pytest.mark.parametrize("text", ["2024", "5 of 10 comments", "10:30", "3-4", "1.5 of 2", "May"])
def test_numbers_that_are_no_dates(text: str) -> None:
    assert with_dates([text, "Ada"]) == []
