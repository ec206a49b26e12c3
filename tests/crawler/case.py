"""One scripted site with its config and its archive, for tests of whole crawls."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from crawler import CrawlOptions, CrawlReport, crawl, load_config
from crawler.events import Event, Problem
from tests.crawler.newsstand import LOOPBACK, Answer, Newsstand, Script, newsstand, story

Act = Callable[["Case"], Awaitable[None]]


@dataclass(slots=True)
class Case:
    """One site, its config and its archive."""

    stand: Newsstand
    folder: Path
    keys: str
    events: list[Event] = field(default_factory=list)

    def event(self, event: Event) -> None:
        self.events.append(event)

    @property
    def path(self) -> Path:
        return self.folder / "archive.db"

    async def crawl(self, keys: str | None = None, *, retries: int = 0, **options: object) -> CrawlReport:
        """Crawls the site with these keys of ``[[sites]]``; ``{base}`` is its address."""
        config = self.folder / "config.toml"
        config.write_text(
            f'[archive]\npath = "{self.path}"\n[crawler]\nuser_agent = "test (a@example.org)"\ndelay = 0\n'
            f"retries = {retries}\ntimeout = 5\nallow_private = {LOOPBACK}\n"
            f'[[sites]]\nname = "paper"\n{(keys or self.keys).replace("{base}", self.stand.base)}\n'
        )
        return await crawl(load_config(config), options=CrawlOptions(**options), observer=self)  # type: ignore[arg-type]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as db:
            return list(db.execute(sql))

    def paths(self, sql: str = "SELECT url FROM articles ORDER BY url") -> list[str]:
        return [str(url).removeprefix(self.stand.base) for (url, *_) in self.rows(sql)]

    def outcomes(self) -> dict[str, str]:
        """The latest outcome of each path."""
        looks = self.rows("SELECT url, outcome FROM fetches ORDER BY id")
        return {str(url).removeprefix(self.stand.base): str(outcome) for url, outcome in looks}

    def problems(self) -> list[str]:
        return [event.line for event in self.events if isinstance(event, Problem)]


def play(folder: Path, scripts: Mapping[str, Script], act: Act, keys: str = 'feeds = ["{base}/feed"]') -> None:
    async def go() -> None:
        async with newsstand(scripts) as stand:
            await act(Case(stand, folder, keys))

    asyncio.run(go())


def page(number: int, **more: object) -> Answer:
    return Answer(body=story(number), **more)  # type: ignore[arg-type]
