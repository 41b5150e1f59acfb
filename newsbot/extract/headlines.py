"""Chooses the headline among everything that states one, by a small linear model; serves metadata.py.

Layout selectors win. Else every heading, JSON-LD, OpenGraph, meta and title statement is a candidate; equal ones are one
candidate with several sources. Their features (headline_features.py) are weighed with headlines.json, trained by
benchmarks/train_headlines.py (`make train`).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from newsbot.extract.headline_features import Choice, features
from newsbot.extract.json_ld import text_in
from newsbot.extract.signals import Signals

LONGEST = 400
"""Characters of a candidate."""
PROVENANCE = {
    "ld": "json_ld", "ld_name": "json_ld", "ld_other": "json_ld", "og": "open_graph", "twitter": "meta", "meta": "meta",
    "item": "microdata",
}  # fmt: skip
"""Provenance by source; the others are html."""
_PARTS = re.compile(r"\s+[|–—·•»›:~::｜－-]+\s+|\s*[｜|]\s*")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("–—‑−", "-"),
        "…": "...",
        "\u00ad": None,
    }
)
_TAGS = re.compile(r"<[^<>]{1,200}>")
# Emphasis as Markdown writes it, left over where a heading was never rendered.
_STARRED = re.compile(r"(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])")
# What the bytes of letters with accents and of typographic quotes begin with when UTF-8 was read as a one-byte charset.
_MISREAD = re.compile("[ÂÃâ]")


def choose_headline(signals: Signals) -> tuple[str, str] | None:
    """Return headline and provenance, or None."""
    text = signals.selected_text(signals.layout.headline)
    if text:
        return text, "layout"
    choices = list_choices(signals)
    if not choices:
        return None
    rows = features(choices, signals)
    weights = load_weights()
    scores = [sum(weights.get(name, 0.0) * value for name, value in row.items()) for row in rows]
    best = choices[max(range(len(choices)), key=lambda index: (scores[index], -index))]
    source = next((PROVENANCE[name] for name in PROVENANCE if name in best.sources), "html")
    return best.text, "html" if any(name.startswith("h1") for name in best.sources) else source


@cache
def load_weights() -> dict[str, float]:
    """Return the model: weight by feature."""
    model = json.loads((files("newsbot.extract") / "headlines.json").read_text(encoding="utf-8"))
    return {str(name): float(weight) for name, weight in model["weights"].items()}


def list_choices(signals: Signals) -> list[Choice]:
    """Return the page's candidates, equal ones joined, in a fixed order of sources."""
    found: dict[str, Choice] = {}
    for text, source in _statements(signals):
        clean = _clean(text)
        if not 1 < len(clean) <= LONGEST or "{{" in clean or not any(char.isalnum() for char in clean):
            # Double braces are a template's that a script would have filled.
            continue
        choice = found.setdefault(_look(clean), Choice(clean, order=len(found)))
        choice.sources.add(source)
    return list(found.values())


@lru_cache(maxsize=1000)
def _clean(text: str) -> str:
    """Return a statement without escapes, however often escaped, and mark-up; remembered, for most are stated several times."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "*" in text:
        text = _STARRED.sub(r"\1", text)
    if _MISREAD.search(text):
        text = _reread(text)
    return " ".join((_TAGS.sub(" ", text) if "<" in text else text).split())


def _reread(text: str) -> str:
    """Return the text that was UTF-8 before a site's software read it as Latin-1 or Windows-1252; others as they are."""
    for charset in ("latin-1", "cp1252"):
        try:
            return text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
    return text


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
    cuts = _cuts(text[:500])
    if cuts and cuts[-1] > 0:
        yield text[: cuts[-1]], f"{source}_cut"
        if len(cuts) > 1 and cuts[0] > 0:
            yield text[: cuts[0]], f"{source}_lead"


@lru_cache(maxsize=1000)
def _cuts(text: str) -> list[int]:
    """Return where the separators of a statement begin."""
    return [match.start() for match in _PARTS.finditer(text)]


@lru_cache(maxsize=1000)
def _look(text: str) -> str:
    """Return the text as two statements must agree on to be one: case, quotes, dashes and spaces aside."""
    return " ".join(text.translate(_ALIKE).casefold().split())
