"""Chooses the headline among layout, headings, JSON-LD, OpenGraph and title; serves metadata.py."""

from __future__ import annotations

import html

from newsbot.extract.json_ld import text_in
from newsbot.extract.signals import Signals


def choose_headline(signals: Signals) -> tuple[str, str] | None:
    """Return headline and provenance, or None."""
    text = signals.selected_text(signals.layout.headline)
    if text:
        return text, "layout"
    declared, shown, graph = signals.declared, signals.shown, signals.graph
    stated = [
        (
            text_in(graph.article.get("headline"))
            or (text_in(graph.article.get("name")) if graph.is_article else None),
            "json_ld",
        ),
        (declared.first("og:title"), "open_graph"),
        (declared.item("headline"), "microdata"),
        (declared.first("twitter:title", "title", "dc.title"), "meta"),
        (shown.title, "html"),
    ]
    known = [(html.unescape(value), source) for value, source in stated if value]
    for heading in shown.headings:
        folded = fold(heading.text)
        if folded and any(
            folded in fold(value) or fold(value) in folded for value, _ in known if fold(value)
        ):
            return heading.text, "html"
    if known:
        return known[0]
    return (shown.headings[0].text, "html") if shown.headings else None


def fold(text: str) -> str:
    """Return letters and digits in one case."""
    return "".join(char for char in text.casefold() if char.isalnum())
