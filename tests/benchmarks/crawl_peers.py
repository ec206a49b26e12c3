"""Other clients and crawlers for crawl_speed.py; run by a Python that has them, which need not have presskeep.

``scrapy-whole`` is what an experienced user would write: trafilatura for text and metadata, bodies compressed by zlib,
SQLite in WAL mode with full text, a transaction for each hundred pages. ``scrapy-fast`` does without trafilatura's
fallbacks (``fast=True``), which costs it accuracy.
"""

import asyncio
import importlib
import json
import resource
import sqlite3
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

IN_FLIGHT = 32
_BATCH = 100


def main() -> None:
    """Runs the case that the command line names on the URLs of a file, and prints its cost."""
    case, source, folder = sys.argv[1:]
    found = Path(source).read_text("ascii").split()
    importlib.import_module(_NEEDS[case])
    before = _spent()
    pages = CASES[case](found, Path(folder))
    spent = _spent() - before
    if pages != len(found):
        raise SystemExit(f"{case} gave {pages} of {len(found)} pages")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"pages": pages, "cpu_ms": round(spent / pages * 1000, 3), "peak_rss_mb": round(peak)}))


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _httpx(urls: list[str], _folder: Path) -> int:
    import httpx

    async def go() -> int:
        done, waiting = 0, iter(urls)
        limits = httpx.Limits(max_connections=128, max_keepalive_connections=128)
        async with httpx.AsyncClient(trust_env=False, limits=limits) as client:

            async def worker() -> None:
                nonlocal done
                for url in waiting:
                    body = (await client.get(url)).read()
                    done += bool(body)

            await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
        return done

    return asyncio.run(go())


def _scrapy(urls: list[str], _folder: Path) -> int:
    done: list[int] = []
    _crawled(urls, lambda response: done.append(len(response.body)))
    return len(done)


def _scrapy_fast(urls: list[str], folder: Path) -> int:
    return _scrapy_whole(urls, folder, fast=True)


def _scrapy_whole(urls: list[str], folder: Path, *, fast: bool = False) -> int:
    from trafilatura import bare_extraction

    connection = sqlite3.connect(folder / "s.db")
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
        "CREATE TABLE pages (url TEXT PRIMARY KEY, body BLOB, title TEXT, author TEXT, date TEXT, text TEXT); "
        "CREATE VIRTUAL TABLE words USING fts5(title, text);"
    )
    rows: list[tuple[Any, ...]] = []
    done = 0

    def store() -> None:
        connection.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.executemany("INSERT INTO words VALUES (?, ?)", [(row[2], row[5]) for row in rows])
        connection.commit()
        rows.clear()

    def keep(response: Any) -> None:
        nonlocal done
        found = bare_extraction(response.body, url=response.url, with_metadata=True, fast=fast)
        told = (found.title, found.author, found.date, found.text) if found else (None, None, None, None)
        rows.append((response.url, zlib.compress(response.body), *told))
        done += 1
        if len(rows) >= _BATCH:
            store()

    _crawled(urls, keep)
    store()
    return done


def _crawled(urls: list[str], parsed: Callable[[Any], object]) -> None:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Spider(scrapy.Spider):  # type: ignore[misc]
        name = "pages"

        async def start(self) -> Any:
            for url in urls:
                yield scrapy.Request(url, callback=self.parse, dont_filter=True)

        def parse(self, response: Any) -> None:
            parsed(response)

    settings = {
        "CONCURRENT_REQUESTS": IN_FLIGHT, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False, "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False, "RETRY_ENABLED": False,
    }  # fmt: skip
    process = CrawlerProcess(settings)
    process.crawl(Spider)
    process.start()


_NEEDS = {"httpx": "httpx", "scrapy": "scrapy.crawler", "scrapy-whole": "trafilatura", "scrapy-fast": "trafilatura"}
CASES = {"httpx": _httpx, "scrapy": _scrapy, "scrapy-whole": _scrapy_whole, "scrapy-fast": _scrapy_fast}

if __name__ == "__main__":
    main()
