"""What a response or a failed request stands for, as one of the closed list of outcomes, and why in a few words."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

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

from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome

# Set on `request.meta` by the middleware that paused a host for longer than a run waits: (outcome, reason).
VERDICT = "newsbot_verdict"

_REFUSALS = frozenset({401, 402, 403, 407, 418, 423, 429, 451, 503})
_REMOVED = frozenset({404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

# Failure by exception; the first that fits. A cancelled download is one over the size limit (Scrapy cancels for nothing else).
_FAILURES: tuple[tuple[type[Exception], Outcome, str], ...] = (
    (CannotResolveHostError, Outcome.FETCH_FAILED, "the host's name cannot be resolved"),
    (DownloadConnectionRefusedError, Outcome.FETCH_FAILED, "connection refused"),
    (DownloadTimeoutError, Outcome.FETCH_FAILED, "timed out"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "larger than the limit in transfer"),
    (ResponseDataLossError, Outcome.TRUNCATED, "the transfer ended early"),
    (UnsupportedURLSchemeError, Outcome.BLOCKED_ADDRESS, "neither http nor https"),
    (NotSupported, Outcome.BLOCKED_ADDRESS, "neither http nor https"),
    (IgnoreRequest, Outcome.FETCH_FAILED, "ignored"),
)


def outcome_of(result: Response | Failure) -> Outcome | None:
    """Return the outcome that a response's status or a failure stands for; None for a response that is to be read."""
    return _judge(result)[0]


def reason_of(result: Response | Failure) -> str | None:
    """Return why, in a few words without credentials; None for a response that is to be read."""
    return _judge(result)[1]


def _judge(result: Response | Failure) -> tuple[Outcome | None, str | None]:
    return _judge_failure(result.value) if isinstance(result, Failure) else _judge_response(result)


def _judge_failure(error: BaseException | None) -> tuple[Outcome, str]:
    if isinstance(error, Refused):
        return error.outcome, error.reason
    if isinstance(error, DownloadFailedError):
        return Outcome.FETCH_FAILED, _lost(str(error))
    for kind, outcome, reason in _FAILURES:
        if isinstance(error, kind):
            return outcome, reason
    return Outcome.FETCH_FAILED, f"{type(error).__name__}: {error}"[:200]


def _lost(said: str) -> str:
    """Return why a connection was lost, by what the libraries below say of it."""
    if "certificate verify failed" in said or "VerificationError" in said:
        return "TLS: the certificate cannot be verified"
    return "TLS failed" if "SSL" in said else "connection lost"


def _judge_response(response: Response) -> tuple[Outcome | None, str | None]:
    verdict = response.meta.get(VERDICT) if response.request else None
    if verdict:
        return verdict[0], verdict[1]
    status = response.status
    if 200 <= status < 300 and status not in {204, 205}:
        return None, None
    reason = f"HTTP {status} {_phrase(status)}".strip()
    if status in _REMOVED:
        return Outcome.GONE, reason
    if status in _REFUSALS:
        return Outcome.BLOCKED, reason
    if status in _REDIRECTS and leaves_the_web(response):
        return Outcome.BLOCKED_ADDRESS, f"{reason} to what is neither http nor https"
    return Outcome.HTTP_ERROR, reason


def leaves_the_web(response: Response) -> bool:
    """Whether a redirect names a scheme other than http and https; Scrapy hands such a response on unfollowed."""
    location = (response.headers.get("Location") or b"").decode("latin-1")
    try:
        return urlsplit(urljoin(response.url, location)).scheme not in {"http", "https"}
    except ValueError:
        return True


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
