"""Which addresses a crawler may connect to."""

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Outcome
from crawler import Entry, Failure, Manners, fetch, open_client
from crawler.guard import AddressRefusedError, check_literal, check_port, is_refused
from extractors import Page
from tests.crawler.newsstand import Answer, newsstand

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
    check_literal("http://localhost.example/", ())
    check_literal("http://1.example/", ())


@pytest.mark.parametrize(
    "host", ["localhost", "x.localhost.", "2130706433", "0x7f.1", "0177.1", "127.1", "%31%32%37.1", "１２７.1", "0"]
)
def test_other_spellings_of_literals(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_literal(f"http://{host}/", ())
    if host != "0":
        check_literal(f"http://{host}/", (ipaddress.ip_network("127.0.0.0/8"),))


def test_ports() -> None:
    for url in ("http://a.example/", "https://a.example/", "http://a.example:8080/"):
        check_port(url, ())
    for url in ("http://a.example:25/", "https://a.example:6667/", "http://a.example:0/"):
        with pytest.raises(ValueError, match="ports"):
            check_port(url, ())
    check_port("https://a.example/", (443,))
    check_port("http://a.example:25/", (25,))
    with pytest.raises(ValueError, match="port 80 "):
        check_port("http://a.example/", (443,))


HERE = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1",
    "0177.0.0.1", "017700000001", "0x7f.0x0.0x0.0x1", "127.0.0.0x1", "0", "0.0.0.0", "localhost", "LOCALHOST",
    "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]",
    "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "１２７.0.0.1", "127。0。0。1", "user:pass@127.0.0.1", "x@localhost",
]  # fmt: skip
"""Spellings under which some program or other finds this very machine."""

FORMS = [
    *(f"http://{host}:{{port}}/" for host in HERE),
    "ftp://127.0.0.1:{port}/", "file:///etc/passwd", "file://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_GET",
    "javascript:alert(1)", "data:text/html,x", "dict://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/",
    "http://a.example\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@a.example/", "//127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "HTTP://127.0.0.1:{port}/",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_no_spelling_reaches_this_machine(form: str) -> None:
    async def go() -> tuple[object, int]:
        async with newsstand({"/": Answer()}) as stand, open_client(in_flight=1) as client:
            url = form.replace("{port}", stand.base.rpartition(":")[2])
            return await fetch(client, Entry(url=url, site="s"), manners=Manners(timeout=5)), len(stand.asked)

    got, requests = asyncio.run(go())
    assert isinstance(got, Failure)
    assert got.outcome in {Outcome.ADDRESS_REFUSED, Outcome.DNS, Outcome.CONNECT}
    assert requests == 0


@pytest.mark.parametrize("host", ["[::1]", "10.0.0.1", "0.0.0.0", "169.254.169.254", "[::127.0.0.1]", "[fc00::1]"])
def test_a_redirect_from_an_allowed_network_leads_to_no_other(host: str) -> None:
    async def go() -> tuple[object, list[str]]:
        async with newsstand() as stand, open_client(in_flight=1) as client:
            port = stand.base.rpartition(":")[2]
            stand.scripts["/"] = Answer(status=302, headers=(("Location", f"http://{host}:{port}/inside"),))
            manners = Manners(timeout=5, allow_private=(ipaddress.ip_network("127.0.0.0/8"),))
            return await fetch(client, Entry(url=stand.base + "/", site="s"), manners=manners), stand.targets()

    got, targets = asyncio.run(go())
    assert isinstance(got, Failure)
    assert got.outcome == Outcome.ADDRESS_REFUSED
    assert targets == ["/"]


@pytest.mark.parametrize(
    ("host", "network"), [("127.0.0.1", "127.0.0.0/8"), ("127.0.0.1", "127.0.0.1/32"), ("localhost", "127.0.0.0/8")]
)
def test_an_allowed_network_is_reached(host: str, network: str) -> None:
    async def go() -> object:
        async with newsstand({"/": Answer(body=b"<p>in</p>")}) as stand, open_client(in_flight=1) as client:
            manners = Manners(timeout=5, allow_private=(ipaddress.ip_network(network),))
            url = stand.base.replace("127.0.0.1", host) + "/"
            return await fetch(client, Entry(url=url, site="s"), manners=manners)

    got = asyncio.run(go())
    assert isinstance(got, Page)
    assert got.body == b"<p>in</p>"
