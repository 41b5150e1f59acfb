"""newsbot.settings: which of Scrapy's own components are left out is decided, not forgotten."""

from __future__ import annotations

import pytest
from scrapy.settings import default_settings

from newsbot import settings

LEFT_OUT = {
    "EXTENSIONS_BASE": {"TelnetConsole", "MemoryDebugger", "SpiderState", "AutoThrottle", "RemoteControl"},
    "DOWNLOADER_MIDDLEWARES_BASE": {
        "OffsiteMiddleware",
        "RobotsTxtMiddleware",
        "HttpAuthMiddleware",
        "RetryMiddleware",
        "MetaRefreshMiddleware",
        "HttpCompressionMiddleware",
        "RedirectMiddleware",
        "CookiesMiddleware",
    },
    "SPIDER_MIDDLEWARES_BASE": {
        "HttpErrorMiddleware",
        "RefererMiddleware",
        "UrlLengthMiddleware",
        "DepthMiddleware",
        "MetaCopyDetectionMiddleware",
    },
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_scrapy_would_load_is_kept_at_its_place_or_left_out_on_purpose(name: str) -> None:
    theirs, ours = getattr(default_settings, name), getattr(settings, name)
    assert ours.items() <= theirs.items()
    assert {path.rpartition(".")[2] for path in theirs.keys() - ours.keys()} == LEFT_OUT[name]
