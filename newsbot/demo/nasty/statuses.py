"""Nasty cases: statuses that mean try later, never, or something else."""

# ruff: noqa: ARG001 - every case is given the visit, some need nothing of it

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from newsbot.demo.nasty.registry import Visit, nasty
from newsbot.demo.wire import Answer, html


def _busy(status: int, retry_after: str = "") -> Answer:
    answer = html(f"<h1>{status}</h1><p>The server is not well.</p>", status)
    answer.headers["Retry-After"] = retry_after
    return answer


@nasty()
async def http_500(visit: Visit) -> Answer:
    """500 every time."""
    return _busy(500)


@nasty()
async def http_502(visit: Visit) -> Answer:
    """502 every time, as a proxy says it."""
    return _busy(502)


@nasty()
async def http_503(visit: Visit) -> Answer:
    """503 every time, Retry-After: 2."""
    return _busy(503, "2")


@nasty()
async def http_429(visit: Visit) -> Answer:
    """429 every time, Retry-After: 2."""
    return _busy(429, "2")


@nasty()
async def flaky(visit: Visit) -> Answer:
    """503 the first time, the right answer from then on."""
    return _busy(503, "1") if visit.times() == 1 else visit.usual()


@nasty()
async def throttled(visit: Visit) -> Answer:
    """429 with Retry-After: 1 twice, the right answer from then on."""
    return _busy(429, "1") if visit.times() <= 2 else visit.usual()


@nasty()
async def retry_after_date(visit: Visit) -> Answer:
    """503, Retry-After a date in an hour."""
    return _busy(503, format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True))


@nasty()
async def retry_after_past(visit: Visit) -> Answer:
    """503, Retry-After a date of 1999."""
    return _busy(503, "Fri, 31 Dec 1999 23:59:59 GMT")


@nasty()
async def retry_after_negative(visit: Visit) -> Answer:
    """503, Retry-After: -5."""
    return _busy(503, "-5")


@nasty()
async def retry_after_absurd(visit: Visit) -> Answer:
    """503, Retry-After: 1000000000."""
    return _busy(503, "1000000000")


@nasty()
async def retry_after_garbage(visit: Visit) -> Answer:
    """503, Retry-After: soon."""
    return _busy(503, "soon")


@nasty()
async def http_403(visit: Visit) -> Answer:
    """403 every time."""
    return html("<h1>Forbidden</h1>", 403)


@nasty()
async def http_401(visit: Visit) -> Answer:
    """401 every time, with a challenge for a password."""
    answer = html("<h1>Unauthorized</h1>", 401)
    answer.headers["WWW-Authenticate"] = 'Basic realm="newsroom"'
    return answer


@nasty()
async def http_404(visit: Visit) -> Answer:
    """404 every time."""
    return html("<h1>Not found</h1>", 404)


@nasty()
async def http_410(visit: Visit) -> Answer:
    """410 every time."""
    return html("<h1>Gone</h1>", 410)


@nasty()
async def missing_later(visit: Visit) -> Answer:
    """The right answer the first time, 404 from then on."""
    return visit.usual() if visit.times() == 1 else html("<h1>Not found</h1>", 404)


@nasty()
async def gone_later(visit: Visit) -> Answer:
    """The right answer the first time, 410 from then on."""
    return visit.usual() if visit.times() == 1 else html("<h1>Gone</h1>", 410)


@nasty()
async def http_451(visit: Visit) -> Answer:
    """451, unavailable for legal reasons."""
    return html("<h1>Unavailable For Legal Reasons</h1>", 451)


@nasty()
async def http_999(visit: Visit) -> Answer:
    """A status that no standard has."""
    return html("<h1>999</h1>", 999)
