"""What a crawled page costs: the fetch layer and the whole pipeline in CPU time, beside other crawlers.

    python -m tests.benchmarks.crawl_speed --pages FOLDER [--peers PYTHON] [--count 2000]

A loopback server in a process of its own serves the same pages to all, uncompressed; the pace is off and each run is
a process whose CPU time counts with that of its children. ``--peers`` names a Python that has httpx, scrapy and
trafilatura. ``fetch`` is aiohttp with bodies alone, our fetch layer, plain httpx and Scrapy; ``whole`` is our crawl
against Scrapy with trafilatura (text and metadata) and SQLite (body compressed, full text indexed).
"""

import argparse
import asyncio
import gzip
import ipaddress
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

_PORT = 8641
_CONCURRENCY = 32


def main() -> None:
    """Runs one case in this process when it is named, else all of them."""
    options = _options()
    if options.case:
        CASES[options.case](options)
        return
    rows = {name: _measured(name, sys.executable, options) for name in ("aiohttp", "fetch", "fetch-1000")}
    rows["whole"] = _measured("whole", sys.executable, options)
    if options.peers:
        rows |= {name: _measured(name, options.peers, options) for name in ("httpx", "scrapy", "scrapy-whole")}
    ratios = {"fetch/aiohttp": ("fetch", "aiohttp"), "1000 hosts/50": ("fetch-1000", "fetch")}
    ratios |= {"fetch/scrapy": ("fetch", "scrapy"), "fetch/httpx": ("fetch", "httpx")}
    ratios |= {"scrapy-whole/whole": ("scrapy-whole", "whole")}
    found = {
        k: round(rows[a]["cpu_ms"] / rows[b]["cpu_ms"], 2) for k, (a, b) in ratios.items() if {a, b} <= rows.keys()
    }
    json.dump({"cases": rows, "ratios": found}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _measured(case: str, python: str, options: argparse.Namespace) -> dict[str, float]:
    """CPU milliseconds a page of one case, start of the interpreter and imports taken off, and its peak RSS in MB."""
    server = [sys.executable, __file__, "--case=serve", f"--pages={options.pages}"]
    with subprocess.Popen(server, stdout=subprocess.PIPE) as serving, tempfile.TemporaryDirectory() as folder:
        try:
            assert serving.stdout is not None
            serving.stdout.readline()
            command = [python, __file__, f"--case={case}", f"--count={options.count}", f"--folder={folder}"]
            environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
            done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
        finally:
            serving.terminate()
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(case, found, file=sys.stderr)
    return found


def _report(pages: int, before: float) -> None:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime - before
    spent += _still_running()
    peak = own.ru_maxrss / 1000
    print(json.dumps({"pages": pages, "cpu_ms": round(spent / pages * 1000, 3), "peak_rss_mb": round(peak)}))


def _still_running() -> float:
    """CPU seconds of children that were not waited for, and of those that they waited for: a fork server's workers."""
    ticks, waiting = 0, [str(os.getpid())]
    while waiting:
        process = Path("/proc") / waiting.pop()
        below = [one for task in (process / "task").iterdir() for one in (task / "children").read_text("ascii").split()]
        for child in below:
            fields = Path(f"/proc/{child}/stat").read_text("ascii").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        waiting += below
    return ticks / os.sysconf("SC_CLK_TCK")


def _before() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def _urls(count: int, hosts: int) -> list[str]:
    return [
        f"http://127.0.{2 + n % hosts // 250}.{n % hosts % 250 + 1}:{_PORT}/news/{n}-a-story-of-the-day"
        for n in range(count)
    ]


def _serve(options: argparse.Namespace) -> None:
    from aiohttp import web

    paths = sorted((options.pages / "wcxb-dev-article").rglob("*.html.gz"))[:500]
    bodies = [gzip.decompress(path.read_bytes()) for path in paths]

    async def page(request: web.Request) -> web.Response:
        number = int(request.path.rpartition("/")[2].partition("-")[0])
        return web.Response(body=bodies[number % len(bodies)], content_type="text/html")

    async def go() -> None:
        app = web.Application()
        app.router.add_get("/news/{name}", page)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", _PORT, reuse_address=True).start()
        print("ready", flush=True)
        await asyncio.sleep(900)

    asyncio.run(go())


async def _each(urls: list[str], work: object) -> int:
    waiting, done = iter(urls), 0

    async def worker() -> None:
        nonlocal done
        for url in waiting:
            await work(url)  # type: ignore[operator]
            done += 1

    await asyncio.gather(*(worker() for _ in range(_CONCURRENCY)))
    return done


def _aiohttp(options: argparse.Namespace) -> None:
    import aiohttp

    async def go() -> int:
        async with aiohttp.ClientSession(auto_decompress=False) as session:

            async def get(url: str) -> None:
                async with session.get(url) as response:
                    await response.read()

            return await _each(_urls(options.count, 50), get)

    before = _before()
    _report(asyncio.run(go()), before)


def _fetch(options: argparse.Namespace) -> None:
    from crawler import Entry, Manners, open_client
    from crawler.fetch import Fetcher, _open_gate
    from crawler.wire import Wire

    manners = Manners(allow_private=(ipaddress.ip_network("127.0.0.0/8"),))

    async def go() -> int:
        async with open_client(in_flight=_CONCURRENCY) as client:
            fetcher = Fetcher(client, manners, _open_gate)

            async def get(url: str) -> None:
                assert isinstance(await fetcher.follow(Entry(url=url, site="s")), Wire)

            return await _each(_urls(options.count, 1000 if options.case == "fetch-1000" else 50), get)

    before = _before()
    _report(asyncio.run(go()), before)


def _httpx(options: argparse.Namespace) -> None:
    import httpx

    async def go() -> int:
        async with httpx.AsyncClient(trust_env=False) as client:

            async def get(url: str) -> None:
                (await client.get(url)).read()

            return await _each(_urls(options.count, 50), get)

    before = _before()
    _report(asyncio.run(go()), before)


def _whole(options: argparse.Namespace) -> None:
    from crawler import Config, CrawlOptions, Manners, Site, crawl

    manners = Manners(allow_private=(ipaddress.ip_network("127.0.0.0/8"),), delay=0)
    urls = _urls(options.count, 50)
    sites = tuple(Site(name=f"s{n}", urls=tuple(urls[n::50]), manners=manners) for n in range(50))
    config = Config(archive_path=options.folder / "a.db", manners=manners, sites=sites)
    before = _before()
    report = asyncio.run(crawl(config, options=CrawlOptions(now=True)))
    print(report.as_json(), file=sys.stderr)
    _report(options.count, before)


def _scrapy(options: argparse.Namespace) -> None:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    whole = options.case == "scrapy-whole"
    done: list[int] = []

    class Spider(scrapy.Spider):
        name = "pages"

        async def start(self):  # type: ignore[no-untyped-def]
            for url in _urls(options.count, 50):
                yield scrapy.Request(url, callback=self.parse, dont_filter=True)

        def parse(self, response):  # type: ignore[no-untyped-def]
            if whole:
                _keep(connection, response)
            done.append(len(response.body))

    settings = {
        "CONCURRENT_REQUESTS": _CONCURRENCY, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False, "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False, "RETRY_ENABLED": False,
    }  # fmt: skip
    connection = _database(options.folder / "s.db") if whole else None
    process = CrawlerProcess(settings)
    before = _before()
    process.crawl(Spider)
    process.start()
    if connection is not None:
        connection.commit()
    _report(len(done), before)


def _database(path: Path):  # type: ignore[no-untyped-def]
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(
        "CREATE TABLE pages (url TEXT PRIMARY KEY, body BLOB, title TEXT, author TEXT, date TEXT, text TEXT)"
    )
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(title, text)")
    return connection


def _keep(connection, response) -> None:  # type: ignore[no-untyped-def]
    import zlib

    from trafilatura import bare_extraction

    found = bare_extraction(response.body, url=response.url, with_metadata=True)
    title, author, date, text = (
        (found.title, found.author, found.date, found.text) if found else (None, None, None, None)
    )
    row = (response.url, zlib.compress(response.body), title, author, date, text)
    connection.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO words VALUES (?, ?)", (title, text))
    if connection.total_changes % 200 == 0:
        connection.commit()


CASES = {
    "serve": _serve, "aiohttp": _aiohttp, "fetch": _fetch, "fetch-1000": _fetch, "httpx": _httpx, "whole": _whole,
    "scrapy": _scrapy, "scrapy-whole": _scrapy,
}  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, metavar="FOLDER")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--case", choices=list(CASES), help="run one case in this process")
    parser.add_argument("--folder", type=Path, help="where a case keeps what it stores")
    return parser.parse_args()


if __name__ == "__main__":
    main()
