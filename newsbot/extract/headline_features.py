"""Describes the candidates for a headline: the features (by name) that headlines.py weighs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsbot.extract.json_ld import types
from newsbot.extract.nodes import fold
from newsbot.extract.signals import Signals

_BASE = ("h1_0", "ld", "og", "title", "twitter")
_OTHER = ("ld_name", "ld_other", "h1_marked", "h1_1", "h1_framed", "h1_part", "item", "item_name", "meta")
_HEADINGS = frozenset({"h1_0", "h1_1", "h1_2", "h1_framed"})
_WITNESSES = frozenset({"h1_0", "ld", "og", "title", "twitter", "item"})
_CUTS = ("_cut", "_lead")
_PARTIAL = (*_CUTS, "_part")
"""Ends of the names of sources that are parts of a statement."""
_GENERIC = re.compile(
    r"(?:\W|the|our|all|latest|company)*(?:blog|news|articles?|insights?|perspectives?|resources?|press releases?|magazine|stories|"
    r"updates?|reports?|related articles?|search|menu|home|media|events?|publications?|aktuelles|nachrichten|artikel|actualités|"
    r"noticias|новости|notizie|ニュース)(?:\s+(?:blog|updates?|room|cent(?:re|er)|posts?|details?|page))?\W*$",
    re.IGNORECASE,
)
"""Headings that name a part of a site."""
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Choice:
    """A candidate headline."""

    text: str
    sources: set[str] = field(default_factory=set)
    order: int = 0


def _key(text: str) -> str:
    return fold(text) or text


@lru_cache(maxsize=1000)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


@dataclass(slots=True)
class _Setting:
    """What the candidates of one page are held against."""

    genre: str
    keys: list[str]
    names: set[str]
    slug: frozenset[str]
    title: frozenset[str]
    heading: str = ""
    """Key of the first heading."""
    og: str = ""
    og_words: frozenset[str] = frozenset()
    longest: int = 0
    main: int = -1
    """Index of the heading that is most like the page's other statements: above it others often stand, of site or section."""
    likeness: str = "no"
    """How like them it is: yes, maybe or no."""


def features(choices: list[Choice], signals: Signals) -> list[dict[str, float]]:
    """Return the features of each candidate: what states it, how it relates to the others, what it looks like."""
    setting = _setting(choices, signals)
    rows = []
    for index, (choice, key) in enumerate(zip(choices, setting.keys, strict=True)):
        row = _stated_by(choice, setting.genre) | _looks(choice, key, setting)
        for name, main in (("h1", setting.heading), ("og", setting.og)):
            if main and key != main:
                row[_relation(key, main).format(name)] = 1.0
        if index == setting.main:
            row[f"main_{setting.likeness}&{setting.genre}"] = 1.0
        rows.append({name: value for name, value in row.items() if value})
    return rows


def _setting(choices: list[Choice], signals: Signals) -> _Setting:
    keys = [_key(choice.text) for choice in choices]
    keyed = list(zip(choices, keys, strict=True))
    path = unquote(urlsplit(signals.page.url).path) if signals.page.url else ""
    setting = _Setting(
        genre=_genre(signals),
        keys=keys,
        names={_key(name) for name in _names(signals)} - {""},
        slug=_words(re.sub(r"[-_/.+]", " ", path)),
        title=_words(signals.shown.title or ""),
    )
    for wanted in ({"h1_0"}, {"h1_framed", "ld"}):
        setting.heading = setting.heading or next((k for c, k in keyed if wanted <= c.sources), "")
    for choice, key in keyed:
        if "og" in choice.sources:
            setting.og, setting.og_words = key, _words(choice.text)
            break
    main = {"h1_0", "ld", "og", "title_cut"}
    setting.longest = max((len(key) for choice, key in keyed if choice.sources & main), default=0)
    _find_main(setting, choices)
    return setting


def _find_main(setting: _Setting, choices: list[Choice]) -> None:
    """Set the main heading: the first of those whose words are most of all in the title or og:title."""
    best: tuple[float, bool] = (-1.0, False)
    for index, (choice, key) in enumerate(zip(choices, setting.keys, strict=True)):
        if choice.sources.isdisjoint(_HEADINGS) or key in setting.names or _GENERIC.match(choice.text):
            continue
        words = _words(choice.text)
        like = max(_share(words, setting.title), _share(words, setting.og_words))
        rank = (round(like, 1), "h1_0" in choice.sources)
        if rank > best:
            best, setting.main = rank, index
            setting.likeness = "yes" if like >= 0.3 else "maybe" if like >= 0.12 else "no"


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the first words that are among the others."""
    return len(one & other) / len(one) if one else 0.0


def _stated_by(choice: Choice, genre: str) -> dict[str, float]:
    """Return the features of a candidate's sources."""
    sources = choice.sources
    cut = {name.split("_")[0] for name in sources if name.endswith(_CUTS)}
    row = {f"{name}&{genre}": 1.0 for name in _BASE if name in sources}
    row |= {name: 1.0 for name in _OTHER if name in sources}
    if "title" in cut and "title" not in sources:
        row[f"title_cut&{genre}"] = 1.0
    if "og" in cut and "og" not in sources:
        row["og_cut"] = 1.0
    shown = not sources.isdisjoint(("h1_0", "h1_part", "h1_framed"))
    row["shown_and_ld"] = float(shown and "ld" in sources)
    row["shown_and_og"] = float(shown and "og" in sources)
    row["ld_and_og"] = float("ld" in sources and "og" in sources)
    row["agree"] = len((sources | cut) & _WITNESSES) / 4
    row["alone"] = float(len(sources) - ("h1_marked" in sources) == 1)
    row[f"only_cut&{genre}"] = float(all(name.endswith(_PARTIAL) for name in sources))
    return row


def _looks(choice: Choice, key: str, setting: _Setting) -> dict[str, float]:
    """Return the features of a candidate's text, by itself and beside the page's URL, names and other statements."""
    words, length, longest = _words(choice.text), len(key), setting.longest
    row = {
        f"longest&{setting.genre}": float(length == longest),
        "length": min(length, 120) / 120,
        "length_of_longest": min(length / longest, 1.0) if longest else 0.0,
        "like_slug": len(words & setting.slug) / len(words) if words and setting.slug else 0.3,
        "like_title": _overlap(words, setting.title),
        "generic": float(_GENERIC.match(choice.text) is not None),
        "is_site": float(key in setting.names),
        "ends_site": float(
            any(key.endswith(name) and key != name for name in setting.names if len(name) > 2)
        ),
        "cut_short": float(choice.text.rstrip().endswith(("…", "..."))),
        "one_word": float(len(words) < 2),
        f"barred&{setting.genre}": float("|" in choice.text),
        f"hyphened&{setting.genre}": float(" - " in choice.text),
        "holds": float(any(other != key and other in key for other in setting.keys if len(other) > 12)),
    }
    if "h1_0" in choice.sources and setting.og:
        row["h1_like_og"] = _overlap(words, setting.og_words)
    return row


def _genre(signals: Signals) -> str:
    """Return what kind of writing the page says it is: publishers of news fill og:title and JSON-LD with other care than blogs."""
    kinds = types(signals.graph.article)
    if any(kind.endswith("newsarticle") or kind == "liveblogposting" for kind in kinds):
        return "news"
    return "article" if signals.graph.is_article else "other"


def _relation(key: str, main: str) -> str:
    """Return how a candidate relates to the first heading or og:title: kickers stand before, site names behind."""
    if main.endswith(key):
        return "after_kicker_of_{}"
    if main.startswith(key):
        return "start_of_{}"
    if key.endswith(main):
        return "kicker_and_{}"
    return "longer_than_{}" if key.startswith(main) else "unlike_{}"


def _names(signals: Signals) -> list[str]:
    declared = signals.declared
    named = [declared.first("og:site_name"), declared.first("application-name"), *signals.graph.site_names]
    host = (urlsplit(signals.page.url or "").hostname or "").removeprefix("www.") if signals.page.url else ""
    return [name for name in named if name] + [host, host.split(".")[0]]
