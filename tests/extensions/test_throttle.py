"""The floor that robots.txt puts under the delay of a host."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.settings import Settings

from newsbot.extensions.throttle import Throttle, set_floor

HOST = "example.com"


@pytest.fixture
def crawler() -> Any:
    """Stand for a crawl with one host under way."""
    downloader = SimpleNamespace(per_slot_settings={}, slots={HOST: Slot(4, 0.5, 0.5)}, _delay=0)
    settings = Settings({"AUTOTHROTTLE_ENABLED": True, "DOWNLOAD_DELAY": 0.5, "AUTOTHROTTLE_MAX_DELAY": 30})
    signals = SimpleNamespace(connect=lambda *_, **__: None)
    return SimpleNamespace(settings=settings, signals=signals, engine=SimpleNamespace(downloader=downloader))


def answer(crawler: Any, latency: float, status: int = 200) -> float:
    """Let an answer come in after `latency` seconds; return the host's delay then."""
    throttle = Throttle(crawler)
    spider: Any = None
    throttle._spider_opened(spider)
    request = Request(f"https://{HOST}/", meta={"download_slot": HOST, "download_latency": latency})
    throttle._response_downloaded(Response(request.url, status=status), request, spider)
    return float(crawler.engine.downloader.slots[HOST].delay)


def test_the_floor_makes_one_request_at_a_time_without_jitter(crawler: Any) -> None:
    set_floor(crawler, HOST, 7)
    slot = crawler.engine.downloader.slots[HOST]
    assert (slot.concurrency, slot.delay, slot.jitter) == (1, 7, 0.0)
    assert crawler.engine.downloader.per_slot_settings[HOST] == {"concurrency": 1, "delay": 7, "jitter": 0}


def test_a_quick_site_does_not_lower_the_delay_below_the_floor(crawler: Any) -> None:
    set_floor(crawler, HOST, 7)
    for _ in range(20):
        assert answer(crawler, 0.01) >= 7


def test_a_slow_site_raises_it_and_a_quick_one_brings_it_back_to_the_floor(crawler: Any) -> None:
    set_floor(crawler, HOST, 7)
    assert answer(crawler, 20) > 7
    for _ in range(30):
        delay = answer(crawler, 0.01)
    assert delay == pytest.approx(7, abs=0.1)


def test_without_a_floor_it_is_as_scrapy_has_it(crawler: Any) -> None:
    assert answer(crawler, 4) == 4
    for _ in range(30):
        delay = answer(crawler, 0.01)
    assert delay == pytest.approx(0.5, abs=0.01)


def test_a_floor_for_a_host_not_asked_yet_waits_for_it(crawler: Any) -> None:
    set_floor(crawler, "other.example", 3)
    assert "other.example" in crawler.engine.downloader.per_slot_settings
    assert "other.example" not in crawler.engine.downloader.slots
