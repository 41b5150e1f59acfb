"""How politely a publisher is crawled, as Scrapy settings, and who says so: User-Agent and contact."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from newsbot import __version__
from newsbot.exceptions import UsageError
from newsbot.options import Options
from newsbot.publishers.model import Publisher


def user_agent(contact: str) -> str:
    """Return the User-Agent: who we are, and where a site's owner reaches the operator."""
    return f"newsbot/{__version__} (+{contact})" if contact else f"newsbot/{__version__}"


def check_contact(publisher: Publisher, options: Options) -> None:
    """Raise UsageError where a real site would be crawled without a contact; a loopback address is no real site."""
    if options.contact or is_loopback(publisher.site):
        return
    raise UsageError(
        f"NEWSBOT_CONTACT is not set: {publisher.site} must be able to reach you; give a mail address or URL, "
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
    """Return the Scrapy settings of one publisher's crawl. A loopback site is our own and needs no delay."""
    settings: dict[str, Any] = {"USER_AGENT": user_agent(options.contact)}
    if publisher.budgets.delay is not None:
        settings["DOWNLOAD_DELAY"] = publisher.budgets.delay
    elif is_loopback(publisher.site):
        settings |= {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
    if publisher.budgets.concurrency is not None:
        settings["CONCURRENT_REQUESTS_PER_DOMAIN"] = publisher.budgets.concurrency
    return settings
