"""Which network addresses may be connected to: public ones, and the special ones that a setting allows. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsbot.exceptions import SettingError
from newsbot.options import Getter

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 networks whose addresses carry an IPv4 address that is reached in the end: translation (RFC 6052) in the last 32 bits,
# 6to4 (RFC 3056) in bits 16 to 48.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_6TO4 = ipaddress.IPv6Network("2002::/16")
# Not global by their registries, though some versions of Python's ipaddress say so: protocol assignments, 6to4 relays,
# benchmarking, local NAT64, discard, Teredo, documentation, segment routing, unique local, site local.
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "3fff::/20", "5f00::/16", "fc00::/7", "fec0::/10",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allowed:
    """A block of special addresses that may be reached all the same."""

    network: Network
    port: int | None
    """None: any port."""


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides about each address before a connection to it is opened."""

    allowed: tuple[Allowed, ...] = ()
    names: frozenset[tuple[str, int]] = frozenset()
    """(host, port) that may be reached whatever the name resolves to: where the demo newspaper is served."""

    @classmethod
    def read(cls, setting: str | Iterable[str], demo_url: str = "") -> AddressGuard:
        """Return the guard of NEWSBOT_ALLOWED_ADDRESSES and NEWSBOT_DEMO_URL. Raises SettingError."""
        parts = setting.split(",") if isinstance(setting, str) else setting
        allowed = tuple(_read_block(part.strip()) for part in parts if part.strip())
        return cls(allowed, frozenset([_place(demo_url)] if demo_url else []))

    @classmethod
    def of(cls, get: Getter) -> AddressGuard:
        """Return the guard as `get(name)` (such as `settings.get`) tells it. Raises SettingError."""
        allowed, demo_url = get("NEWSBOT_ALLOWED_ADDRESSES") or "", get("NEWSBOT_DEMO_URL") or ""
        return cls.read(allowed if isinstance(allowed, (str, list, tuple)) else str(allowed), str(demo_url))

    def refusal(self, address: str, port: int, host: str = "") -> str | None:
        """Return why `address` (an IP address in text) must not be connected to, or None where it may."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return f"{address} is no address"
        kind = special(ip)
        if kind is None or (host.lower().strip("[]"), port) in self.names or self._is_allowed(ip, port):
            return None
        return f"{host + ' is ' if host and host != address else ''}{address}, a {kind} address"

    def _is_allowed(self, ip: Address, port: int) -> bool:
        plain = embedded(ip) or ip
        return any(
            block.port in (None, port) and plain.version == block.network.version and plain in block.network
            for block in self.allowed
        )


def special(ip: Address) -> str | None:
    """Return the kind of an address that is not of the public internet, or None. Looks through IPv4 mapped into IPv6."""
    ip = embedded(ip) or ip
    kinds = (
        ("unspecified", ip.is_unspecified),
        ("loopback", ip.is_loopback),
        ("link-local", ip.is_link_local),
        ("multicast", ip.is_multicast),
        ("private", ip.is_private),
        ("reserved", ip.is_reserved or not ip.is_global),
        ("reserved", any(ip.version == network.version and ip in network for network in _SPECIAL)),
    )
    return next((name for name, holds in kinds if holds), None)


def embedded(ip: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, or None."""
    if ip.version == 4:
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _6TO4:
        return ipaddress.IPv4Address(int(ip) >> 80 & 0xFFFFFFFF)
    return None


def _read_block(text: str) -> Allowed:
    block, port = text, None
    # A port follows the prefix length, as in 127.0.0.1/32:8000; IPv6 needs its prefix length or brackets to name one.
    slash, colon = text.rfind("/"), text.rfind(":")
    if colon > max(slash, text.rfind("]")) and (slash >= 0 or "]" in text or text.count(":") == 1):
        block, port = text[:colon], text[colon + 1 :]
    try:
        network = ipaddress.ip_network(block.replace("[", "").replace("]", ""), strict=False)
        number = urlsplit(f"//host:{int(port)}").port if port is not None else None
    except ValueError as error:
        raise SettingError(
            f"NEWSBOT_ALLOWED_ADDRESSES holds {text!r}; give CIDR blocks with optional ports, parted by commas, "
            "such as 127.0.0.1/32:8000,10.1.0.0/16"
        ) from error
    return Allowed(network, number)


def _place(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme if parts.hostname else ""]
    except (KeyError, ValueError) as error:
        raise SettingError(
            f"NEWSBOT_DEMO_URL is {url!r}; give a URL such as http://127.0.0.1:8000"
        ) from error
    return parts.hostname or "", port
