"""Nasty cases: servers whose validators lie, and articles that change between visits."""

from __future__ import annotations

from dataclasses import replace

from newsbot.demo.edits import EDITS
from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, html


def _is_conditional(visit: Visit) -> bool:
    return bool(visit.asked.headers.keys() & {"if-none-match", "if-modified-since"})


def _changed(visit: Visit, answer: Answer, **more: object) -> Answer:
    """Return the answer with a paragraph that counts the visits, in XML and JSON a comment or space."""
    mark = f"<p>Reader number {visit.times()} is reading this.</p></body>".encode()
    body = answer.body.replace(b"</body>", mark, 1)
    return replace(answer, body=body, packed=None, _etag=None, **more)  # type: ignore[arg-type]


@nasty("any")
async def stuck_validators(visit: Visit) -> Answer:
    """304 to every conditional request, whatever has changed."""
    answer = visit.usual()
    if _is_conditional(visit):
        return Answer(b"", 304, media="", headers={"ETag": '"stuck"'}, validates=False, packs=False)
    return replace(answer, headers={**answer.headers, "ETag": '"stuck"'}, validates=False)


@nasty("any")
async def lying_etag(visit: Visit) -> Answer:
    """A new ETag and Last-Modified with every answer though nothing changed, and never a 304."""
    answer, times = visit.usual(), visit.times()
    stamps = {"ETag": f'"{times}"', "Last-Modified": f"Mon, 02 Mar 2026 10:{times % 60:02}:00 GMT"}
    return replace(answer, headers={**answer.headers, **stamps}, validates=False)


@nasty()
async def same_etag(visit: Visit) -> Answer:
    """One ETag for bodies that differ with every visit, and never a 304."""
    return _changed(visit, visit.usual(), headers={"ETag": '"same"'}, validates=False)


@nasty("any")
async def no_validators(visit: Visit) -> Answer:
    """Neither ETag nor Last-Modified, never a 304."""
    return replace(visit.usual(), validates=False)


@nasty("any")
async def ignores_conditions(visit: Visit) -> Answer:
    """Right validators, and the whole answer to conditional requests all the same."""
    answer = visit.usual()
    return replace(answer, headers={**answer.headers, "ETag": answer.etag}, validates=False)


@nasty()
async def changing_frame(visit: Visit) -> Answer:
    """What is around the article differs with every visit, the article does not."""
    return _changed(visit, visit.usual())


@nasty()
async def live_blog(visit: Visit) -> Answer:
    """A live blog with a new entry, and a new date of change, at each visit."""
    times = visit.times()
    stated = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"The night on '
        'the quay, as it happens","datePublished":"2026-03-02T18:00:00Z",'
        f'"dateModified":"2026-03-02T{18 + times // 60 % 6}:{times % 60:02}:30Z"}}</script>'
    )
    entries = "".join(
        f'<div class="update"><p>Entry {n}: the watch counts {n + 3} boats, and writes that the wind has turned again.</p></div>'
        for n in range(times + 2, 0, -1)
    )
    return html(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The night on the quay, as it happens</title>'
        f'{stated}</head><body><article><h1>The night on the quay, as it happens</h1><div class="quay-text">{entries}</div>'
        "</article></body></html>"
    )


@nasty()
async def edited_each_visit(visit: Visit) -> Answer:
    """From the second visit on the article changes each time: headline, body, a typo, in turn."""
    index, times = visit.paper.find(visit.asked.path), visit.times()
    if index is not None and times > 1:
        visit.paper.edit(index, EDITS[(times - 2) % len(EDITS)])
    return visit.usual()
