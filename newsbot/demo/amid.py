"""The article's text as HTML, and what a site puts amid it: links to other articles, prompts, figures, embeds; part of page.py."""

from __future__ import annotations

from itertools import groupby
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple

from markupsafe import Markup, escape

from newsbot.demo.chrome import Chrome, chrome
from newsbot.demo.draw import draw
from newsbot.demo.story import Piece

if TYPE_CHECKING:
    from newsbot.demo.newspaper import Newspaper
    from newsbot.demo.printed import Printed


class Insert(NamedTuple):
    """Something amid the text that is not the article's; `before` is the piece it stands before (their number: at the end)."""

    before: int
    kind: Literal["read_more", "prompt", "closer", "figure", "embed"]
    text: str
    html: Markup


# HTML of a paragraph, sub-heading and quote by design.
_MARKUP = {
    "quay": ("<p>{}</p>", "<h2>{}</h2>", "<blockquote><p>{}</p></blockquote>"),
    "lantern": (
        "<p>{}</p>",
        '<h3 class="lantern-sub">{}</h3>',
        '<blockquote class="lantern-q">{}</blockquote>',
    ),
    "mosaic": ('<p class="mosaic-p">{}</p>', "<h2>{}</h2>", '<aside class="mosaic-quote"><p>{}</p></aside>'),
    "ledger": (
        '<div class="ledger-par">{}</div>',
        '<div class="ledger-sub" role="heading">{}</div>',
        '<blockquote><div class="ledger-par">{}</div></blockquote>',
    ),
    "almanac": ("<p>{}</p>", "<p><b>{}</b></p>", "<blockquote>{}</blockquote>"),
}
# HTML of an insert by design; every one is marked data-slot, so that a publisher's file can name them all.
_INSERT = {
    "quay": '<p data-slot="{slot}"><strong><em>{text}</em></strong></p>',
    "lantern": '<p data-slot="{slot}"><strong>{text}</strong></p>',
    "mosaic": '<p data-slot="{slot}" class="mosaic-p">{text}</p>',
    "ledger": '<div data-slot="{slot}" class="ledger-par">{text}</div>',
    "almanac": '<p data-slot="{slot}">{text}</p>',
}


def body_html(paper: Newspaper, article: Printed) -> Markup:
    """Return what stands in the design's text container."""
    pieces, waiting = article.story.pieces, inserts(paper, article)
    rng, parts = draw(paper.seed, "links", article.index), list[Markup]()
    groups = groupby(enumerate(pieces), key=lambda pair: pair[0] if pair[1].kind != "li" else -1)
    for _, group in groups:
        members = list(group)
        while waiting and waiting[0].before <= members[0][0]:
            parts.append(waiting.pop(0).html)
        parts.append(_piece_html(article, [piece for _, piece in members], rng))
    parts.extend(insert.html for insert in waiting)
    return Markup("\n").join(parts)


def _piece_html(article: Printed, pieces: list[Piece], rng: Random) -> Markup:
    par, heading, quote = _MARKUP[article.section.design]
    piece = pieces[0]
    if piece.kind == "li":
        items = Markup("").join(Markup("<li>{}</li>").format(item.text) for item in pieces)
        return Markup("<ul>{}</ul>").format(items)
    if piece.kind == "h":
        return Markup(heading).format(piece.text)  # noqa: S704 - one of the patterns above
    if piece.kind == "quote":
        return Markup(quote).format(piece.text)  # noqa: S704
    text = _linked(piece.text, article.story.people, rng)
    if piece.kind == "update":
        clock = f"{int(rng.random() * 24):02}:{int(rng.random() * 60):02}"
        return Markup('<div class="update"><time class="update-at">{}</time><p>{}</p></div>').format(
            clock, text
        )
    return Markup(par).format(text)  # noqa: S704


def _linked(text: str, people: tuple[str, ...], rng: Random) -> Markup:
    """Return the text with a person linked or stressed, now and then: mark-up that leaves the text as it is."""
    html = escape(text)
    choice = rng.random()
    if choice < 0.3:
        name = escape(people[int(rng.random() * len(people))])
        marked = Markup('<a href="/search">{}</a>' if choice < 0.2 else "<em>{}</em>").format(name)  # noqa: S704
        return html.replace(name, marked, 1)
    return html


def inserts(paper: Newspaper, article: Printed) -> list[Insert]:
    """Return what stands amid and behind the text, in order."""
    rng, words = (
        draw(paper.seed, f"inserts {paper.edition.name}", article.index),
        chrome(article.section.language),
    )
    count, found = len(article.story.pieces), list[Insert]()
    for place, prompt in enumerate(words.prompts):
        if count > 3 and rng.random() < 0.3:
            found.append(_prompt(article, 2 + int(rng.random() * (count - 2)), f"n{place}", prompt))
    if count > 4:
        found.append(_read_more(paper, article, words, rng))
        found.extend(_illustration(article, words, rng))
    if rng.random() < 0.7:
        found.append(
            _prompt(article, count, "end", words.closers[int(rng.random() * len(words.closers))], "closer")
        )
    found.sort(key=lambda insert: insert.before)
    return [
        insert
        for insert in found
        if insert.before >= count or article.story.pieces[insert.before - 1].kind != "li"
    ]


def _prompt(
    article: Printed, before: int, slot: str, text: str, kind: Literal["prompt", "closer"] = "prompt"
) -> Insert:
    html = Markup(_INSERT[article.section.design]).format(slot=slot, text=text)  # noqa: S704
    return Insert(before, kind, text, html)


def _read_more(paper: Newspaper, article: Printed, words: Chrome, rng: Random) -> Insert:
    """Return an insert that links the next older article of the section."""
    slug = article.section.slug
    place = paper.position(article.index) + 1
    other = paper.allotment.member(slug, place if place < paper.allotment.count(slug, paper.articles) else 0)
    lead, headline = words.leads[int(rng.random() * len(words.leads))], paper.headline(other)
    link = Markup('{} <a href="{}">{}</a>').format(lead, paper.path(other), headline)
    html = Markup(_INSERT[article.section.design]).format(slot="also", text=link)  # noqa: S704
    return Insert(2 + int(rng.random() * 2), "read_more", f"{lead} {headline}", html)


def _illustration(article: Printed, words: Chrome, rng: Random) -> list[Insert]:
    """Return a figure or an embed for a quarter of the articles each."""
    choice, before = rng.random(), 3
    if choice < 0.25:
        text = f"{article.story.people[0]} · {words.labels['photo']}: {article.story.people[1]}"
        html = Markup(
            '<figure data-slot="figure"><img src="/images/{}-2.jpg" alt="{}"><figcaption>{}</figcaption></figure>'
        ).format(article.number, article.story.headline, text)
        return [Insert(before, "figure", text, html)]
    if choice < 0.5:
        text = words.labels["embed"]
        html = Markup(
            '<div data-slot="embed" class="embed"><blockquote class="social-post"><p>{}</p></blockquote>'
            '<iframe src="about:blank" title="embed"></iframe></div>'
        ).format(text)
        return [Insert(before, "embed", text, html)]
    return []
