"""Redirects by status and by meta refresh: Scrapy's, with the outcome named where there are too many.

A redirected request starts anew at the first middleware, so limits, robots.txt of the new host and address guard hold at every hop;
Scrapy takes Cookie and Authorization off where the host changes.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares import redirect
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome
from newsbot.urls import without_credentials

# A refresh is looked for where Scrapy looks for it.
_HEAD_BYTES = 4096


class _Counted(redirect.BaseRedirectMiddleware):
    def _engine_started(self) -> None:
        """Scrapy warns here that no Referer is sent on; none is sent at all (REFERER_ENABLED)."""

    def _build_redirect_request(
        self, source_request: Request, response: Response, *, url: str, **kwargs: Any
    ) -> Request:
        """Return the request for where a response leads; credentials in that URL are dropped before anything can log them."""
        return super()._build_redirect_request(
            source_request, response, url=without_credentials(url), **kwargs
        )

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        """Return the redirected request. Raises Refused after a loop or too many."""
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest:
            hops = request.meta.get("redirect_times", 0)
            raise Refused(Outcome.REDIRECT_LIMIT, f"{hops} redirects, the last to {redirected.url}") from None


class RedirectMiddleware(_Counted, redirect.RedirectMiddleware):
    """Follows 301, 302, 303, 307 and 308."""


class MetaRefreshMiddleware(_Counted, redirect.MetaRefreshMiddleware):
    """Follows pages that move on at once by a meta element."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002 - Scrapy's signature
    ) -> Request | Response:
        """Return the response, or the request for where it moves on to; only pages that say `refresh` are decoded."""
        if b"refresh" not in response.body[:_HEAD_BYTES].lower():
            return response
        return super().process_response(request, response)
