"""URLs as keys: which ones are the same page, which belong to one site. Pure; nothing is looked up on the network."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

if TYPE_CHECKING:
    from tldextract import TLDExtract

# First labels of hosts that serve the same pages in another dress.
_DRESS = re.compile(r"^(?:www\d?|m|mobile|mobil|amp|touch)\.(?=[^.]+\.[^.])")
# Path ends and parameters of the AMP and print variants of a page.
_VARIANT_PATH = re.compile(r"/(?:amp|amp\.html|print|index\.html?|index\.php)$", re.IGNORECASE)
_AMP_PREFIX = re.compile(r"^(?:/amp)+(?=/.)", re.IGNORECASE)
_VARIANT_PARAMETERS = frozenset({"amp", "outputtype", "print", "output", "m", "mobile", "view", "showmobile"})
_VARIANT_VALUES = frozenset({"", "1", "amp", "true", "print", "yes"})
_SESSION = re.compile(
    r"^(?:phpsessid|jsessionid|aspsessionid\w*|sid|sessionid|session_id|cfid|cftoken)$", re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
# Hosts and paths that canonicalizing leaves as they are: nothing in them is quoted, a parameter or a step up. A fifth of the time.
_PLAIN_PLACE = re.compile(r"[A-Za-z0-9.:-]+")
_PLAIN_PATH = re.compile(r"(?:/(?!\.\.?(?:/|$))[A-Za-z0-9_.~-]*)+")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=1024)
def url_key(url: str) -> str:
    """Return what all spellings and variants of one page's URL share: host and path, and the query without trackers.

    Scheme, `www.`, `m.`, `amp.`, default port, fragment, trailing slash, tracking and session parameters and AMP and print
    variants are dropped. Idempotent. Raises ValueError for what is no http(s) URL with a host.
    """
    parts = _split(url)
    path = parts.path
    if not (_PLAIN_PATH.fullmatch(path) and _PLAIN_PLACE.fullmatch(parts.netloc)):
        path = _SESSION_IN_PATH.sub("", urlsplit(canonicalize_url(urlunsplit(parts))).path)
    path = _AMP_PREFIX.sub("", re.sub(r"/{2,}", "/", path))
    path = _strip(path)
    query = parts.query and urlencode(
        sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_variant(*pair))
    )
    return f"{_host(parts.scheme, parts.netloc)}{path}" + (f"?{query}" if query else "")


def clean_url(url: str) -> str:
    """Return the absolute URL without fragment, trackers and credentials. Raises ValueError like `url_key`."""
    parts = _split(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracker(pair[0])]
    query = (
        parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
    )
    return urlunsplit((parts.scheme, _authority(parts), parts.path or "/", query, ""))


def without_credentials(url: str) -> str:
    """Return a URL without user name and password; what is no URL is returned as it is."""
    if "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def article_id(key: str) -> str:
    """Return 32 hex digits: the 128-bit BLAKE2b of a `url_key`."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def same_site(one: str, other: str) -> bool:
    """Whether two URLs have one registered domain; for addresses and localhost, one host and port. False for what is no URL."""
    try:
        mine, others = _split(one), _split(other)
        # The common case needs no list of suffixes.
        return mine[:2] == others[:2] or site_of(one) == site_of(other)
    except ValueError:
        return False


def site_of(url: str) -> str:
    """Return the registered domain of a URL (example.co.uk), or its host:port where it has none. Raises ValueError."""
    parts = _split(url)
    return _site(parts.scheme, parts.netloc)


@lru_cache(maxsize=4096)
def _site(scheme: str, netloc: str) -> str:
    parts = SplitResult(scheme, netloc, "", "", "")
    return _suffixes()(parts.hostname or "").top_domain_under_public_suffix or _authority(parts)


@cache
def _suffixes() -> TLDExtract:
    """Return the list of public suffixes that the package ships; no cache on disk, no fetch. It takes 30 ms and 7 MB."""
    from tldextract import TLDExtract  # noqa: PLC0415

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def _split(url: str) -> SplitResult:
    parts = urlsplit(url.strip())
    if not _is_place(parts.scheme, parts.netloc):
        raise ValueError(f"{url[:200]!r} is no http(s) URL with a host")
    return parts


@lru_cache(maxsize=4096)
def _is_place(scheme: str, netloc: str) -> bool:
    """Whether there is a host to ask; raises ValueError for what is no port. A site's thousands of URLs have one answer."""
    parts = SplitResult(scheme, netloc, "", "", "")
    is_place = scheme in _DEFAULT_PORTS and bool(_name(parts))
    _ = parts.port if is_place else None
    return is_place


def _name(parts: SplitResult) -> str:
    """Return the host's name without the root's dot, '' for dots alone. Full stops of other scripts are dots (RFC 3490, 3.1)."""
    return (parts.hostname or "").translate(_DOTS).rstrip(".")


def _authority(parts: SplitResult) -> str:
    host = _name(parts)
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


@lru_cache(maxsize=4096)
def _host(scheme: str, netloc: str) -> str:
    parts = SplitResult(scheme, netloc, "", "", "")
    authority = _authority(parts)
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        try:
            authority = (
                authority.encode("ascii").decode("ascii")
                if authority.isascii()
                else authority.encode("idna").decode()
            )
        except UnicodeError as error:
            raise ValueError(f"{authority!r} is no host name") from error
        while _DRESS.match(authority):
            authority = _DRESS.sub("", authority, count=1)
    return authority


def _strip(path: str) -> str:
    """Drop variant ends and the trailing slash, as often as there are some."""
    before = None
    while before != path:
        before = path
        path = _VARIANT_PATH.sub("", path.rstrip("/"))
    return path or "/"


def _is_tracker(name: str) -> bool:
    return bool(_SESSION.match(name) or _trackers().search(name.lower()))


@cache
def _trackers() -> re.Pattern[str]:
    """Return what names of tracking parameters have in common; the package takes 40 ms to load."""
    from courlan.clean import TRACKERS_RE  # noqa: PLC0415

    return TRACKERS_RE


def _is_variant(name: str, value: str) -> bool:
    return _is_tracker(name) or (name.lower() in _VARIANT_PARAMETERS and value.lower() in _VARIANT_VALUES)
