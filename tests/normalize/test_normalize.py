"""An article's raw values in the dataset's forms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.items import Article
from newsbot.normalize import KEYWORD_LENGTH, MOST_KEYWORDS, Place, normalize

NOW = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
PLACE = Place(time_zone="Europe/Berlin", languages=("de",), now=NOW, site_names=("Harbour Herald",))
BODY = "Die Brücke wurde am Montag vom Bürgermeister eröffnet, und Hunderte gingen hinüber.\n\nSie hat vier Jahre gekostet."


def normal(place: Place = PLACE, **fields: object) -> Article:
    article = Article()
    for name, value in fields.items():
        setattr(article, name, value)
    normalize(article, place)
    return article


def dated(*candidates: tuple[str, str, str], **fields: object) -> Article:
    return normal(PLACE, date_candidates=list(candidates), **fields)


def test_an_empty_article_stays_empty() -> None:
    article = normal()
    assert article.problems == []
    assert article.date_published is None
    assert article.word_count == 0
    assert article.in_language == "de"
    assert article.provenance == {"in_language": "publisher"}


def test_texts_are_folded_and_the_sites_name_goes() -> None:
    article = normal(
        headline=" Bridge\x00  opens | Harbour Herald",
        description="a\n\n\nb",
        body="a \n\n b",
        section=" City ",
    )
    assert (article.headline, article.description, article.body, article.section) == (
        "Bridge opens",
        "a\n\nb",
        "a\n\nb",
        "City",
    )
    assert article.word_count == 2


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        (["a, b,a"], ["a", "b"]),
        (["A", "a", " b "], ["A", "b"]),
        (["a; b, c"], ["a", "b, c"]),
        (["a|b"], ["a", "b"]),
        (["橋、港"], ["橋", "港"]),
        (["x" * (KEYWORD_LENGTH + 1), ""], []),
    ],
)
def test_keywords(raws: list[str], expected: list[str]) -> None:
    assert normal(keywords=raws).keywords == expected
    assert len(normal(keywords=[str(n) for n in range(500)]).keywords) == MOST_KEYWORDS


def test_a_declared_language_that_fits() -> None:
    article = normal(in_language="de_at", body=BODY, provenance={"in_language": "html"})
    assert article.in_language == "de-AT"
    assert article.provenance["in_language"] == "html"


def test_a_declared_language_of_another_script_gives_way() -> None:
    article = normal(in_language="ru", body=BODY, provenance={"in_language": "html"})
    assert article.in_language == "de"
    assert article.provenance["in_language"] == "detected"
    assert article.problems == [("in_language", "wrong_script")]
    assert article.counters == {"normalize/in_language/wrong_script": 1}


def test_the_first_statement_that_is_a_date_wins() -> None:
    article = dated(
        ("date_published", "soon", "json_ld"),
        ("date_published", "2024-05-03T08:00", "meta"),
        ("date_published", "2024-05-02", "url"),
    )
    assert article.date_published == datetime(2024, 5, 3, 6, 0, tzinfo=UTC)
    assert article.date_precision == "minute"
    assert article.date_published_raw == "2024-05-03T08:00"
    assert article.provenance["date_published"] == "meta"
    assert article.problems == []


def test_a_later_statement_completes_the_first() -> None:
    article = dated(
        ("date_published", "2024-05-03", "json_ld"), ("date_published", "2024-05-03T08:00:00Z", "html")
    )
    assert article.date_precision == "instant"
    assert article.date_published == datetime(2024, 5, 3, 8, 0, tzinfo=UTC)
    clock = dated(
        ("date_published", "2024-05-03 08:00", "json_ld"), ("date_published", "2024-05-03T09:00:00Z", "meta")
    )
    assert clock.date_precision == "minute"


def test_a_layouts_date_needs_no_completion() -> None:
    article = dated(
        ("date_published", "2024-05-03", "layout"), ("date_published", "2024-05-03T08:00:00Z", "json_ld")
    )
    assert article.date_precision == "day"


@pytest.mark.parametrize("shown", ["1. Mai 2023", "12. April 2024"])
def test_a_shown_date_corrects_a_declared_one_that_is_days_away(shown: str) -> None:
    article = dated(("date_published", "2024-04-03T08:00:00Z", "json_ld"), ("date_published", shown, "html"))
    assert article.date_published_raw == shown
    assert article.provenance["date_published"] == "html"
    assert article.date_precision == "day"


@pytest.mark.parametrize("shown", ["4. April 2024", "03.04.2024", "04.03.2024"])
def test_a_shown_date_that_says_the_same_corrects_nothing(shown: str) -> None:
    article = dated(
        ("date_published", "2024-04-03T08:00:00Z", "json_ld"),
        ("date_published", "1. Mai 2023", "html"),
        ("date_published", shown, "html"),
    )
    assert article.provenance["date_published"] == "json_ld"


@pytest.mark.parametrize(
    ("locale", "day"),
    [
        ("en_US", datetime(2024, 3, 4, tzinfo=UTC)),
        ("en_GB", datetime(2024, 4, 3, tzinfo=UTC)),
        (None, None),
        ("de_DE", None),
    ],
)
def test_the_locale_tells_the_order_of_numbers(locale: str | None, day: datetime | None) -> None:
    english = Place(now=NOW)
    article = normal(
        english, in_language="en", locale=locale, date_candidates=[("date_published", "03/04/2024", "html")]
    )
    assert article.date_published == day
    assert article.in_language == "en"


def test_a_clear_shown_date_stands_in_for_an_unclear_declared_one() -> None:
    english = Place(languages=("en",), now=NOW)
    stated = [
        ("date_published", "03-04-2024", "open_graph"),
        ("date_published", "Published March 4, 2024", "html"),
    ]
    article = normal(english, date_candidates=stated)
    assert article.date_published == datetime(2024, 3, 4, tzinfo=UTC)
    assert article.provenance["date_published"] == "html"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2030-01-01", "future"),
        ("1970-01-01", "too_early"),
        ("no idea", "not_a_date"),
        ("2024-05-03T08:00+25:00", "bad_offset"),
        ("vor 3 Wochen", "vague"),
    ],
)
def test_a_date_that_means_nothing_is_null_with_a_reason(raw: str, reason: str) -> None:
    article = dated(
        ("date_published", raw, "meta"), provenance={"date_published": "meta"}, date_published_raw=raw
    )
    assert article.date_published is None
    assert article.date_precision is None
    assert article.date_published_raw == raw
    assert "date_published" not in article.provenance
    assert article.problems == [("date_published", reason)]
    assert article.counters == {f"normalize/date_published/{reason}": 1}


def test_behind_an_unclear_shown_date_stand_those_of_teasers() -> None:
    english = Place(languages=("en",), now=NOW)
    shown = [("date_published", "03/04/2024", "html"), ("date_published", "1 May 2024", "html")]
    assert normal(english, date_candidates=shown).date_published is None
    with_url = normal(english, date_candidates=[*shown, ("date_published", "2024-04-03", "url")])
    assert with_url.date_published == datetime(2024, 4, 3, tzinfo=UTC)
    assert with_url.problems == []


def test_relative_dates_count_from_the_visit() -> None:
    assert dated(("date_published", "vor 2 Stunden", "html")).date_published == datetime(
        2024, 5, 4, 10, 0, tzinfo=UTC
    )


def test_a_change_before_the_publication_is_null() -> None:
    article = dated(
        ("date_published", "2024-05-03T08:00Z", "json_ld"), ("date_modified", "2024-05-01T08:00Z", "json_ld")
    )
    assert article.date_modified is None
    assert article.problems == [("date_modified", "before_published")]
    close = dated(
        ("date_published", "2024-05-03T08:00Z", "json_ld"), ("date_modified", "2024-05-03T07:55Z", "json_ld")
    )
    assert close.date_modified == datetime(2024, 5, 3, 7, 55, tzinfo=UTC)


def test_an_items_own_instant_is_taken_as_utc() -> None:
    instant = datetime(2024, 5, 3, 8, 0, tzinfo=UTC)
    assert normal(date_published=instant.replace(tzinfo=None)).date_published == instant
    assert normal(date_published_raw="2024-05-03T08:00Z").date_published == instant


def test_authors_are_persons_and_credits_keep_the_rest() -> None:
    article = normal(authors=["By Ada Quill", "Harbour Herald", "AFP"], provenance={"authors": "json_ld"})
    assert article.authors == ["Ada Quill"]
    assert article.credited == ["Ada Quill", "Harbour Herald", "AFP"]
    nobody = normal(authors=["AFP"], provenance={"authors": "json_ld"})
    assert nobody.authors == []
    assert "authors" not in nobody.provenance


def test_the_canonical_url_loses_trackers_and_fragment() -> None:
    article = normal(
        canonical_url="https://h.example/a?utm_source=x&id=5#top", provenance={"canonical_url": "html"}
    )
    assert article.canonical_url == "https://h.example/a?id=5"
    bad = normal(canonical_url="ftp://h.example/a", provenance={"canonical_url": "html"})
    assert bad.canonical_url is None
    assert bad.problems == [("canonical_url", "not_a_url")]
    assert bad.provenance == {"in_language": "publisher"}


def test_rights_are_folded_and_images_without_address_go() -> None:
    article = normal(
        rights={"robots": "noindex\x00\n, \u202enoarchive", "tdm_policy": None}, images=[{"url": "\x00"}]
    )
    assert article.rights == {"robots": "noindex , noarchive", "tdm_policy": None}
    assert article.images == []


def test_captions_are_folded() -> None:
    article = normal(images=[{"url": "https://h.example/a.jpg", "caption": " a\n b ", "credit": "\x00"}])
    assert article.images == [{"url": "https://h.example/a.jpg", "caption": "a b", "credit": None}]


_WILD = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@given(_WILD, st.lists(_WILD, max_size=3), _WILD, _WILD)
def test_no_strings_raise(text: str, many: list[str], raw: str, url: str) -> None:
    article = dated(
        ("date_published", raw, "meta"),
        ("date_modified", raw, "meta"),
        headline=text,
        description=text,
        body=text,
        section=text,
        keywords=many,
        authors=many,
        in_language=raw,
        canonical_url=url,
        url=url,
        image_url=url,
        site_names=many,
    )
    for value in (
        article.headline,
        article.body,
        article.description,
        article.canonical_url,
        article.image_url,
        *article.keywords,
        *article.authors,
    ):
        assert value is None or (value and value.encode())
    assert article.date_published is None or article.date_published.year <= 2024
