"""The guarded resolver, and the handler against servers of its own: TLS, headers without end, what logs say."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from twisted.internet.address import IPv4Address, IPv6Address

from newsbot.middlewares.addresses import AddressGuard
from newsbot.middlewares.download import GuardedResolver
from tests.middlewares.wild import Asked, fetch, http, wild


class Inner:
    """A resolver whose answer changes with every question, as in DNS rebinding."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, name: str, port: int, *_: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        for text in self.answers.pop(0):
            kind = IPv6Address if ":" in text else IPv4Address
            receiver.addressResolved(kind("TCP", text, port))
        receiver.resolutionComplete()


class Receiver:
    """Notes what is handed on: what the endpoint connects to."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.is_complete = True


def resolve(resolver: GuardedResolver, host: str = "example.com", port: int = 80) -> list[str]:
    receiver: Any = Receiver()
    resolver.resolveHostName(receiver, host, port)
    assert receiver.is_complete
    return list(receiver.addresses)


def test_only_allowed_addresses_are_handed_on() -> None:
    resolver = GuardedResolver(AddressGuard(), Inner(["10.0.0.1", "93.184.216.34", "::1"]))
    assert resolve(resolver) == ["93.184.216.34"]


def test_a_name_that_is_rebound_is_refused_at_the_connection() -> None:
    resolver = GuardedResolver(AddressGuard(), Inner(["93.184.216.34"], ["127.0.0.1"]))
    assert resolve(resolver) == ["93.184.216.34"]
    assert resolve(resolver) == []
    assert resolver.refused["example.com", 80] == "example.com is 127.0.0.1, a loopback address"


def test_a_port_is_part_of_what_is_allowed() -> None:
    guard = AddressGuard.read("127.0.0.1/32:8000")
    assert resolve(GuardedResolver(guard, Inner(["127.0.0.1"])), port=8000) == ["127.0.0.1"]
    assert resolve(GuardedResolver(guard, Inner(["127.0.0.1"])), port=8001) == []


# -- in a process of its own -------------------------------------------------------------------------------


def test_every_spelling_of_loopback_is_refused_and_reached_by_nobody() -> None:
    with wild({"/a": http()}) as server:
        hosts = [
            "127.0.0.1",
            "localhost",
            "0x7f000001",
            "2130706433",
            "127.1",
            "0177.0.0.1",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
        ]
        found = fetch([server.url("/a", host) for host in hosts], guard="")
    assert found.outcomes == ["blocked_address"] * len(hosts), found
    assert server.asked == []


def test_the_guard_holds_for_robots_and_sources(tmp_path: Path) -> None:
    with wild(
        {"/robots.txt": http(status="302 Found", Location="http://169.254.169.254/robots.txt")}
    ) as server:
        found = fetch([server.url("/feed")], kind="feed")
    assert found.outcomes == ["blocked_address"]
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "data:text/html,x", "s3://bucket/key"]
)
def test_only_the_web_is_asked(url: str) -> None:
    found = fetch([url])
    assert found.outcomes == ["blocked_address"]
    assert "neither http nor https" in (found.results[0].reason or "")


def test_headers_without_end_are_cut_off() -> None:
    async def endless(writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(b"X-%d: %s\r\n" % (number, b"a" * 1000))
            await writer.drain()

    with wild({"/a": endless, "/b": http()}) as server:
        found = fetch([server.url("/a"), server.url("/b")], RETRY_TIMES=0)
    assert found.outcomes == ["fetch_failed", None]
    assert found.seconds < 20


def test_a_header_line_without_end_is_cut_off() -> None:
    with wild({"/a": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000}) as server:
        found = fetch([server.url("/a")], RETRY_TIMES=0, DOWNLOAD_TIMEOUT=5)
    assert found.outcomes == ["fetch_failed"]


def test_the_limit_of_the_request_holds_in_transfer_and_when_the_length_lies() -> None:
    async def more(writer: asyncio.StreamWriter, asked: Asked) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(300):
            writer.write(b"a" * 10_000)
            await writer.drain()

    with wild({"/claims": http(length=str(1 << 40)), "/sends": more}) as server:
        found = fetch([server.url("/claims"), server.url("/sends")], NEWSBOT_MAX_PAGE_BYTES=1_000_000)
    assert found.outcomes == ["too_large"] * 2
    assert found.results[0].reason == "larger than 1000000 bytes in transfer"


def test_credentials_are_not_sent_logged_or_kept() -> None:
    with wild(
        {"/a": http(), "/r": http(status="302 Found", Location="http://user:s3cret@127.0.0.1:1/")}
    ) as server:
        urls = [server.url(path).replace("://", "://user:s3cret@") for path in ("/a", "/r")]
        found = fetch(urls, LOG_LEVEL="DEBUG")
    assert found.results[0].url == server.url("/a")
    assert all("authorization" not in asked.headers for asked in server.asked)
    lines = [line for line in found.log.splitlines() if "s3cret" in line]
    # The probe's own request is the one place that has them: a crawl takes them off before it makes a request.
    assert all("Crawled" not in line and "ERROR" not in line for line in lines), lines


# -- TLS ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for 127.0.0.1 that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("publisher", "outcome"),
    [({}, "robots"), ({"verify_tls": False}, None)],
    ids=["verified", "not verified"],
)
def test_a_certificate_must_be_good_unless_the_publisher_says_otherwise(
    publisher: dict[str, Any], outcome: str | None, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with wild({"/a": http()}, ssl=context) as server:
        url = server.url("/a").replace("http:", "https:")
        found = fetch([url], publisher=publisher, RETRY_TIMES=0)
    assert found.outcomes == [outcome], found
    if outcome:
        assert (
            found.results[0].reason == "robots.txt could not be read: TLS: the certificate cannot be verified"
        )
        assert [asked.path for asked in server.asked] == []


def test_a_certificate_that_is_trusted_must_name_the_host(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with wild({"/a": http()}, ssl=context) as server:
        urls = [server.url("/a", host).replace("http:", "https:") for host in ("127.0.0.1", "localhost")]
        found = fetch(urls, guard="127.0.0.1/32,::1/128", RETRY_TIMES=0)
    assert found.outcomes == [None, "robots"], found
    assert "certificate cannot be verified" in (found.results[1].reason or "")
