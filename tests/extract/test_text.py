"""newsbot.extract.text: articles off plain-text dumps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsbot.clean import clean
from newsbot.extract.text import read_text
from newsbot.items import Article, Page
from newsbot.publishers.model import Layout, Publisher

FIXTURE = Path(__file__).parent.parent / "fixtures" / "dumps" / "ferry.txt"
PLAIN = Publisher(name="tide", site="https://tide.example")
WITH_STANDFIRST = Publisher(
    name="tide", site="https://tide.example", layouts=(Layout(standfirst=("p.lead",)),)
)
BODY = [
    "The harbour board bought a ferry on Monday, after four years of talks and two lawsuits, its chair said in the customs house.",
    "“It floats, and it is ours,” she told the islanders, who had come in their hundreds to see the boat tied up at the mole.",
    "The price was not made known. The two yards that had bid for the contract did not answer questions sent to them on Tuesday.",
    "Pilots had warned for years that the old boat would not last another winter, and three times it had broken down halfway.",
    "A first crossing with passengers is planned for the end of the month, if the inspectors find nothing wrong with it.",
]


def read(text: str, publisher: Publisher = PLAIN) -> Article:
    page = Page(
        url=None, body=text.encode(), fetched_at=datetime(2024, 5, 6, tzinfo=UTC), status=None, media="text"
    )
    article = read_text(page, publisher)
    clean(article)
    return article


def test_the_repositorys_own_dump_of_the_seeds_build() -> None:
    article = read(FIXTURE.read_text(encoding="utf-8"), WITH_STANDFIRST)
    assert article.headline == (
        "Harbour board ‘will not wait’ for new ferry, but islanders doubt the old one lasts the winter"
    )
    assert article.description is not None and article.description.startswith(
        "The port’s governing body says"
    )
    assert article.date_published_raw == "14 Mar, 2019 08:05"
    assert article.authors == []
    assert article.body is not None
    paragraphs = article.body.split("\n\n")
    assert [paragraph.split()[0] for paragraph in paragraphs] == ["In", "She", "On", "However,", "The"]
    for gone in ("icon ", "Also on", "Share this story", "Harbour board ‘will"):
        assert gone not in article.body


def test_menus_before_and_links_behind_are_left_out() -> None:
    dump = [
        "Home",
        "World",
        "Sport",
        "Sign in",
        "Ferry bought",
        *BODY,
        "Most read",
        "Ten ways to tie a knot",
        "Contact",
        "Imprint",
    ]
    article = read("\n".join(dump))
    assert article.headline == "Ferry bought"
    assert article.body == "\n\n".join(BODY)


def test_the_headline_is_the_line_that_is_said_twice_and_made_of_the_texts_words() -> None:
    # The first line of a dump is its window's title; another's there would be no dump of this page.
    dump = ["The Tide", "A storm is coming | Tide", "A storm is coming", "Islanders see their ferry | Tide"]
    dump += ["Islanders see their ferry", "A teaser of something else entirely", *BODY]
    assert read("\n".join(dump)).headline == "Islanders see their ferry"


def test_the_sites_name_is_cut_off_a_window_title() -> None:
    dump = ["Islanders see their ferry - The Tide", "Home", "News", *BODY]
    article = read("\n".join(["Islanders see their ferry", *dump[1:]]))
    assert article.headline == "Islanders see their ferry"


@pytest.mark.parametrize(
    "line",
    [
        "1 Dec, 2020 11:42",
        "Published: 3 May 2024",
        "May 3, 2024 5:06 pm",
        "2024-05-03T11:00:00Z",
        "03.05.2024, 14:00 Uhr",
        "3 de mayo de 2024",
        "3 мая 2024, 12:00",
        "2024年5月3日",
    ],
)
def test_a_date_line_near_the_headline_is_the_raw_date(line: str) -> None:
    article = read("\n".join(["Islanders see their ferry", line, *BODY]))
    assert article.date_published_raw == line
    assert article.provenance["date_published"] == "text"
    assert line not in (article.body or "")


def test_an_updated_date_is_the_date_of_change() -> None:
    article = read(
        "\n".join(["Islanders see their ferry", "Published 3 May 2024, updated 4 May 2024", *BODY])
    )
    assert article.date_published_raw is not None and "3 May 2024" in article.date_published_raw
    assert article.date_modified_raw is not None and "4 May 2024" in article.date_modified_raw


def test_a_date_in_a_sentence_is_no_date_line() -> None:
    article = read(
        "\n".join(
            [
                "Islanders see their ferry",
                *BODY,
                "The last boat was bought on 3 May 2008, and sold in a year.",
            ]
        )
    )
    assert article.date_published_raw is None
    assert article.body is not None and "3 May 2008" in article.body


@pytest.mark.parametrize(
    "byline", ["By Jane Doe", "Von Jane Doe", "Par Jane Doe", "By Jane Doe and John Roe"]
)
def test_a_byline_names_the_authors_and_leaves_the_text(byline: str) -> None:
    article = read("\n".join(["Islanders see their ferry", byline, *BODY]))
    assert article.authors == [byline.split(maxsplit=1)[1]]
    assert byline not in (article.body or "")


@pytest.mark.parametrize("line", ["By the harbour they waited", "By 2030 it will be gone"])
def test_a_line_that_begins_like_a_byline_is_none(line: str) -> None:
    assert read("\n".join(["Islanders see their ferry", line, *BODY])).authors == []


def test_a_first_paragraph_parted_from_the_rest_is_the_standfirst() -> None:
    lead = "After four years of talks the islanders get their boat at last."
    article = read("\n".join(["Islanders see their ferry", lead, "By Jane Doe", "3 May 2024", *BODY]))
    assert article.description == lead
    assert article.body == "\n\n".join(BODY)


def test_without_a_sign_of_one_there_is_no_standfirst() -> None:
    article = read("\n".join(["Islanders see their ferry", *BODY]))
    assert article.description is None
    assert article.body == "\n\n".join(BODY)


def test_sub_headings_and_lists_amid_the_text_stay() -> None:
    dump = [
        "Islanders see their ferry",
        BODY[0],
        "What it cost",
        BODY[1],
        "• two masts",
        "• an engine",
        BODY[2],
    ]
    article = read("\n".join(dump))
    assert article.body == "\n\n".join(dump[1:])
    assert [block.role for block in article.blocks if block.kept] == [
        "body",
        "heading",
        "body",
        "list",
        "list",
        "body",
    ]


def test_a_dump_without_sentences_has_no_body() -> None:
    article = read("Home\nWorld\nSport\nSign in\n")
    assert article.body is None
    assert article.confidence == 0


def test_every_line_is_a_block_kept_or_dropped_with_a_reason() -> None:
    article = read("\n".join(["Home", "Islanders see their ferry", *BODY, "Contact"]))
    assert len(article.blocks) == len(BODY) + 3
    assert all(block.kept or block.reason for block in article.blocks)
