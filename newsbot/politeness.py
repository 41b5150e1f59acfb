"""How politely a publisher is crawled, as Scrapy settings, and who says so: User-Agent and contact."""

from __future__ import annotations

import importlib.util
import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsbot import __version__
from newsbot.exceptions import UsageError
from newsbot.options import Options
from newsbot.publishers.model import Publisher

# What can stand in a header, and be written or gone to.
_CONTACT = re.compile(r"(?:mailto:)?[^\s@()]+@[^\s@()]+|https?://[!-~]+")
# Pages in the browser at a time: each is a process of its own.
PAGES_AT_A_TIME = 3


def user_agent(contact: str) -> str:
    """Return the User-Agent: who we are, and where a site's owner reaches the operator."""
    return f"newsbot/{__version__} (+{contact})" if contact else f"newsbot/{__version__}"


def may_fetch(publisher: Publisher, urls: Iterable[str] = ()) -> list[str]:
    """Return the addresses that a crawl of a publisher starts from: its sites, its sources, and `urls` named beside them."""
    sources = [source.url for source in publisher.sources]
    return [url for url in (publisher.site, *publisher.other_sites, *sources, *urls) if url]


def check_contact(publisher: Publisher, options: Options, urls: Iterable[str] = ()) -> None:
    """Raise UsageError where a real site would be asked without a contact; a loopback address is no real site.

    A publisher of one's own may well have a feed elsewhere: all that `may_fetch` names is looked at.
    """
    if options.contact and not _CONTACT.fullmatch(options.contact):
        raise UsageError(
            f"NEWSBOT_CONTACT is {options.contact!r}; give a mail address or URL, such as you@example.org"
        )
    real = [url for url in may_fetch(publisher, urls) if not is_loopback(url)]
    if real and not options.contact:
        raise UsageError(
            f"NEWSBOT_CONTACT is not set: {real[0]} must be able to reach you; give a mail address or URL, "
            "NEWSBOT_CONTACT=you@example.org"
        )


def is_loopback(url: str) -> bool:
    """Whether a URL's host is a loopback address or localhost."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def politeness(publisher: Publisher, options: Options) -> dict[str, Any]:
    """Return the Scrapy settings of one publisher's crawl. A loopback site is our own and needs no delay.

    Raises UsageError where its pages need JavaScript and the extra is not installed.
    """
    settings: dict[str, Any] = {"USER_AGENT": user_agent(options.contact)}
    if publisher.budgets.delay is not None:
        settings["DOWNLOAD_DELAY"] = publisher.budgets.delay
    elif all(map(is_loopback, may_fetch(publisher))):
        settings |= {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
    if publisher.budgets.concurrency is not None:
        settings["CONCURRENT_REQUESTS_PER_DOMAIN"] = publisher.budgets.concurrency
    if not publisher.verify_tls:
        settings["DOWNLOAD_VERIFY_CERTIFICATES"] = False
    if publisher.render:
        settings |= rendering(publisher, options.chromium)
    return settings


def rendering(publisher: Publisher, chromium: str = "") -> dict[str, Any]:
    """Return the settings for pages that need JavaScript. Raises UsageError without the extra or the browser that is named."""
    if chromium and not Path(chromium).is_file():
        raise UsageError(
            f"NEWSBOT_CHROMIUM is {chromium}, which is no file; name the browser, such as /usr/bin/chromium"
        )
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise UsageError(
            f"{publisher.name} says render = true: install Chromium and pip install 'newsbot[render]'"
        )
    handler = "newsbot.middlewares.render.RenderedDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOAD_SLOTS": {"render": {"concurrency": PAGES_AT_A_TIME, "delay": 0}},
    }
