"""The one exception by which a middleware of newsbot refuses a request or a response: it carries the outcome."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from newsbot.outcomes import Outcome


class Refused(IgnoreRequest):
    """Raised when a request must not be made or its answer not be used, from the middlewares; Scrapy logs it quietly."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason
