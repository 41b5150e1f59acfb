"""AutoThrottle that never goes below what robots.txt asks: Scrapy's, with a floor for each host."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response


class Throttle(AutoThrottle):
    """Adjusts the delay of each host to the time it takes to answer."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        assert self.crawler.engine is not None
        if key is not None and slot is not None:
            floor = self.crawler.engine.downloader.per_slot_settings.get(key, {}).get("delay", 0.0)
            slot.delay = max(slot.delay, floor)


def set_floor(crawler: Crawler, host: str, seconds: float) -> None:
    """Ask a host once in `seconds` at most, one request at a time, from now on."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    # Slots that lie idle are dropped and made anew from these settings.
    downloader.per_slot_settings[host] = {"concurrency": 1, "delay": seconds, "jitter": 0}
    slot = downloader.slots.get(host)
    if slot is not None:
        slot.concurrency, slot.delay, slot.jitter = 1, max(slot.delay, seconds), 0.0
