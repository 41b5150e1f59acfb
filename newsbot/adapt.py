"""Takes in a user's own spider's item: dict, attrs, dataclass, pydantic or Scrapy item with Article's fields, as an Article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from itemadapter import ItemAdapter

from newsbot.exceptions import InputError
from newsbot.items import Article

_WORKING = {"kind", "blocks", "problems", "counters", "page", "packed", "sighted"}
_FIELDS = {field.name for field in fields(Article)} - _WORKING
_TEXTS = ("headline", "description", "body", "url", "canonical_url", "section", "in_language", "image_url")
_LISTS = ("authors", "keywords")
_DATES = ("date_published", "date_modified")


def adapt(item: Any) -> Article:
    """Return the item as an Article: same field names, dates as datetime or text, lists or single texts for list fields.

    Unknown fields are counted, not kept. Raises InputError for what itemadapter does not know.
    """
    if not ItemAdapter.is_item(item):
        raise InputError(
            f"a spider yielded {type(item).__name__}; yield a dict, dataclass, attrs, pydantic or Scrapy item with the fields "
            "of docs/DATASET.md"
        )
    given = {name: value for name, value in ItemAdapter(item).items() if value is not None}
    article = Article()
    for name in given.keys() & _FIELDS:
        setattr(article, name, given[name])
        if name in _TEXTS + _LISTS + _DATES:
            article.provenance[name] = "item"
    unknown = len(given.keys() - _FIELDS)
    if unknown:
        article.counters["normalize/item/unknown_field"] = unknown
    for name in _LISTS:
        setattr(article, name, _texts(getattr(article, name)))
    for name in _DATES:
        _take_date(article, name)
    return article


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(part) for part in value] if isinstance(value, Iterable) else [str(value)]


def _take_date(article: Article, name: str) -> None:
    """Leave the date as raw text: normalize is the one place that turns text into an instant."""
    value = getattr(article, name)
    if isinstance(value, (datetime, date)):
        value = value.isoformat()
    if value is not None and getattr(article, f"{name}_raw") is None:
        setattr(article, f"{name}_raw", str(value))
    setattr(article, name, None)
