"""The tour: crawl the demo papers, let them edit, crawl them again."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive import Archive, ArchiveError
from crawler.config import Config
from crawler.configfile import load_config
from crawler.crawl import CrawlOptions, crawl
from crawler.demo.server import FIRST_PORT, demo_sites
from crawler.demo.site import STYLES, DemoSite
from crawler.demo.story import PAPERS
from crawler.report import CrawlReport

COMMAND = "demo"
"""``runs.command`` of the first run in a demo archive; only such a file is ever replaced."""


class NotADemoError(ArchiveError):
    """The file that the demo was to replace is not a demo archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperVisit:
    """One paper as the tour leaves it: its name, home, and the requests that each crawl cost it."""

    name: str
    title: str
    home: str
    requests: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """What happened."""

    first: CrawlReport
    second: CrawlReport
    papers: tuple[PaperVisit, ...]


def fresh_archive(path: Path) -> None:
    """An empty archive marked as a demo; an older demo under that name goes. Raises NotADemoError otherwise."""
    if path.exists():
        _check_demo(path)
        with Archive(path):  # whoever writes it now keeps it
            pass
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    with Archive(path) as archive:
        archive.finish_run(archive.start_run(COMMAND))


async def tour(path: Path, *, act: Callable[[str], None], first_port: int = FIRST_PORT) -> Tour:
    """Run both acts on the archive at ``path``; ``act`` hears what begins."""
    fresh_archive(path)
    async with demo_sites(first_port=first_port) as sites:
        config = _config(path, sites)
        act("first crawl")
        first = await crawl(config, options=CrawlOptions(now=True))
        after_first = [site.requests for site in sites]
        for site in sites:
            site.edit()
        act("second crawl")
        second = await crawl(config, options=CrawlOptions(now=True))
        papers = tuple(
            PaperVisit(name=site.name, title=site.title, home=site.base, requests=(before, site.requests - before))
            for site, before in zip(sites, after_first, strict=True)
        )
    return Tour(first=first, second=second, papers=papers)


def _check_demo(path: Path) -> None:
    refusal = NotADemoError(f"{path} is not a demo archive and stays as it is; name another file with --archive")
    try:
        with Archive(path, read_only=True) as archive:
            first = next(archive.db.execute("SELECT command FROM runs ORDER BY started_at, id LIMIT 1"), None)
            names = {name for (name,) in archive.db.execute("SELECT name FROM sites")}
    except ArchiveError as error:
        raise refusal from error
    if first is None or first[0] != COMMAND or names - set(PAPERS):
        raise refusal


def _config(path: Path, sites: tuple[DemoSite, ...]) -> Config:
    """The configuration that a person would write for these sites, read by the same code."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_text(config_text(path, sites), "utf-8")
        return load_config(file)


def config_text(path: Path, sites: tuple[DemoSite, ...]) -> str:
    """A config.toml: one paper by its feed and sitemap, one by its home page alone, one by a page of links."""
    courier, review, gazette = sites
    style = STYLES[courier.name]
    return f"""[archive]
path = {_quoted(str(path.absolute()))}

[crawler]
user_agent = "presskeep-demo/1 (demo@example.org)"
delay = 0.02
retries = 2
allow_private = ["127.0.0.0/8"]

[[sites]]
name = "{courier.name}"
home = "{courier.base}/"
feeds = ["{courier.base}{style.feed[0]}"]
sitemaps = ["{courier.base}{style.sitemap}"]

[[sites]]
name = "{review.name}"
home = "{review.base}/"

[[sites]]
name = "{gazette.name}"
feeds = ["{gazette.base}{STYLES[gazette.name].feed[0]}"]
listings = ["{gazette.base}/"]
allow = ['/story\\.asp\\?id=']
"""


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def run_tour(path: Path, *, act: Callable[[str], None]) -> Tour:
    """:func:`tour` in an event loop of its own."""
    return asyncio.run(tour(path, act=act))
