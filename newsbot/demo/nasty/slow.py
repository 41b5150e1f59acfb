"""Nasty cases: answers that come late, or a drop at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, head

DROPS = 300
"""Pieces of a dripping body at most, so that a client without a limit is held for minutes, not for ever."""


@nasty()
async def slow_start(visit: Visit) -> Answer:
    """The answer is right, and comes ten pauses late."""
    await asyncio.sleep(10 * visit.wrongs.pause)
    return visit.usual()


@nasty()
async def slow_headers(visit: Visit) -> None:
    """The headers come one by one with a pause before each, and never end."""
    visit.writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(DROPS):
        visit.writer.write(f"X-Wait-{number}: yes\r\n".encode())
        await visit.writer.drain()
        await asyncio.sleep(visit.wrongs.pause)


@nasty()
async def slow_body(visit: Visit) -> None:
    """The body comes a few hundred bytes at a time with a pause after each."""
    answer = replace(visit.usual(), packs=False)
    visit.writer.write(head(visit.asked, answer, len(answer.body)))
    size = max(1, len(answer.body) // DROPS)
    for start in range(0, len(answer.body), size):
        visit.writer.write(answer.body[start : start + size])
        await visit.writer.drain()
        await asyncio.sleep(visit.wrongs.pause)


@nasty()
async def silent(visit: Visit) -> None:
    """The connection is taken, the request read, and nothing is answered."""
    await asyncio.sleep(DROPS * visit.wrongs.pause)
