"""The download handler: Scrapy's own, which connects to allowed addresses only and takes no endless headers.

Names are resolved by a resolver that hands on allowed addresses only, and connections are opened to what it handed on and nothing
else: what was checked is what is connected to, at every hop and for every kind of fetch, whatever the name resolves to a second
later. Addresses written out (also as 0x7f000001 or 127.1) go the same way.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet import endpoints
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.web._newclient import BODY, DONE
from zope.interface import implementer

from newsbot.middlewares.addresses import AddressGuard
from newsbot.middlewares.refused import Refused
from newsbot.outcomes import Outcome

logger = logging.getLogger(__name__)

# Bytes of headers that a response may have: far more than servers send, little beside a page.
MAX_HEADER_BYTES = 256 * 1024


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler behind the address guard."""

    # Made with the first request: Scrapy only logs what goes wrong here, after the limits' middleware has read the settings.
    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = AddressGuard.of(crawler.settings.get)
        self._resolver = GuardedResolver.install(self._guard)
        self._passed: set[tuple[str, tuple[str, int]]] = set()
        self._pool._factory = _BoundedFactory  # noqa: SLF001 - where Scrapy itself puts its factory
        remember_names()

    async def download_request(self, request: Request) -> Response:
        """Return the response. Raises Refused where the address or size is over a limit, else as Scrapy does."""
        parts = urlparse_cached(request)
        place = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        try:
            response = await super().download_request(request)
        except CannotResolveHostError:
            reason = self._resolver.refused.get(place)
            if reason is None:
                raise
            raise Refused(Outcome.BLOCKED_ADDRESS, reason) from None
        except DownloadCancelledError:
            limit = request.meta.get("download_maxsize", self._default_maxsize)
            raise Refused(Outcome.TOO_LARGE, f"larger than {limit} bytes in transfer") from None
        self._check_again(response, place)
        return response

    def _check_again(self, response: Response, place: tuple[str, int]) -> None:
        """Refuse an answer from an address that the guard did not let pass: another resolver was put in its place."""
        address = str(response.ip_address or "")
        # Of one address and place the guard says the same each time.
        if not address or (address, place) in self._passed:
            return
        reason = self._guard.refusal(address, place[1], place[0])
        if reason:
            raise Refused(Outcome.BLOCKED_ADDRESS, reason)
        self._passed.add((address, place))


def remember_names() -> None:
    """Let Twisted encode each host's name once, not again for each request, of whose time it is a twentieth."""
    encode = endpoints._idnaBytes  # type: ignore[attr-defined] # noqa: SLF001 - the name that Scrapy patches too
    if not hasattr(encode, "cache_info"):
        endpoints._idnaBytes = lru_cache(maxsize=1024)(encode)  # type: ignore[attr-defined] # noqa: SLF001


@implementer(IHostnameResolver)
class GuardedResolver:
    """Hands on what another resolver found, without the addresses that must not be connected to."""

    def __init__(self, guard: AddressGuard, inner: Any) -> None:
        self.guard, self._inner = guard, inner
        self.refused: dict[tuple[str, int], str] = {}

    @classmethod
    def install(cls, guard: AddressGuard) -> GuardedResolver:
        """Put a guarded resolver before the one that the reactor uses; one that is there already gets the new guard."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        current = reactor.nameResolver
        if isinstance(current, cls):
            current.guard = guard
            return current
        resolver = cls(guard, current)
        reactor.installNameResolver(resolver)
        return resolver

    def resolveHostName(  # noqa: N802 - Twisted's name and signature
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve as the inner resolver does; see IHostnameResolver."""
        receiver = _Sieve(self, resolutionReceiver, (hostName, portNumber))
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)  # type: ignore[no-any-return]


@implementer(IResolutionReceiver)
class _Sieve:
    """Takes the addresses of one resolution and hands on those that are allowed."""

    def __init__(self, resolver: GuardedResolver, inner: Any, place: tuple[str, int]) -> None:
        self._resolver, self._inner, self._place = resolver, inner, place

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._inner.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        host, port = self._place
        reason = self._resolver.guard.refusal(address.host, port, host)
        if reason is None:
            self._resolver.refused.pop(self._place, None)
            self._inner.addressResolved(address)
        else:
            self._resolver.refused[self._place] = reason

    def resolutionComplete(self) -> None:  # noqa: N802
        self._inner.resolutionComplete()


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Breaks off where the headers of an answer do not end."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        parser = self._parser
        if parser is not None and parser.state not in (BODY, DONE):
            self._head += len(data)
            # What is read at once may hold the headers and the body's first 64 KiB.
            if self._head > MAX_HEADER_BYTES + 65536:
                self.transport.abortConnection()  # type: ignore[union-attr]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    noisy = False

    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:  # noqa: ARG002, N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
