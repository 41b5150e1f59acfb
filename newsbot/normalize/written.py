"""Gives back the date as the page wrote it, for comparing with labelled pages, where a day is the reader's, not UTC's."""

from __future__ import annotations

from newsbot.items import Article
from newsbot.normalize import languages_of
from newsbot.normalize.dates import ParsedDate, Reading, parse_date
from newsbot.normalize.place import Place


def written_date(article: Article, place: Place) -> str | None:
    """Return the date of a normalised article in ISO 8601, with the offset it was written in; a day where no more is known.

    The date of publication, else of the last change, else None. The dataset keeps instants in UTC, in which an article of a
    Monday evening in New York is one of Tuesday.
    """
    instant = article.date_published or article.date_modified
    if instant is None:
        return None
    is_day = article.date_published is not None and article.date_precision == "day"
    raw = article.date_published_raw if article.date_published else article.date_modified_raw
    languages = tuple(languages_of(article, place))
    reading = Reading(
        place.time_zone, languages, place.date_order, article.fetched_at or place.now, relative=True
    )
    parsed = parse_date(raw or "", reading)
    if not isinstance(parsed, ParsedDate):
        return instant.date().isoformat() if is_day else instant.isoformat()
    if parsed.precision == "day":
        return parsed.instant.date().isoformat()
    local = parsed.local if parsed.local is not None and parsed.local.tzinfo else parsed.instant
    return local.isoformat()
