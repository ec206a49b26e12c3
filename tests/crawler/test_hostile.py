"""No URL, redirect, name or link leads a crawl to an address that it may not reach: counted at the decoys' doors."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from archive import Archive, Outcome
from crawler import Config, CrawlOptions, Entry, Failure, Manners, Site, crawl, fetch, open_client
from extractors import Page
from tests.crawler.newsstand import Answer, Newsstand, feed, newsstand, robots

ONLY_HERE = Manners(allow_private=(ipaddress.ip_network("127.0.0.1/32"),), timeout=5, delay=0, retries=0)
"""Lets the newsstand's address through and no other."""

DECOY = "127.0.0.2"

TARGETS = [
    # IPv4 in every spelling of the decoy, of 0.0.0.0 and of private networks
    "http://127.0.0.2:{port}/", "http://127.0.0.2.:{port}/", "http://127.2:{port}/", "http://127.0.2:{port}/",
    "http://2130706434:{port}/", "http://0x7f000002:{port}/", "http://0x7f.2:{port}/", "http://0177.0.0.2:{port}/",
    "http://017700000002:{port}/", "http://0x7f.0x0.0x0.0x2:{port}/", "http://127.0.0.0x2:{port}/",
    "http://127.1.2.3:{port}/", "http://127.255.255.254:{port}/", "http://0.0.0.0:{port}/", "http://0:{port}/",
    "http://0x0:{port}/", "http://00000000000:{port}/", "http://0.1.2.3:{port}/", "http://10.0.0.1:{port}/",
    "http://10.1:{port}/", "http://012.0.0.1:{port}/", "http://167772161:{port}/", "http://172.16.0.1/",
    "http://192.168.0.1/", "http://192.168.1/", "http://3232235521/", "http://100.64.0.1/", "http://198.18.0.1/",
    "http://192.0.0.1/", "http://192.0.2.1/", "http://203.0.113.1/",
    # link-local, metadata, multicast, broadcast
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
    "http://169.254.43518/", "http://[fd00:ec2::254]/latest/", "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/", "http://224.0.0.1/", "http://239.255.255.250:1900/",
    "http://255.255.255.255/", "http://240.0.0.1/",
    # IPv6
    "http://[::]:{port}/", "http://[::1]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[::127.0.0.2]:{port}/",
    "http://[::ffff:127.0.0.2]:{port}/", "http://[::ffff:7f00:2]:{port}/", "http://[64:ff9b::127.0.0.2]:{port}/",
    "http://[64:ff9b::7f00:2]:{port}/", "http://[2002:7f00:2::]:{port}/", "http://[2001:0:7f00:2::]:{port}/",
    "http://[fe80::1]:{port}/", "http://[fe80::1%25lo]:{port}/", "http://[fc00::1]/", "http://[ff02::1]/",
    "http://[2001:db8::1]/", "http://[100::1]/", "http://[::ffff:0:127.0.0.2]:{port}/", "http://[64:ff9b:1::7f00:2]:{port}/",
    "http://[fec0::1]/", "http://[3fff::1]/", "http://[5f00::1]/", "http://[0:0:0:0:0:ffff:127.0.0.2]:{port}/",
    "http://192.88.99.1/", "http://198.51.100.1/", "http://169.254.170.2/", "http://100.100.100.200/",
    # encoded and wide digits
    "http://127%2e0%2e0%2e2:{port}/", "http://%31%32%37.0.0.2:{port}/", "http://１２７.0.0.2:{port}/",
    "http://127。0。0。2:{port}/", "http://①②⑦.0.0.②:{port}/", "http://127｡0｡0｡2:{port}/", "http://127.000.000.002:{port}/",
    "http://127.0.0.2%00:{port}/", "http://127.0.0.2%0d%0aHost:{port}/", "http://127.0.0.2:{port}#@a.example/",
    "hTtP://0X7F.0.0.2:{port}/", "http://4294967297/", "http://0xffffffff/", "http://1.2.3.4.5/",
    # credentials, schemes, ports
    "http://user:pass@127.0.0.2:{port}/", "http://user@127.0.0.1:{port}/", "http://:@127.0.0.2:{port}/",
    "http://a.example\\@127.0.0.2:{port}/", "ftp://127.0.0.2:{port}/", "file:///etc/passwd",
    "file://127.0.0.2:{port}/", "gopher://127.0.0.2:{port}/_GET", "dict://127.0.0.2:{port}/", "ws://127.0.0.2:{port}/",
    "http://a.example:80@127.0.0.2:{port}/", "http://[127.0.0.2]:{port}/", "http://127.0.0.2:{port}:80/",
    "javascript:alert(1)", "data:text/html,x", "http://127.0.0.1:22/", "http://127.0.0.1:25/",
    "http://127.0.0.1:6667/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/",
]  # fmt: skip


@contextlib.asynccontextmanager
async def decoys() -> AsyncIterator[tuple[Newsstand, list[str]]]:
    """A newsstand at 127.0.0.1, and other addresses of this machine on the same port, which note who connects."""
    met: list[str] = []

    def door(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(str(writer.get_extra_info("sockname")))
        writer.close()

    async with newsstand() as stand, contextlib.AsyncExitStack() as stack:
        port = int(stand.base.rpartition(":")[2])
        for host in (DECOY, "127.1.2.3", "::1"):
            with contextlib.suppress(OSError):  # a machine without IPv6
                await stack.enter_async_context(await asyncio.start_server(door, host, port))
        yield stand, met


def test_decoys_are_there() -> None:
    async def go() -> list[str]:
        async with decoys() as (stand, met):
            _, writer = await asyncio.open_connection(DECOY, int(stand.base.rpartition(":")[2]))
            await asyncio.sleep(0.05)
            writer.close()
            return met

    assert len(asyncio.run(go())) == 1
    assert len(TARGETS) >= 60


def test_no_hostile_url_gets_through() -> None:
    async def go() -> None:
        async with decoys() as (stand, met), open_client(in_flight=1) as client:
            port = stand.base.rpartition(":")[2]
            for number, target in enumerate(TARGETS):
                url = target.replace("{port}", port)
                stand.scripts[f"/{number}"] = Answer(status=302, headers=(("Location", f"/{number}/on"),))
                stand.scripts[f"/{number}/on"] = Answer(status=307, headers=(("Location", _ascii(url)),))
                for start, asked in ((url, 0), (f"{stand.base}/{number}", 2)):
                    before = len(stand.asked)
                    got = await fetch(client, Entry(url=start, site="s"), manners=ONLY_HERE)
                    assert isinstance(got, Failure), (start, got)
                    assert got.outcome == Outcome.ADDRESS_REFUSED, (start, target, got)
                    assert (len(stand.asked) - before, met) == (asked, []), (start, target)

    asyncio.run(go())


def _ascii(url: str) -> str:
    """A location as a header carries it."""
    return url.encode("utf-8").decode("latin-1")


def _resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server whose answer changes at each look-up; the last stays. Returns the names that were asked."""
    asked: list[str] = []

    async def resolve(_self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [
            {"hostname": host, "host": ip, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for ip in found
        ]

    for kind in (aiohttp.ThreadedResolver, aiohttp.AsyncResolver):
        monkeypatch.setattr(kind, "resolve", resolve)
    return asked


def test_a_name_with_public_and_private_addresses_reaches_no_private_one(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolver(monkeypatch, [DECOY, "127.1.2.3"])

    async def go() -> tuple[object, list[str]]:
        async with decoys() as (stand, met), open_client(in_flight=1) as client:
            url = stand.base.replace("127.0.0.1", "mixed.example") + "/"
            return await fetch(client, Entry(url=url, site="s"), manners=ONLY_HERE), met

    got, met = asyncio.run(go())
    assert isinstance(got, Failure)
    assert (got.outcome, met) == (Outcome.ADDRESS_REFUSED, [])


@pytest.mark.parametrize("answer", [[DECOY, "127.0.0.1"], ["127.0.0.1", DECOY]])
def test_of_a_mixed_answer_only_the_allowed_address_is_used(monkeypatch: pytest.MonkeyPatch, answer: list[str]) -> None:
    _resolver(monkeypatch, answer)

    async def go() -> tuple[object, list[str]]:
        async with decoys() as (stand, met), open_client(in_flight=1) as client:
            stand.scripts["/"] = Answer(body=b"<p>in</p>")
            url = stand.base.replace("127.0.0.1", "mixed.example") + "/"
            return await fetch(client, Entry(url=url, site="s"), manners=ONLY_HERE), met

    got, met = asyncio.run(go())
    assert met == []
    assert isinstance(got, Page) or (isinstance(got, Failure) and got.outcome == Outcome.ADDRESS_REFUSED)


def test_a_name_that_moves_between_two_look_ups_is_judged_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _resolver(monkeypatch, ["127.0.0.1"], [DECOY])

    async def go() -> tuple[object, object, list[str]]:
        async with decoys() as (stand, met):
            stand.scripts["/"] = Answer(body=b"<p>in</p>")
            entry = Entry(url=stand.base.replace("127.0.0.1", "moving.example") + "/", site="s")
            found = []
            for _ in range(2):  # a client each, so that neither its connections nor its names are used again
                async with open_client(in_flight=1) as client:
                    found.append(await fetch(client, entry, manners=ONLY_HERE))
            return found[0], found[1], met

    first, second, met = asyncio.run(go())
    assert isinstance(first, Page)
    assert isinstance(second, Failure)
    assert (second.outcome, met, len(asked)) == (Outcome.ADDRESS_REFUSED, [], 2)


def test_robots_txt_and_feeds_lead_nowhere_either(tmp_path: Path) -> None:
    async def go() -> tuple[list[str], list[str]]:
        async with decoys() as (stand, met):
            port = stand.base.rpartition(":")[2]
            inside = [target.replace("{port}", port) for target in TARGETS if target.isascii() and "\\" not in target]
            links = "".join(f"<item><title>t</title><link>{url}</link></item>" for url in inside)
            rss = f'<rss version="2.0"><channel><title>News</title>{links}</channel></rss>'
            stand.scripts = {
                "/robots.txt": robots("User-agent: *", *(f"Sitemap: {url}" for url in inside)),
                "/feed.xml": Answer(body=rss.encode(), media_type="application/rss+xml"),
                "/elsewhere.xml": Answer(status=301, headers=(("Location", f"http://{DECOY}:{port}/feed.xml"),)),
            }
            feeds = (f"{stand.base}/feed.xml", f"{stand.base}/elsewhere.xml")
            site = Site(name="s", home=f"{stand.base}/", feeds=feeds, manners=ONLY_HERE)
            config = Config(archive_path=tmp_path / "a.db", manners=ONLY_HERE, sites=(site,))
            await crawl(config, options=CrawlOptions(now=True))
            return met, stand.targets()

    met, targets = asyncio.run(go())
    assert met == []
    assert "/feed.xml" in targets
    with Archive(tmp_path / "a.db", read_only=True) as archive:
        outcomes = dict(archive.db.execute("SELECT outcome, count(*) FROM fetches GROUP BY 1").fetchall())
    assert outcomes.get(Outcome.ADDRESS_REFUSED, 0) >= 20, outcomes
    assert not {Outcome.CONNECT, Outcome.TIMEOUT, Outcome.RESET} & outcomes.keys()


def test_a_redirected_robots_txt_is_not_followed_inside(tmp_path: Path) -> None:
    async def go() -> list[str]:
        async with decoys() as (stand, met):
            port = stand.base.rpartition(":")[2]
            stand.scripts = {
                "/robots.txt": Answer(status=302, headers=(("Location", f"http://{DECOY}:{port}/robots.txt"),)),
                "/feed.xml": feed("/a"),
            }
            site = Site(name="s", feeds=(f"{stand.base}/feed.xml",), manners=ONLY_HERE)
            await crawl(Config(archive_path=tmp_path / "a.db", manners=ONLY_HERE, sites=(site,)))
            return met

    assert asyncio.run(go()) == []
