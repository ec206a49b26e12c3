"""A real Datasette on files, asked without a socket; the pages of an archive with hostile words in every place."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import archive.browse
from archive import Archive, Discovery
from extractors import Article, LinkList, ListItem, Page

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
URL = "https://news.example/local/flood-wall"
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
WORDS = "the council voted again on the flood wall"

# Datasette leaves SQLite connections of its own to the garbage collector, which Python 3.13 warns of, when it is
# imported too: every module of this package carries these marks.
MARKS = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@contextmanager
def plugin() -> Iterator[None]:
    """The plugin is there by its entry point when presskeep is installed; otherwise it is registered by hand."""
    from datasette.plugins import pm

    ours = not pm.is_registered(archive.browse)
    if ours:
        pm.register(archive.browse, "presskeep")
    yield
    if ours:
        pm.unregister(archive.browse)
    gc.collect()


@asynccontextmanager
async def opened(*files: Path, immutable: bool = False, **options: Any) -> AsyncIterator[Any]:
    """A Datasette on the files that has started; its databases are closed afterwards."""
    from datasette.app import Datasette

    paths = [str(file) for file in files]
    datasette = Datasette([] if immutable else paths, immutables=paths if immutable else [], **options)
    await datasette.invoke_startup()
    try:
        yield datasette
    finally:
        for database in datasette.databases.values():
            database.close()


def get(
    files: list[Path],
    *targets: str,
    actor: str | None = None,
    headers: dict[str, str] | None = None,
    allow: dict[str, Any] | None = None,
    root: str = "/",
    immutable: bool = False,
) -> list[Any]:
    """What Datasette answers to each; ``allow`` is the configuration of databases, in the way of both its lines."""
    from datasette import hookspecs

    where = "metadata" if hasattr(hookspecs, "canned_queries") else "config"

    async def ask() -> list[Any]:
        configured = {where: {"databases": allow}} if allow else {}
        async with opened(*files, immutable=immutable, settings={"base_url": root}, **configured) as datasette:
            cookies = {"ds_actor": datasette.sign({"a": {"id": actor}}, "actor")} if actor else {}
            return [await datasette.client.get(target, cookies=cookies, headers=headers) for target in targets]

    return asyncio.run(ask())


@dataclass
class Parsed(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """The words of the page with single spaces."""
        return " ".join("".join(self.words).split())


def parsed(html: str) -> Parsed:
    """A page, parsed."""
    page = Parsed()
    page.feed(html)
    return page


def text_of(version: int) -> str:
    """Three texts of one story: a number changes, then a paragraph moves and another comes."""
    cost = "1.5" if version == 1 else "1.8"
    first = f"The flood wall will cost {cost} million more than planned, engineers said on Tuesday. {SCRIPT}"
    others = [f"Paragraph {number}: {WORDS} and heard {number} speakers from the valley." for number in range(1, 7)]
    if version == 3:
        others = [*others[1:], others[0], "Nobody from the ministry came to the meeting, the council said."]
    return "\n\n".join([first, *others])


def make(path: Path) -> None:
    """An archive of one story in three versions seen five times, its twin, and one page with hostile lists."""
    promoted = LinkList(
        heading=f"Recent {IMAGE}",
        kind="recent",
        items=(
            ListItem(title=f"Promoted {SCRIPT}", url="https://news.example/other", when_text="1 hour ago"),
            ListItem(title="Script link", url="javascript:alert(1)"),
            ListItem(title="Data link", url="data:text/html,<script>alert(1)</script>"),
            ListItem(title="Lighthouse sold at auction", url="https://news.example/twin"),
        ),
    )
    with Archive(path) as kept:
        kept.site("news", "javascript:alert(1)")
        run = kept.start_run("crawl")
        found = [Discovery(url=url, site="news", kind="feed", found_in="https://news.example/feed") for url in (
            URL, "https://news.example/twin", "https://news.example/never"
        )]  # fmt: skip
        kept.discover(found, run)
        for hour, version in enumerate((1, 1, 2, 3, 3)):
            kept.save(*_look(URL, START + timedelta(hours=hour), version, promoted, f"look {hour}"), site="news")
        kept.save(*_look("https://news.example/twin", START, 3, None, ""), site="news")
        arabic = Article(title="الجدار", text="كلفة الجدار ترتفع " * 20, language="ar", rules="test/1")
        kept.save(Page(url="https://arab.example/a", body=b"<p>x", fetched_at=START), arabic, site="arab")


def _look(url: str, at: datetime, version: int, promoted: LinkList | None, noise: str) -> tuple[Page, Article]:
    text = text_of(version)
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    body = (
        f"<!doctype html><meta http-equiv=refresh content='0;url=https://evil.example/'><title>Flood</title>"
        f"<script>top.location='https://evil.example/'</script><article><h1>Flood wall</h1>{paragraphs}</article>"
        f"<form action='https://evil.example/'><button>x</button></form><i>{noise}</i>"
    )
    article = Article(
        title=f"Flood wall costs rise {SCRIPT}" if version < 3 else f"Flood wall vote {SCRIPT}",
        text=text,
        authors=(f"Ann {IMAGE}",),
        published=START - timedelta(hours=1),
        section=f"Local {SCRIPT}",
        language="en",
        canonical_url="javascript:alert(1)",
        lists=(promoted,) if promoted else (),
        rules="test/1",
    )
    page = Page(url=url, body=body.encode(), fetched_at=at, headers=(("content-type", "text/html"),))
    return page, article
