"""Which addresses may be connected to."""

from __future__ import annotations

import ipaddress

import pytest

from newsbot.exceptions import SettingError
from newsbot.middlewares.addresses import AddressGuard, special

SPECIAL = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1",
    "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1",
          "2606:4700::1111", "2a00:1450:4001::1"]  # fmt: skip


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_refused(address: str) -> None:
    assert special(ipaddress.ip_address(address)) is not None
    assert "address" in (AddressGuard().refusal(address, 80) or "")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert AddressGuard().refusal(address, 443) is None


def test_a_scope_does_not_hide_an_address() -> None:
    assert AddressGuard().refusal("fe80::1%eth0", 80) == "fe80::1%eth0, a link-local address"
    assert AddressGuard().refusal("nonsense", 80) == "nonsense is no address"


def test_the_reason_names_host_and_kind() -> None:
    assert (
        AddressGuard().refusal("10.1.2.3", 80, "intra.example")
        == "intra.example is 10.1.2.3, a private address"
    )


@pytest.mark.parametrize(
    ("setting", "address", "port", "passes"),
    [
        ("127.0.0.1/32:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1/32:8000", "127.0.0.1", 8001, False),
        ("127.0.0.1/32:8000", "127.0.0.2", 8000, False),
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1", "127.0.0.1", 1, True),
        (" 10.0.0.0/8 , 192.168.1.0/24:80", "10.9.9.9", 5, True),
        ("10.0.0.0/8,192.168.1.0/24:80", "192.168.1.7", 80, True),
        ("10.0.0.0/8,192.168.1.0/24:80", "192.168.1.7", 81, False),
        ("10.0.0.0/8", "::ffff:10.0.0.1", 80, True),
        ("::1/128", "::1", 80, True),
        ("::1/128:8000", "::1", 8000, True),
        ("::1/128:8000", "::1", 8001, False),
        ("[::1]/128:8000", "::1", 8000, True),
        ("[fd00::]/8", "fd12::1", 1, True),
        ("", "127.0.0.1", 80, False),
    ],
)
def test_blocks_that_are_allowed(setting: str, address: str, port: int, passes: bool) -> None:
    assert (AddressGuard.read(setting).refusal(address, port) is None) is passes


@pytest.mark.parametrize(
    "setting",
    [
        "localhost",
        "127.0.0.1/33",
        "127.0.0.1/32:",
        "127.0.0.1/32:port",
        "127.0.0.1/32:70000",
        "::1:8000:x",
        "/",
    ],
)
def test_a_block_that_means_nothing_is_named_with_the_remedy(setting: str) -> None:
    with pytest.raises(SettingError, match=r"NEWSBOT_ALLOWED_ADDRESSES holds .*such as"):
        AddressGuard.read(setting)


def test_the_demo_newspaper_is_let_pass_at_its_port_only() -> None:
    guard = AddressGuard.read("", "http://127.0.0.1:8642")
    assert guard.refusal("127.0.0.1", 8642, "127.0.0.1") is None
    assert guard.refusal("127.0.0.1", 8643, "127.0.0.1")
    assert guard.refusal("127.0.0.1", 8642, "evil.example"), "another name for the same address"


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://[", "http://a:b"])
def test_a_demo_url_that_means_nothing_is_named(url: str) -> None:
    with pytest.raises(SettingError, match="NEWSBOT_DEMO_URL"):
        AddressGuard.read("", url)
