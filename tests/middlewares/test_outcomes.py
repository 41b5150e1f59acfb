"""What responses and failures stand for."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from newsbot.middlewares.outcomes import VERDICT, outcome_of, reason_of
from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome


def answer(status: int, location: str | None = None, **meta: object) -> Response:
    headers = {"Location": location} if location is not None else {}
    request = Request("http://example.com/a", meta=meta)
    return Response("http://example.com/a", status=status, headers=headers, request=request)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, None),
        (203, None),
        (204, Outcome.HTTP_ERROR),
        (206, None),
        (300, Outcome.HTTP_ERROR),
        (301, Outcome.HTTP_ERROR),
        (400, Outcome.HTTP_ERROR),
        (401, Outcome.BLOCKED),
        (403, Outcome.BLOCKED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (429, Outcome.BLOCKED),
        (451, Outcome.BLOCKED),
        (500, Outcome.HTTP_ERROR),
        (503, Outcome.BLOCKED),
        (999, Outcome.HTTP_ERROR),
    ],
)
def test_statuses(status: int, outcome: Outcome | None) -> None:
    found = answer(status)
    assert outcome_of(found) is outcome
    assert (reason_of(found) or "").startswith(f"HTTP {status}" if outcome else "")


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("file:///etc/passwd", Outcome.BLOCKED_ADDRESS),
        ("ftp://example.com/", Outcome.BLOCKED_ADDRESS),
        ("data:text/html,x", Outcome.BLOCKED_ADDRESS),
        ("javascript:alert(1)", Outcome.BLOCKED_ADDRESS),
        ("http://[", Outcome.BLOCKED_ADDRESS),
        ("/b", Outcome.HTTP_ERROR),
        ("", Outcome.HTTP_ERROR),
        (None, Outcome.HTTP_ERROR),
    ],
)
def test_redirects_that_were_not_followed(location: str | None, outcome: Outcome) -> None:
    assert outcome_of(answer(302, location)) is outcome


def test_a_verdict_on_the_request_goes_before_the_status() -> None:
    found = answer(503, None, **{VERDICT: (Outcome.DEFERRED, "asks to wait")})
    assert (outcome_of(found), reason_of(found)) == (Outcome.DEFERRED, "asks to wait")
    assert outcome_of(Response("http://example.com/a")) is None, "a response that no request is known of"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (CannotResolveHostError(), Outcome.FETCH_FAILED),
        (DownloadConnectionRefusedError(), Outcome.FETCH_FAILED),
        (DownloadTimeoutError(), Outcome.FETCH_FAILED),
        (DownloadFailedError(), Outcome.FETCH_FAILED),
        (DownloadCancelledError(), Outcome.TOO_LARGE),
        (ResponseDataLossError(), Outcome.TRUNCATED),
        (UnsupportedURLSchemeError(), Outcome.BLOCKED_ADDRESS),
        (NotSupported(), Outcome.BLOCKED_ADDRESS),
        (IgnoreRequest(), Outcome.FETCH_FAILED),
        (OSError("odd"), Outcome.FETCH_FAILED),
        (ValueError("x" * 5000), Outcome.FETCH_FAILED),
        (Refused(Outcome.ROBOTS, "no"), Outcome.ROBOTS),
    ],
)
def test_failures(error: Exception, outcome: Outcome) -> None:
    failure = Failure(error)  # type: ignore[no-untyped-call]
    assert outcome_of(failure) is outcome
    assert 0 < len(reason_of(failure) or "") <= 200


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "[Failure OpenSSL.SSL.Error: [('SSL routines', '', 'certificate verify failed')]]",
            "TLS: the certificate cannot be verified",
        ),
        ("[Failure service_identity.VerificationError: ...]", "TLS: the certificate cannot be verified"),
        ("[Failure OpenSSL.SSL.Error: [('SSL routines', '', 'wrong version number')]]", "TLS failed"),
        ("[Failure ConnectionLost]", "connection lost"),
    ],
)
def test_why_a_connection_was_lost(said: str, reason: str) -> None:
    assert reason_of(Failure(DownloadFailedError(said))) == reason  # type: ignore[no-untyped-call]
