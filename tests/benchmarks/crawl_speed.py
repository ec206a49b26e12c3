"""What a crawled page costs: the fetch layer and the whole pipeline in CPU time, beside other crawlers.

    python -m tests.benchmarks.crawl_speed --pages FOLDER [--peers PYTHON] [--count 2000] [--rounds 3]
    python -m tests.benchmarks.crawl_speed --pages FOLDER --memory 20000

nginx serves the same pages to all; the pace is off and each case is a process whose CPU time counts with that of its
children, start and imports taken off. ``fetch`` cases get bodies as they are served, each page ten times: ``aiohttp``
is that alone, ``fetch`` our fetch layer, ``fetch-1000`` the same on 1,000 hosts in place of 50. With ``-gzip`` bodies
come gzipped and are unpacked, as on most sites. ``whole`` is a crawl with everything, of new pages only. ``--peers``
names a Python that has httpx, scrapy, trafilatura and lxml-html-clean (crawl_peers.py). A figure is the median of the
rounds. ``--memory`` crawls so many new pages and tells how resident memory grew.
"""

import argparse
import asyncio
import ipaddress
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from tests.benchmarks.crawl_peers import IN_FLIGHT
from tests.benchmarks.crawl_site import serving, urls

_OWN = ("aiohttp", "fetch", "fetch-1000", "aiohttp-gzip", "fetch-gzip", "whole")
_PEERS = ("httpx", "scrapy", "scrapy-gzip", "scrapy-whole", "scrapy-fast")
_RATIOS = (
    ("fetch", "aiohttp"), ("fetch-gzip", "aiohttp-gzip"), ("fetch-1000", "fetch"), ("fetch", "scrapy"),
    ("fetch-gzip", "scrapy-gzip"), ("fetch", "httpx"), ("scrapy-whole", "whole"),
    ("scrapy-fast", "whole"),
)  # fmt: skip
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
_HOSTS = 50
_TIMES = 10  # so that connections to a thousand hosts are used again
_Cost = dict[str, float]


def main() -> None:
    """Runs one case in this process when it is named, else all of them, and prints costs and ratios."""
    options = _options()
    if options.case:
        _CASES[options.case](options)
        return
    cases = ("memory",) if options.memory else (*_OWN, *(_PEERS if options.peers else ()))
    count = options.memory or options.count
    with serving(options.pages, options.port, count=count, plain=not options.memory):
        rounds = [{case: _measured(case, options, count) for case in cases} for _ in range(options.rounds)]
    costs = {case: round(median(one[case]["cpu_ms"] for one in rounds), 3) for case in cases}
    ratios = {f"{a} / {b}": round(costs[a] / costs[b], 2) for a, b in _RATIOS if {a, b} <= costs.keys()}
    json.dump({"cpu_ms_per_page": costs, "ratios": ratios, "rounds": rounds}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _measured(case: str, options: argparse.Namespace, count: int) -> _Cost:
    """What one case cost in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        if case in _PEERS:
            port = options.port + (case not in ("httpx", "scrapy"))
            (Path(folder) / "urls").write_text("\n".join(urls(count, _HOSTS, port)), "ascii")
            script = str(Path(__file__).with_name("crawl_peers.py"))
            command = [options.peers, script, case.removesuffix("-gzip"), f"{folder}/urls", folder]
        else:
            command = [sys.executable, "-m", "tests.benchmarks.crawl_speed"]
            command += [f"--case={case}", f"--count={count}", f"--folder={folder}", f"--port={options.port}"]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: _Cost = json.loads(done.stdout.splitlines()[-1])
    print(case, found, file=sys.stderr)
    return found


def _aiohttp(options: argparse.Namespace) -> None:
    import aiohttp

    packed = options.case.endswith("-gzip")

    async def go() -> _Cost:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:

            async def get(url: str) -> None:
                async with session.get(url) as response:
                    assert await response.read()

            return await _each(_asked(options, _HOSTS, packed=packed), get)

    print(json.dumps(asyncio.run(go())))


def _fetch(options: argparse.Namespace) -> None:
    from crawler import Entry, Manners, open_client
    from crawler.fetch import Fetcher, _open_gate
    from crawler.wire import Wire, unpack
    from extractors import Page

    manners = Manners(allow_private=_LOOPBACK)
    packed = options.case.endswith("-gzip")
    hosts = 1000 if options.case == "fetch-1000" else _HOSTS

    async def go() -> _Cost:
        async with open_client(in_flight=IN_FLIGHT) as client:
            fetcher = Fetcher(client, manners, _open_gate)

            async def get(url: str) -> None:
                got = await fetcher.follow(Entry(url=url, site="s"))
                assert isinstance(got, Wire)
                assert not packed or isinstance(unpack(got, manners.max_body), Page)

            return await _each(_asked(options, hosts, packed=packed), get)

    print(json.dumps(asyncio.run(go())))


def _asked(options: argparse.Namespace, hosts: int, *, packed: bool) -> list[str]:
    return urls(options.count, hosts, options.port + packed, times=_TIMES)


async def _each(addresses: list[str], work: Callable[[str], Awaitable[None]]) -> _Cost:
    waiting, before = iter(addresses), _spent()

    async def worker() -> None:
        for url in waiting:
            await work(url)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return _cost(len(addresses), before)


def _whole(options: argparse.Namespace) -> None:
    from crawler import Config, CrawlOptions, Manners, Site, crawl
    from crawler.events import Event, Fetched

    manners = Manners(allow_private=_LOOPBACK, delay=0, concurrency=IN_FLIGHT)
    found = urls(options.count, _HOSTS, options.port + 1)
    sites = tuple(Site(name=f"s{n}", urls=tuple(found[n::_HOSTS]), manners=manners) for n in range(_HOSTS))
    config = Config(archive_path=options.folder / "a.db", manners=manners, sites=sites)
    every = max(200, options.count // 40)
    memory: list[tuple[int, float]] = []

    class Watching:
        seen = 0

        def event(self, event: Event) -> None:
            if isinstance(event, Fetched) and event.kind == "article":
                self.seen += 1
                if self.seen % every == 0:
                    memory.append((self.seen, _resident()))
                    if options.case == "memory":
                        print(*memory[-1], file=sys.stderr)

    before = _spent()
    report = asyncio.run(crawl(config, options=CrawlOptions(now=True), observer=Watching()))
    cost = _cost(options.count, before)
    failed = {outcome: n for outcome, n in report.failed.items() if outcome != "no-article"}
    told = {"new_articles": report.new_articles, "list_items": report.list_items, "failed": report.failed}
    assert report.fetched == options.count, failed
    if options.case == "memory":
        told |= {"resident_mb": memory, "mb_per_10000_pages": round(_slope(memory[len(memory) // 4 :]) * 10_000, 2)}
    print(json.dumps(cost | told))


def _slope(points: list[tuple[int, float]]) -> float:
    """Of the line of least squares."""
    pages, sizes = zip(*points, strict=True)
    mean_pages, mean_size = sum(pages) / len(pages), sum(sizes) / len(sizes)
    above = sum((n - mean_pages) * (size - mean_size) for n, size in points)
    return float(above / sum((n - mean_pages) ** 2 for n in pages))


def _resident() -> float:
    """Megabytes of this process and all below it; pages that they share count for each."""
    pages = sum(int(Path(f"/proc/{one}/statm").read_text("ascii").split()[1]) for one in ("self", *_below()))
    return round(pages * resource.getpagesize() / 1e6, 1)


def _cost(pages: int, before: float) -> _Cost:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"pages": pages, "cpu_ms": round((_spent() - before) / pages * 1000, 3), "peak_rss_mb": round(peak)}


def _spent() -> float:
    """CPU seconds of this process and of all that it started: a fork server's workers are waited for by nobody."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = 0
    for process in _below():
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return sum(one.ru_utime + one.ru_stime for one in used) + ticks / os.sysconf("SC_CLK_TCK")


def _below() -> list[str]:
    found, waiting = [], [str(os.getpid())]
    while waiting:
        tasks = (Path("/proc") / waiting.pop() / "task").iterdir()
        children = [child for task in tasks for child in (task / "children").read_text("ascii").split()]
        found += children
        waiting += children
    return found


_CASES = {
    "aiohttp": _aiohttp, "aiohttp-gzip": _aiohttp, "fetch": _fetch, "fetch-1000": _fetch, "fetch-gzip": _fetch,
    "whole": _whole, "memory": _whole,
}  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, metavar="FOLDER")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--port", type=int, default=8641, help="the first of two that are free on 127.0.0.0/8")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--memory", type=int, metavar="PAGES", help="crawl so many pages and watch the memory")
    parser.add_argument("--case", choices=list(_CASES), help="run one case in this process")
    parser.add_argument("--folder", type=Path, help="where a case keeps what it stores")
    return parser.parse_args()


if __name__ == "__main__":
    main()
