"""Metrics: read back by a parser of the text format, from a file and from a real server."""

import asyncio
import re
import socket
from pathlib import Path

import pytest

from crawler import ConfigError, CrawlReport
from crawler.__main__ import run
from crawler.events import Fetched, Problem, SiteFinished, SiteStarted
from crawler.metrics import CONTENT_TYPE, SERIES, Metrics
from crawler.metricserver import Address, place, serving
from tests.crawler.papers import papers, write_config

NASTY = 'a "quoted"\\site\nof two lines'
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parsed(text: str) -> Samples:
    """The samples of a text in format 0.0.4; refuses what the format does not allow."""
    samples: Samples = {}
    declared: dict[str, str] = {}
    assert text.endswith("\n")
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# HELP "):
            assert re.fullmatch(r"# HELP [a-z_]+ [^\\]+", line)
        elif line.startswith("# TYPE "):
            name, kind = line.split(" ")[2:]
            assert name not in declared
            assert kind in {"counter", "gauge"}
            assert name.endswith("_total") == (kind == "counter")
            declared[name] = kind
        else:
            match = re.fullmatch(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (\S+)', line)
            assert match, line
            assert list(declared)[-1] == match[1]
            pairs = re.findall(r'([a-z]+)="((?:[^"\\]|\\.)*)"', match[2] or "")
            labels = tuple(
                (key, re.sub(r"\\(.)", lambda one: {"n": "\n"}.get(one[1], one[1]), told)) for key, told in pairs
            )
            assert (match[1], labels) not in samples
            samples[match[1], labels] = float(match[3])
    return samples


def counted() -> Metrics:
    metrics = Metrics(clock=lambda: 1_795_000_000.5)
    metrics.began()
    metrics.event(SiteStarted(site=NASTY, due=3))
    metrics.event(Fetched(site=NASTY, url="u", kind="article", outcome="new", bytes=700, ms=250, stored_bytes=300))
    metrics.event(Fetched(site=NASTY, url="u", kind="feed", outcome="same", bytes=50, ms=5))
    metrics.event(Problem(site=NASTY, line="x"))
    return metrics


def test_the_text_is_valid_and_says_what_happened() -> None:
    metrics = counted()
    site = ("site", NASTY)
    samples = parsed(metrics.text())
    assert samples["presskeep_looks_total", (site, ("kind", "article"), ("outcome", "new"))] == 1
    assert samples["presskeep_received_bytes_total", (site,)] == 750
    assert samples["presskeep_stored_bytes_total", (site,)] == 300
    assert samples["presskeep_request_seconds_total", (site,)] == 0.255
    assert samples["presskeep_articles_waiting", (site,)] == 2
    assert samples["presskeep_running", ()] == 1
    metrics.event(SiteFinished(site=NASTY, failed="timeout"))
    metrics.ended(CrawlReport(seconds=1.5), {NASTY: (9, 4)})
    samples = parsed(metrics.text())
    assert {name for name, _ in samples} == set(SERIES)
    assert (samples["presskeep_site_up", (site,)], samples["presskeep_site_failures_total", (site,)]) == (0, 1)
    assert samples["presskeep_articles_waiting", (site,)] == 0
    assert samples["presskeep_frontier_overdue_articles", (site,)] == 4
    assert samples["presskeep_last_run_timestamp_seconds", ()] == 1_795_000_000.5


def test_the_readme_lists_every_series() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `presskeep_")]
    assert [name for row in rows for name in re.findall(r"`(presskeep_\w+)`", row)] == list(SERIES)


def test_counters_of_a_file_go_on(tmp_path: Path) -> None:
    path = tmp_path / "presskeep.prom"
    counted().write(path)
    first = parsed(path.read_text())
    again = counted()
    again.restore(path)
    again.restore(tmp_path / "none.prom")
    second = parsed(again.text())
    assert {key: value for key, value in second.items() if key[0].endswith("_total")} == {
        key: 2 * value for key, value in first.items() if key[0].endswith("_total")
    }
    assert second["presskeep_articles_waiting", (("site", NASTY),)] == 2
    assert [file.name for file in tmp_path.iterdir()] == ["presskeep.prom"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:9464", Address("127.0.0.1", 9464)),
        (":9464", Address("127.0.0.1", 9464)),
        ("9464", Address("127.0.0.1", 9464)),
        ("localhost:1", Address("127.0.0.1", 1)),
        ("0.0.0.0:9464", Address("0.0.0.0", 9464)),
        ("[::1]:9464", Address("::1", 9464)),
        ("out/presskeep.prom", Path("out/presskeep.prom")),
    ],
)
def test_places(text: str, found: Address | Path) -> None:
    assert place(text) == found


@pytest.mark.parametrize("text", ["", "metrics", "host.test:80", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:x"])
def test_no_place(text: str) -> None:
    with pytest.raises(ConfigError, match="give an IP address with a port"):
        place(text)


async def _asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def test_the_server_answers_a_scraper_and_nobody_else() -> None:
    async def test() -> None:
        async with serving(Address("127.0.0.1", 0), counted().text) as address:
            got = await _asked(address.port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            head, _, body = got.decode().partition("\r\n\r\n")
            assert head.startswith("HTTP/1.1 200 OK\r\n")
            assert f"Content-Type: {CONTENT_TYPE}\r\n" in head
            assert f"Content-Length: {len(body.encode())}" in head
            assert parsed(body)
            assert (await _asked(address.port, b"HEAD /metrics HTTP/1.1\r\n\r\n")).endswith(b"\r\n\r\n")
            assert (await _asked(address.port, b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 404 ")
            assert (await _asked(address.port, b"POST /metrics HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 405 ")
            assert await _asked(address.port, b"GET /" + b"x" * 20_000 + b"\r\n\r\n") == b""
            with pytest.raises(ConfigError, match="cannot be used"):
                async with serving(address, str):
                    pass

    asyncio.run(test())


def test_a_connection_that_says_nothing_does_not_keep_the_server_open() -> None:
    async def test() -> None:
        async with serving(Address("127.0.0.1", 0), str) as address:
            idle = socket.create_connection(("127.0.0.1", address.port))
            await asyncio.sleep(0.05)
        idle.close()

    asyncio.run(asyncio.wait_for(test(), 3))


def test_a_crawl_writes_the_file_and_goes_on_counting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "presskeep.prom"
    with papers() as sites:
        config = write_config(tmp_path, sites)
        for number in (1, 2):
            assert run(["crawl", "review", "--config", str(config), "--metrics", str(path)]) == 0
            samples = parsed(path.read_text())
            assert samples["presskeep_runs_total", ()] == number
    site = (("site", "review"),)
    assert samples["presskeep_new_articles_total", site] == samples["presskeep_frontier_articles", site]
    assert samples["presskeep_site_up", site] == 1
    assert run(["crawl", "--config", str(config), "--metrics", str(tmp_path / "none" / "x.prom")]) == 2
    assert "is no folder" in capsys.readouterr().err
