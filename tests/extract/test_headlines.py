"""The headline among everything that states one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.extract.headlines import LONGEST, choose_headline, list_choices
from newsbot.publishers.model import Layout
from tests.extract.reading import signals_of

TITLE = "Port Alder opens its new bridge after four years of work"


def head(**stated: str) -> str:
    """Return a head that states titles by source."""
    html = ""
    if "ld" in stated:
        html += f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": stated["ld"]})}</script>'
    if "og" in stated:
        html += f'<meta property="og:title" content="{stated["og"]}">'
    return html + (f"<title>{stated['title']}</title>" if "title" in stated else "")


def chosen(html: str, layout: Layout | None = None) -> tuple[str, str] | None:
    return choose_headline(signals_of(html, layout=layout))


def test_a_page_that_states_none() -> None:
    assert chosen("<p>text</p>") is None


def test_the_layout_wins() -> None:
    assert chosen(head(ld=TITLE) + "<h1>Other</h1><h2 class=t>Shown</h2>", Layout(headline=("h2.t",))) == (
        "Shown",
        "layout",
    )


def test_all_agree() -> None:
    assert chosen(head(ld=TITLE, og=TITLE, title=f"{TITLE} | Harbour Herald") + f"<h1>{TITLE}</h1>") == (
        TITLE,
        "html",
    )


@pytest.mark.parametrize(
    ("html", "source"),
    [
        (f"<h1>{TITLE}</h1>", "html"),
        (head(ld=TITLE), "json_ld"),
        (head(og=TITLE), "open_graph"),
        (head(title=TITLE), "html"),
        (f'<meta name="title" content="{TITLE}">', "meta"),
        (
            f'<div itemscope itemtype="https://schema.org/Article"><p itemprop="headline">{TITLE}</p></div>',
            "microdata",
        ),
    ],
)
def test_the_only_statement_is_taken(html: str, source: str) -> None:
    assert chosen(html) == (TITLE, source)


def test_the_sites_name_is_no_headline() -> None:
    html = '<meta property="og:site_name" content="Harbour Herald">' + head(
        og=TITLE, title=f"{TITLE} - Harbour Herald"
    )
    assert chosen(html + "<h1>Harbour Herald</h1>") == (TITLE, "open_graph")


def test_a_name_of_a_section_is_no_headline() -> None:
    found = chosen(head(og=TITLE, ld=TITLE, title=f"{TITLE} | Blog") + f"<h1>Our Blog</h1><h1>{TITLE}</h1>")
    assert found is not None
    assert found[0] == TITLE


def test_statements_are_unescaped_and_freed_of_markup() -> None:
    choices = list_choices(signals_of(head(og="Tom &amp;amp; &lt;i&gt;Jerry&lt;/i&gt; win")))
    assert [choice.text for choice in choices] == ["Tom & Jerry win"]


@pytest.mark.parametrize(
    ("stated", "headline"),
    [
        ("*A Treatise* on bridges", "A Treatise on bridges"),
        ("**Port Alder**", "**Port Alder**"),
        ("Rated 4* by 5* guests", "Rated 4* by 5* guests"),
        ("The pilot\u00e2\u0080\u0099s tale", "The pilot’s tale"),
        ("The pilotâ€™s tale", "The pilot’s tale"),
        ("CafÃ© at the pier", "Café at the pier"),
        ("Château fête, âge d’or", "Château fête, âge d’or"),
    ],
)
def test_leftovers_of_markdown_and_of_a_wrong_charset_are_mended(stated: str, headline: str) -> None:
    assert chosen(f"<h1>{stated}</h1>") == (headline, "html")


def test_equal_statements_are_one_candidate_with_several_sources() -> None:
    choices = list_choices(signals_of(head(ld="Don’t  stop", og="Don't stop") + "<h1>DON'T STOP</h1>"))
    assert [(choice.text, choice.sources) for choice in choices] == [("DON'T STOP", {"h1_0", "ld", "og"})]


def test_a_kicker_within_the_heading_is_a_part() -> None:
    choices = list_choices(signals_of("<h1><span>City</span><span>Bridge opens</span></h1>"))
    assert {choice.text: sorted(choice.sources) for choice in choices} == {
        "City Bridge opens": ["h1_0"],
        "City": ["h1_part"],
        "Bridge opens": ["h1_part"],
    }


@pytest.mark.parametrize("text", ["x", "!!! ***", "w " * LONGEST, "{{ page.title }}"])
def test_what_can_be_no_headline(text: str) -> None:
    assert list_choices(signals_of(f"<h1>{text}</h1>")) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_statement_raises(title: str, heading: str) -> None:
    found = chosen(head(title=title.replace("<", "")) + f"<h1>{heading.replace('<', '')}</h1>")
    assert found is None or (found[0] and len(found[0]) <= LONGEST)
