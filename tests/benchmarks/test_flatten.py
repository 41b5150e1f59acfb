"""benchmarks.flatten: pages as plain text."""

from __future__ import annotations

import pytest

from benchmarks.flatten import EDGE, FORMS, flatten, marked

PAGE = (
    "<html><head><title>Ferry | Tide</title><style>p {}</style></head><body><svg><symbol><title>icon boat</title></symbol></svg>"
    "<nav><a>Home</a><a>Sport</a></nav>\n<h1>A <b>fer</b>ry</h1><img alt='A boat'><p>One\n line.</p><p>Two.<br>Three.</p>"
    "<script>no()</script></body></html>"
)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("blank", "icon boat\n\nHomeSport\n\nA ferry\n\nA boat\n\nOne line.\n\nTwo.\n\nThree."),
        ("wet", "Ferry | Tide\nHomeSport\nA ferry\nOne line.\nTwo.\nThree."),
        ("raw", "Ferry | Tide\nHomeSport\nA ferryOne\nline.Two.Three."),
        ("glued", "HomeSport A ferryOne line.Two.Three."),
    ],
)
def test_the_four_forms(form: str, text: str) -> None:
    assert flatten(PAGE, form) == text
    assert form in FORMS


def test_edges_stand_where_blocks_begin_and_end() -> None:
    assert marked("<div>Home</div><p>A <b>fer</b>ry</p>x").split(EDGE) == [
        "",
        "",
        "Home",
        "",
        "A ferry",
        "x",
        "",
    ]
    assert marked(PAGE).replace(EDGE, "") == flatten(PAGE, "glued")
