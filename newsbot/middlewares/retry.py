"""Tries again what failed in passing: Scrapy's retry, and one more try for an answer that ended early."""

from __future__ import annotations

import re
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares import retry
from scrapy.http import Response

from newsbot.middlewares.limits import ROBOTS
from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome

# The end tag of the root of a page, or of a feed or sitemap; caches write a comment or two after it.
_ROOT_END = re.compile(rb"</(?:html|urlset|sitemapindex|rss|feed|rdf:rdf)\s*>", re.IGNORECASE)
_TAIL_BYTES = 1024
# Flags of Scrapy: the transfer ended before its length or last chunk; its length was never said (HTTP/1.0).
LOST, UNSAID = "dataloss", "partial"


class RetryMiddleware(retry.RetryMiddleware):
    """Tries again after passing faults; a transfer that ended early gets one more try, then it is given up as truncated."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002 - Scrapy's signature
    ) -> Request | Response:
        """Return the response, or the request for another try. Raises Refused where a transfer ended early twice."""
        flags = set(response.flags)
        if request.meta.get("newsbot_kind") == ROBOTS or not flags & {LOST, UNSAID}:
            return super().process_response(request, response)
        # Chunks that end amid one are no wrong count; a length may be one, and a body without either ends as it ends.
        may_be_whole = UNSAID in flags or "Content-Length" in response.headers
        if may_be_whole and is_whole(response.body):
            response = response.replace(flags=[flag for flag in response.flags if flag not in {LOST, UNSAID}])
        elif LOST in flags:
            return self._once_more(request)
        return super().process_response(request, response)

    def _once_more(self, request: Request) -> Request:
        if request.meta.get("newsbot_lost"):
            raise Refused(Outcome.TRUNCATED, "the transfer ended early, twice")
        again = request.copy()
        again.meta["newsbot_lost"] = True
        again.dont_filter = True
        return again


def is_whole(body: bytes) -> bool:
    """Whether a body ends as documents do: with the end tag of its root element."""
    return _ROOT_END.search(body[-_TAIL_BYTES:]) is not None
