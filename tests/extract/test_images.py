"""Lead image and figures."""

from __future__ import annotations

import json

import pytest

from newsbot.extract.images import IMAGE_LIMIT, link
from newsbot.publishers.model import Layout
from tests.extract.reading import article_of

BASE = "https://www.harbour-herald.example"


def test_a_page_without_images() -> None:
    article = article_of("<h1>Bridge</h1>")
    assert article.image_url is None
    assert article.images == []
    assert "image_url" not in article.provenance


def test_the_lead_image_is_open_graphs_and_first() -> None:
    html = '<meta property="og:image" content="/lead.jpg">'
    html += '<figure><img src="/two.jpg"><figcaption>The bridge. Photo: Ada Quill</figcaption></figure>'
    article = article_of(html)
    assert article.image_url == f"{BASE}/lead.jpg"
    assert article.provenance["image_url"] == "open_graph"
    assert article.images == [
        {"url": f"{BASE}/lead.jpg", "caption": None, "credit": None},
        {"url": f"{BASE}/two.jpg", "caption": "The bridge. Photo: Ada Quill", "credit": "Photo: Ada Quill"},
    ]


def test_the_layout_wins() -> None:
    article = article_of(
        '<meta property="og:image" content="/a.jpg"><img class=hero src=/b.jpg>',
        layout=Layout(image=("img.hero",)),
    )
    assert article.image_url == f"{BASE}/b.jpg"


def test_images_of_json_ld_with_caption_and_credit() -> None:
    image = {"@type": "ImageObject", "url": f"{BASE}/a.jpg", "caption": "A", "creditText": "Ada"}
    node = {"@type": "NewsArticle", "headline": "B", "image": [image, f"{BASE}/b.jpg", {"@id": "data:x"}, 7]}
    article = article_of(f'<script type="application/ld+json">{json.dumps(node)}</script>')
    assert article.image_url == f"{BASE}/a.jpg"
    assert article.images == [
        {"url": f"{BASE}/a.jpg", "caption": "A", "credit": "Ada"},
        {"url": f"{BASE}/b.jpg", "caption": None, "credit": None},
    ]


def test_a_figure_completes_what_is_stated() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>A</figcaption><b class="credit">Ada</b></figure>'
    html = f'<meta property="og:image" content="/a.jpg">{figure}'
    assert article_of(html).images == [{"url": f"{BASE}/a.jpg", "caption": "A", "credit": "Ada"}]
    stated = json.dumps({"@type": "NewsArticle", "headline": "B", "image": f"{BASE}/a.jpg"})
    article = article_of(f'<script type="application/ld+json">{stated}</script>{html}')
    assert article.images == [{"url": f"{BASE}/a.jpg", "caption": "A", "credit": "Ada"}]


def test_lazy_images_and_framed_ones() -> None:
    html = (
        '<figure><img src="data:image/gif;base64,xx" data-src="/a.jpg"></figure>'
        '<figure><img srcset="/b.jpg 1x, /c.jpg 2x"></figure>'
        '<aside><figure><img src="/d.jpg"></figure></aside><figure><p>no image</p></figure>'
    )
    assert [image["url"] for image in article_of(html).images] == [f"{BASE}/a.jpg", f"{BASE}/b.jpg"]


def test_many_figures_are_bounded() -> None:
    html = "".join(f'<figure><img src="/{n}.jpg"></figure>' for n in range(IMAGE_LIMIT * 3))
    assert len(article_of(html).images) == IMAGE_LIMIT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/a b.jpg", f"{BASE}/a%20b.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("https://cdn.example/a.jpg?x=1&amp;y=2", "https://cdn.example/a.jpg?x=1&y=2"),
        ("data:image/png;base64,x", None),
        ("javascript:alert(1)", None),
        ("http://[x", None),
        ("", None),
        (None, None),
    ],
)
def test_links(value: str | None, expected: str | None) -> None:
    assert link(value, f"{BASE}/") == expected
