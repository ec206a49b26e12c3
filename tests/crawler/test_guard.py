"""Which addresses a crawler may connect to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.guard import AddressRefusedError, check_literal, is_refused

DARK = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:0",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:1::1",
    "::127.0.0.1",
    "2001:db8::1",
    "100::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "172.32.0.1", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", DARK)
def test_refused(address: str) -> None:
    assert is_refused(address, ())


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert not is_refused(address, ())


def test_allowed_networks_pass_in_every_spelling() -> None:
    allowed = [ipaddress.ip_network("127.0.0.0/8")]
    assert not is_refused("127.0.0.1", allowed)
    assert not is_refused("::ffff:127.0.0.1", allowed)
    assert is_refused("::1", allowed)
    assert is_refused("10.0.0.1", allowed)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_what_it_maps(address: ipaddress.IPv4Address) -> None:
    assert is_refused(str(address), ()) == is_refused(f"::ffff:{address}", ())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]:80/", "http://10.0.0.1./", "https://[::ffff:7f00:1]/"]
)
def test_literals_in_urls(url: str) -> None:
    with pytest.raises(AddressRefusedError, match="allow_private"):
        check_literal(url, ())


def test_names_are_left_to_the_connection() -> None:
    check_literal("http://localhost/", ())
    check_literal("http://2130706433/", ())
