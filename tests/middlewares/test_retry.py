"""What is a whole document, and how often a lost one is asked for."""

from __future__ import annotations

import asyncio

import pytest

from newsbot.middlewares.retry import is_whole
from tests.middlewares.wild import PAGE, Asked, fetch, http, wild


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        PAGE + b"\n<!-- cached 12:00 -->\n",
        b"<HTML></HTML >",
        b"<urlset></urlset>",
        b"<sitemapindex></sitemapindex>\n",
        b"<rss></rss>",
        b"<feed></feed>",
        b"<rdf:RDF></rdf:RDF>",
    ],
)
def test_a_document_that_ends_with_its_root_is_whole(body: bytes) -> None:
    assert is_whole(body)


@pytest.mark.parametrize("body", [b"", b"<html><p>half", b"</html>" + b"x" * 2000, b"{}", b"<html></body>"])
def test_any_other_is_not(body: bytes) -> None:
    assert not is_whole(body)


def closing(answer: bytes) -> object:
    async def write(writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(answer)
        await writer.drain()

    return write


def test_transfers_that_end_early() -> None:
    async def second(writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(http() if asked.times else http(b"<html><p>half", length="999"))
        await writer.drain()

    answers = {
        "/miscounted": closing(http(length="999")),
        "/half": closing(http(b"<html><p>half", length="999")),
        "/second": second,
        "/unsaid": closing(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE),
        "/unsaid-half": closing(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>half"),
        "/short": http(length="20"),
    }
    with wild(answers) as server:  # type: ignore[arg-type]
        found = fetch([server.url(path) for path in answers], RETRY_TIMES=0)
        times = {path: server.times(path) for path in answers}
    by = dict(zip(answers, found.results, strict=True))
    assert (by["/miscounted"].outcome, by["/miscounted"].flags, times["/miscounted"]) == (None, [], 1)
    assert (by["/half"].outcome, by["/half"].reason, times["/half"]) == (
        "truncated",
        "the transfer ended early, twice",
        2,
    )
    assert (by["/second"].outcome, by["/second"].flags, times["/second"]) == (None, [], 2)
    assert (by["/unsaid"].outcome, by["/unsaid"].flags) == (None, [])
    assert (by["/unsaid-half"].outcome, by["/unsaid-half"].flags) == (None, ["partial"]), (
        "kept, and known as cut"
    )
    assert by["/short"].size == 20
    assert "hosts/closed" not in found.stats


def test_passing_faults_are_tried_again_and_lasting_ones_given_up() -> None:
    async def flaky(writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(http() if asked.times == 2 else http(status="502 Bad Gateway"))
        await writer.drain()

    with wild(
        {"/flaky": flaky, "/bad": http(status="500 Broken"), "/404": http(status="404 Gone")}
    ) as server:
        found = fetch([server.url(path) for path in server.answers])
        times = [server.times(path) for path in server.answers]
    assert (found.outcomes, times) == ([None, "http_error", "gone"], [3, 3, 1])
