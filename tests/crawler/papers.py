"""The demo papers served from a thread, for tests of whole commands."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from crawler.demo import DemoSite, demo_sites
from crawler.demo.tour import config_text

FLOOD = "/local/flood-wall-costs-rise-as-council-votes-again/"
"""The courier's story that is corrected."""


def flood_page(folder: Path) -> Path:
    """A file with the page of that story."""
    path = folder / "page.html"
    path.write_bytes(DemoSite("courier", "https://courier.example").answer(FLOOD).body)
    return path


@contextmanager
def papers(*, busy: bool = False) -> Iterator[tuple[DemoSite, ...]]:
    """The three papers on free ports while the context is open; ``busy``: a story of theirs asks for a second first."""
    opened: SimpleQueue[tuple[tuple[DemoSite, ...], asyncio.AbstractEventLoop, asyncio.Event]] = SimpleQueue()

    async def serve() -> None:
        stop = asyncio.Event()
        async with demo_sites(first_port=0) as sites:
            opened.put((sites, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    sites, loop, stop = opened.get(timeout=10)
    for site in sites:
        if not busy:
            site._busy.clear()
    try:
        yield sites
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)


def write_config(folder: Path, sites: tuple[DemoSite, ...], *, delay: float = 0.0) -> Path:
    """A config.toml for the papers, with ``archive.db`` beside it."""
    path = folder / "config.toml"
    text = config_text(folder / "archive.db", sites)
    assert "delay = 0.02" in text
    path.write_text(text.replace("delay = 0.02", f"delay = {delay}"), "utf-8")
    return path


def environment() -> dict[str, str]:
    """The environment of a child process that finds the packages whether they are installed or not."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]),
    }
