"""Chooses the headline among everything that states one, by a small linear model; serves metadata.py.

Layout selectors win. Else every heading, JSON-LD, OpenGraph, meta and title statement is a candidate; equal ones are one
candidate with several sources. Their features (FEATURES) are weighed with headlines.json, trained by benchmarks/train_headlines.py.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from newsbot.extract.json_ld import text_in, types
from newsbot.extract.signals import Signals

LONGEST = 400
"""Characters of a candidate."""
PROVENANCE = {
    "ld": "json_ld", "ld_name": "json_ld", "ld_other": "json_ld", "og": "open_graph", "twitter": "meta", "meta": "meta",
    "item": "microdata",
}  # fmt: skip
"""Provenance by source; the others are html."""
_PARTS = re.compile(r"\s+[|–—·•»›:~::｜－-]+\s+|\s*[｜|]\s*")
_BASE = ("h1_0", "ld", "og", "title", "twitter")
_OTHER = ("ld_name", "ld_other", "h1_marked", "h1_1", "h1_framed", "h1_part", "item", "item_name", "meta")
_WITNESSES = frozenset({"h1_0", "ld", "og", "title", "twitter", "item"})
_GENERIC = re.compile(
    r"(?:\W|the|our|all|latest|company)*(?:blog|news|articles?|insights?|perspectives?|resources?|press releases?|magazine|stories|"
    r"updates?|reports?|related articles?|search|menu|home|media|events?|publications?|aktuelles|nachrichten|artikel|actualités|"
    r"noticias|новости|notizie|ニュース)(?:\s+(?:blog|updates?|room|cent(?:re|er)|posts?|details?|page))?\W*$",
    re.IGNORECASE,
)
"""Headings that name a part of a site."""
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("–—‑−", "-"),
        "…": "...",
        "\u00ad": None,
    }
)
_WORD = re.compile(r"\w+")
_TAGS = re.compile(r"<[^<>]{1,200}>")


@dataclass(slots=True)
class Choice:
    """A candidate headline."""

    text: str
    sources: set[str] = field(default_factory=set)
    order: int = 0


def choose_headline(signals: Signals) -> tuple[str, str] | None:
    """Return headline and provenance, or None."""
    text = signals.selected_text(signals.layout.headline)
    if text:
        return text, "layout"
    choices = list_choices(signals)
    if not choices:
        return None
    rows = features(choices, signals)
    weights = _weights()
    scores = [sum(weights.get(name, 0.0) * value for name, value in row.items()) for row in rows]
    best = choices[max(range(len(choices)), key=lambda index: (scores[index], -index))]
    source = next((PROVENANCE[name] for name in PROVENANCE if name in best.sources), "html")
    return best.text, "html" if any(name.startswith("h1") for name in best.sources) else source


@cache
def _weights() -> dict[str, float]:
    """Return the model: weight by feature."""
    model = json.loads((files("newsbot.extract") / "headlines.json").read_text(encoding="utf-8"))
    return {str(name): float(weight) for name, weight in model["weights"].items()}


def list_choices(signals: Signals) -> list[Choice]:
    """Return the page's candidates, equal ones joined, in a fixed order of sources."""
    found: dict[str, Choice] = {}
    for text, source in _statements(signals):
        clean = " ".join(_TAGS.sub(" ", html.unescape(html.unescape(text))).split())
        if not 1 < len(clean) <= LONGEST or not any(char.isalnum() for char in clean):
            continue
        choice = found.setdefault(_look(clean), Choice(clean, order=len(found)))
        choice.sources.add(source)
    return list(found.values())


def _statements(signals: Signals) -> Iterator[tuple[str, str]]:
    article, declared, shown = signals.graph.article, signals.declared, signals.shown
    framed = 0
    for index, heading in enumerate([h for h in shown.headings if not h.framed][:4]):
        yield heading.text, f"h1_{min(index, 2)}"
        for part in heading.parts:
            yield part, "h1_part"
        if heading.marked:
            yield heading.text, "h1_marked"
    for heading in shown.headings:
        if heading.framed and framed < 3:
            framed += 1
            yield heading.text, "h1_framed"
    stated = (
        (text_in(article.get("headline")), "ld"),
        (text_in(article.get("name")), "ld_name"),
        (text_in(article.get("alternativeHeadline")), "ld_other"),
        (text_in(signals.graph.page.get("name")), "ld_other"),
        (declared.first("og:title"), "og"),
        (declared.first("twitter:title"), "twitter"),
        (declared.first("title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title"), "meta"),
        (declared.item("headline"), "item"),
        (declared.item("name"), "item_name"),
        (shown.title, "title"),
    )
    for text, source in stated:
        if text:
            yield text, source
            yield from _segments(text, source)


def _segments(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield a statement without its site's name and its longest lead."""
    # Beyond 500 characters it is no headline, and the pattern takes quadratic time on runs of spaces.
    cuts = list(_PARTS.finditer(text[:500]))
    if cuts and cuts[-1].start() > 0:
        yield text[: cuts[-1].start()], f"{source}_cut"
        if len(cuts) > 1 and cuts[0].start() > 0:
            yield text[: cuts[0].start()], f"{source}_lead"


def _look(text: str) -> str:
    """Return the text as two statements must agree on to be one: case, quotes, dashes and spaces aside."""
    return " ".join(text.translate(_ALIKE).casefold().split())


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum()) or text


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


@dataclass(slots=True)
class _Setting:
    """What the candidates of one page are held against."""

    genre: str
    keys: list[str]
    names: set[str]
    slug: set[str]
    title: set[str]
    heading: str = ""
    """Key of the first heading."""
    og: str = ""
    og_words: set[str] = field(default_factory=set)
    longest: int = 0


def features(choices: list[Choice], signals: Signals) -> list[dict[str, float]]:
    """Return the features of each candidate: what states it, how it relates to the others, what it looks like."""
    setting = _setting(choices, signals)
    rows = []
    for choice, key in zip(choices, setting.keys, strict=True):
        row = _stated_by(choice, setting.genre) | _looks(choice, key, setting)
        for name, main in (("h1", setting.heading), ("og", setting.og)):
            if main and key != main:
                row[_relation(key, main).format(name)] = 1.0
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
    return setting


def _stated_by(choice: Choice, genre: str) -> dict[str, float]:
    """Return the features of a candidate's sources."""
    sources = choice.sources
    cut = {name.split("_")[0] for name in sources if name.endswith(("_cut", "_lead"))}
    row = {f"{name}&{genre}": 1.0 for name in _BASE if name in sources}
    row |= {name: 1.0 for name in _OTHER if name in sources}
    if "title" in cut and "title" not in sources:
        row[f"title_cut&{genre}"] = 1.0
    if "og" in cut and "og" not in sources:
        row["og_cut"] = 1.0
    shown = not sources.isdisjoint(("h1_0", "h1_part", "h1_framed"))
    row["shown_and_ld"] = float(shown and "ld" in sources)
    row["shown_and_og"] = float(shown and "og" in sources)
    row["ld_and_og"] = float({"ld", "og"} <= sources)
    row["agree"] = len((sources | cut) & _WITNESSES) / 4
    row["alone"] = float(len(sources - {"h1_marked"}) == 1)
    row["only_cut"] = float(all(name.endswith(("_cut", "_lead", "_part")) for name in sources))
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
        "generic": float(bool(_GENERIC.match(choice.text))),
        "is_site": float(key in setting.names),
        "ends_site": float(
            any(key.endswith(name) and key != name for name in setting.names if len(name) > 2)
        ),
        "cut_short": float(choice.text.rstrip().endswith(("…", "..."))),
        "one_word": float(len(words) < 2),
        "parted": float("|" in choice.text),
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


def fold(text: str) -> str:
    """Return letters and digits in one case."""
    return "".join(char for char in text.casefold() if char.isalnum())
