"""TLS, the proxy, secrets of the environment, and answers whose heads are too large."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from archive import Archive, Outcome
from crawler import Config, ConfigError, Entry, Failure, Manners, Site, crawl, fetch, load_config, open_client
from crawler.route import Route
from extractors import Page
from tests.crawler.fetching import MANNERS, failed, fetched
from tests.crawler.newsstand import Answer, feed, newsstand, story

TLS = Path(__file__).parent / "tls"
SITE = '[[sites]]\nname = "a"\nhome = "https://a.example/"\n'


@contextlib.asynccontextmanager
async def secured(body: bytes = b"<p>safe</p>") -> AsyncIterator[str]:
    """A server with a certificate that no authority signed; its address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    async with await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    async def go() -> object:
        async with secured() as base, open_client(in_flight=1) as client:
            return await fetch(client, Entry(url=base + "/", site="s"), manners=MANNERS)

    got = asyncio.run(go())
    assert isinstance(got, Failure)
    assert got.outcome == Outcome.TLS


def test_with_its_authority_the_version_and_the_digest_are_recorded(tmp_path: Path) -> None:
    async def go() -> None:
        async with secured(story(1)) as base:
            manners = replace(MANNERS, delay=0)
            site = Site(name="s", urls=(f"{base}/story",), manners=manners)
            route = Route(ca_file=TLS / "certificate.pem")
            await crawl(Config(archive_path=tmp_path / "a.db", manners=manners, sites=(site,), route=route))

    asyncio.run(go())
    der = ssl.PEM_cert_to_DER_cert((TLS / "certificate.pem").read_text("ascii"))
    with Archive(tmp_path / "a.db", read_only=True) as archive:
        rows = archive.db.execute("SELECT record FROM fetches WHERE kind = 'article'").fetchall()
    record = json.loads(rows[0][0])
    assert record["tls"] == "TLSv1.3"
    assert record["certificate_sha256"] == sha256(der).hexdigest()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"y" * 10_000_000,
        b"HTTP/1.1 200 " + b"y" * 1_000_000,
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(10_000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 10_000 + b"\r\n",
    ],
    ids=["long line", "endless line", "endless status", "many", "many cookies"],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_head_without_measure_is_an_outcome(head: bytes) -> None:
    failure = failed(Answer(raw=head))
    assert failure.outcome == Outcome.RESET
    assert len(failure.detail) < 1000


def test_a_trailer_without_measure_is_no_page() -> None:
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n0\r\n"
    assert failed(Answer(raw=body + b"X: y\r\n" * 10_000 + b"\r\n")).outcome in {Outcome.TRUNCATED, Outcome.RESET}


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Length: 500\r\n\r\n" + story(1)[:400],
        b"Transfer-Encoding: chunked\r\n\r\n190\r\n" + story(1)[:400] + b"\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n190\r\n" + story(1)[:400] + b"\r\n0\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + story(1)[:400],
    ],
    ids=["length", "no last chunk", "no end", "no chunk"],
)
def test_a_body_that_ends_early_is_truncated(raw: bytes) -> None:
    failure = failed(Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + raw))
    assert failure.outcome in {Outcome.TRUNCATED, Outcome.RESET}


def test_cookies_end_with_the_redirects_that_set_them() -> None:
    async def go() -> list[bool]:
        cookie = (("Set-Cookie", "id=7; Path=/"),)
        scripts = {
            "/": Answer(status=302, headers=(*cookie, ("Location", "/on"))),
            "/on": Answer(headers=cookie, body=b"x"),
        }
        async with newsstand(scripts) as stand, open_client(in_flight=1) as client:
            for _ in range(2):
                assert isinstance(await fetch(client, Entry(url=stand.base + "/", site="s"), manners=MANNERS), Page)
            return ["cookie" in asked.headers for asked in stand.asked]

    assert asyncio.run(go()) == [False, True, False, True]


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert isinstance(fetched(Answer(body=b"x")), Page)


async def _through(proxy: Answer | None, url: str, manners: Manners) -> tuple[object, list[str]]:
    async with newsstand({url: proxy} if proxy else {}) as stand, AsyncExitStack() as stack:
        route = Route(proxy=stand.base.replace("//", "//who:secret@"))
        client = await stack.enter_async_context(open_client(in_flight=1, route=route))
        return await fetch(client, Entry(url=url, site="s"), manners=manners), stand.targets()


def test_a_configured_proxy_gets_the_url_as_it_is() -> None:
    url = "http://a.example/x?u=%2F%7e"
    got, targets = asyncio.run(_through(Answer(body=b"<p>by proxy</p>"), url, Manners(timeout=5)))
    assert isinstance(got, Page)
    assert (got.body, targets) == (b"<p>by proxy</p>", [url])


@pytest.mark.parametrize("host", ["10.0.0.1", "127.1", "2130706433", "localhost", "[::1]", "0xa9fea9fe", "0"])
def test_behind_a_proxy_addresses_in_urls_are_checked(host: str) -> None:
    got, targets = asyncio.run(_through(Answer(), f"http://{host}/", Manners(timeout=5)))
    assert isinstance(got, Failure)
    assert (got.outcome, targets) == (Outcome.ADDRESS_REFUSED, [])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_fails_is_not_named(scheme: str) -> None:
    async def go() -> object:
        async with open_client(in_flight=1, route=Route(proxy="http://who:secret@127.0.0.1:9/")) as client:
            return await fetch(client, Entry(url=f"{scheme}://a.example/", site="s"), manners=Manners(timeout=5))

    got = asyncio.run(go())
    assert isinstance(got, Failure)
    assert got.outcome == Outcome.CONNECT
    assert "proxy" in got.detail
    assert "secret" not in repr(got)
    assert "127.0.0.1" not in repr(got)


def _config(tmp_path: Path, crawler: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(f"[crawler]\n{crawler}\n{SITE}", "utf-8")
    return load_config(path)


def test_secrets_come_from_the_environment_and_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P_WORD", "hidden7")
    text = 'user_agent = "bot (a@b.org) ${P_WORD}"\nproxy = "http://u:${P_WORD}@127.0.0.1:3128"'
    config = _config(tmp_path, text)
    assert config.manners.agent == "bot (a@b.org) hidden7"
    assert config.sites[0].manners.agent == "bot (a@b.org) hidden7"
    assert config.route.proxy == "http://u:hidden7@127.0.0.1:3128"
    assert "hidden7" not in repr(config)
    assert "hidden7" not in " ".join(config.warnings)
    assert sum("[crawler] proxy" in line for line in config.warnings) == 1
    monkeypatch.setenv("P_WORD", "hidden8")
    assert _config(tmp_path, text).digest == config.digest


def test_no_secret_reaches_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P_WORD", "hidden7")

    async def go() -> str:
        async with newsstand({"/feed.xml": feed("/story"), "/story": Answer(body=story(1))}) as stand:
            path = tmp_path / "config.toml"
            path.write_text(
                f'[archive]\npath = "{tmp_path}/a.db"\n[crawler]\nuser_agent = "bot (a@b.org) ${{P_WORD}}"\ndelay = 0\n'
                f'allow_private = ["127.0.0.0/8"]\n[[sites]]\nname = "s"\nfeeds = ["{stand.base}/feed.xml"]\n',
                "utf-8",
            )
            await crawl(load_config(path))
            return stand.asked[-1].headers["user-agent"]

    assert "hidden7" in asyncio.run(go())
    assert not any(b"hidden7" in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('proxy = "${P_NONE}"', r"\[crawler\] proxy.*P_NONE.*set P_NONE"),
        ('user_agent = "a ${P_NONE}"', r"user_agent.*P_NONE"),
        ('proxy = "socks5://a:1"', "proxy.*http"),
        ('proxy = "http://${P_BAD}"', "proxy: found no URL of a proxy"),
        ('user_agent = "${P_BAD}"', r"\$\{P_BAD\}"),
        ('ca_file = "nowhere.pem"', "ca_file.*nowhere.pem.*No such file"),
        ('ca_file = "config.toml"', "ca_file.*config.toml.*PEM"),
        ("ca_file = 7", "ca_file.*path"),
        ("ports = [0]", r"ports.*\[80, 443\]"),
        ("ports = [true]", "ports"),
    ],
)
def test_refusals_name_key_and_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str) -> None:
    monkeypatch.setenv("P_BAD", "höst 9")
    with pytest.raises(ConfigError, match=says) as caught:
        _config(tmp_path, text)
    assert "höst" not in str(caught.value)


def test_a_certificate_file_is_taken_from_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_bytes((TLS / "certificate.pem").read_bytes())
    assert _config(tmp_path, 'ca_file = "own.pem"').route.ca_file == tmp_path / "own.pem"


def test_a_site_has_no_proxy_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SITE + 'proxy = "http://a:1"\n', "utf-8")
    with pytest.raises(ConfigError, match="unknown key"):
        load_config(path)


ODD = [
    "/a?Signature=ab%2Fc%3D%3D&Expires=1&Key-Pair-Id=K", "/a%2Fb", "/a%2fb", "/%7Euser", "/~user", "/a/./b", "/a/../b",
    "/a/..", "/a.", "/a..", "/a/.", "//a//b//", "/?", "/a?", "/a?&", "/a??b", "/a?b=%", "/%", "/a%00b", "/a+b%20c",
    "/a;v=1,2", "/a?x=[1]&y={2}", "/a?b=\"c\"", "/a?b=<c>", "/a\\b", "/a^b`c", "/a?q=a|b", "/$&'()*+,;=:@!", "/a:80/b",
    "/a?next=http://b.example/?c=d", "/%C3%BC", "/%c3%bc", "/a?b=c%23d",
]  # fmt: skip


def test_odd_urls_go_out_byte_for_byte() -> None:
    async def go() -> list[str]:
        async with newsstand() as stand, open_client(in_flight=1) as client:
            for target in [*ODD, "/a?b#fragment", "/ü?ü=é", ""]:
                await fetch(client, Entry(url=stand.base + target, site="s"), manners=MANNERS)
            return stand.targets()

    assert asyncio.run(go()) == [*ODD, "/a?b", "/%C3%BC?%C3%BC=%C3%A9", "/"]
