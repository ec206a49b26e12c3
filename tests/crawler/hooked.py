"""A configuration with hooks, a webhook to be told, and an observer."""

import asyncio
import json
from pathlib import Path
from typing import Any

from crawler import Config, load_config
from crawler.events import Event, Problem
from tests.crawler.newsstand import LOOPBACK


class Heard:
    """An observer that keeps what it hears."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def event(self, event: Event) -> None:
        self.events.append(event)

    @property
    def problems(self) -> list[str]:
        return [event.line for event in self.events if isinstance(event, Problem)]


class Inbox:
    """A webhook on loopback: answers with the statuses in turn, the last one for ever, and keeps every body."""

    def __init__(self, *statuses: int, pause: float = 0.0) -> None:
        self.statuses, self.pause = statuses, pause
        self.bodies: list[bytes] = []
        self.heads: list[str] = []
        self.url = ""
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Inbox":
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/hook/s3cret"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
            )
            self.bodies.append(await reader.readexactly(length))
            self.heads.append(head)
            await asyncio.sleep(self.pause)
            status = self.statuses[min(len(self.bodies), len(self.statuses)) - 1]
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]


def configured(path: Path, base: str, notify: str) -> Config:
    path.write_text(
        f'[archive]\npath = "{path.with_name("archive.db")}"\n'
        f'[crawler]\nuser_agent = "press-test (desk@press.test)"\ndelay = 0\nretries = 0\nallow_private = {LOOPBACK}\n'
        f'[[sites]]\nname = "bridge"\nfeeds = ["{base}/feed"]\n{notify}'
    )
    return load_config(path)
