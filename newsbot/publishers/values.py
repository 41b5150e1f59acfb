"""What each value of a publisher file may be: one function a form, which returns the value or raises ValueError with the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

Form = Callable[[Any], Any]

KINDS = ("feed", "sitemap", "news_sitemap", "section", "archive")
ORDERS = ("DMY", "MDY", "YMD")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")
# ISO 639-1, and sh, which IANA's registry of language tags has too.
_LANGUAGES = frozenset(
    (  # noqa: SIM905 - a list of 185 would fill the page
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
        "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
        "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
        "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
        "rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to "
        "tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    ).split()
)
_TEMPLATE = re.compile(r"\{(year|month|day)(?::0?(\d))?\}")
_EMPTY_PAGE = LexborHTMLParser("<p>")


def text(value: Any) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError('give a text, such as "…"')
    return value.strip()


def flag(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError("give true or false, without quotes")  # noqa: TRY004 - one kind of error for all forms
    return value


def count(value: Any) -> int:
    """Return a whole number, 1 or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("give a whole number, 1 or more")
    return value


def seconds(value: Any) -> float:
    """Return seconds, 0 to 120."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 120:
        raise ValueError("give seconds, 0 to 120")
    return float(value)


def day(value: Any) -> date:
    """Return a day."""
    if type(value) is not date:
        raise ValueError("give a day without quotes, such as 2021-03-31")
    return value


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """Return the codes of the time zone database's table of countries; Kosovo's is in use but not assigned."""
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    codes = (line[:2].lower() for line in table.splitlines() if not line.startswith("#"))
    return frozenset({*codes, "xk"})


def country(value: Any) -> str:
    """Return an ISO 3166-1 alpha-2 code in lower case."""
    if not isinstance(value, str) or not re.fullmatch("[a-z]{2}", value):
        raise ValueError('give the ISO 3166 code in lower case, such as "de"')
    if value not in _countries():
        raise ValueError('no country has this ISO 3166 code; give one such as "de", or "gb" for Britain')
    return value


def language(value: Any) -> str:
    """Return a BCP 47 tag. Of its language's code only two letters are looked up: of three there are eight thousand."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError('give BCP 47, such as "en", "pt-BR" or "sr-Latn"')
    code = value.split("-")[0]
    if len(code) == 2 and code not in _LANGUAGES:
        raise ValueError(f'{code} is no language\'s code; give BCP 47, such as "en", "pt-BR" or "sr-Latn"')
    return value


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(value: Any) -> str:
    """Return the name of a time zone."""
    if not isinstance(value, str) or value not in _zones():
        raise ValueError('give an IANA time zone, such as "Europe/Berlin" or "UTC"')
    return value


def one_of(*allowed: str) -> Form:
    """Return the form of a value that is one of these."""

    def form(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"take {', '.join(allowed[:-1])} or {allowed[-1]}")
        return str(value)

    return form


def web_address(value: Any) -> str:
    """Return an absolute http(s) URL without credentials."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        is_address = parts and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or re.search(r"\s", value):
        raise ValueError('give an absolute address, such as "https://www.example.com/rss"')
    if parts and parts.username is not None:
        raise ValueError("leave out user name and password: they would end up in logs and rows")
    return str(value)


def site(value: Any) -> str:
    """Return a site's root URL without trailing slash."""
    url = web_address(value).rstrip("/")
    if urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError('give the root of the site, such as "https://www.example.com"')
    return url


def template(value: Any) -> str:
    """Return the URL of dated archive pages, with at least {year}."""
    url = web_address(value)
    if "{" in _TEMPLATE.sub("", url) or "{year" not in url or ("{day" in url and "{month" not in url):
        raise ValueError(
            "put {year}, {month} or {month:02}, {day} or {day:02} where the date stands, the year at least"
        )
    return url


def pattern(value: Any) -> str:
    """Return a regular expression."""
    try:
        re.compile(text(value))
    except re.error as error:
        raise ValueError(
            f"no regular expression ({error}); write it in single quotes: '/news/\\d+'"
        ) from None
    return str(value)


def selector(value: Any) -> str:
    """Return a CSS selector."""
    try:
        _EMPTY_PAGE.css(text(value))
    except SelectolaxError:
        raise ValueError('no CSS selector; such as "div.article__text"') from None
    return str(value)


def many(form: Form) -> Form:
    """Return the form of a list of values, each of one form; a single value may stand for a list of one."""

    def of_list(value: Any) -> tuple[Any, ...]:
        values = tuple(form(one) for one in (value if isinstance(value, list) else [value]))
        if len(set(values)) != len(values):
            raise ValueError("a value stands here twice; take one out")
        return values

    return of_list
