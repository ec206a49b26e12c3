"""A scripted website on loopback: each path answers what its test wrote down, and every request is remembered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

HOST = "127.0.0.1"
LOOPBACK = '["127.0.0.0/8"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response. ``length`` may lie about the body; ``raw`` replaces the whole of it; both end the connection."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "text/html; charset=utf-8"
    length: int | None = None
    raw: bytes | None = None
    pause: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came: the target byte for byte, header names in lower case, and when."""

    target: str
    headers: Mapping[str, str]
    at: float


Script = Answer | Sequence[Answer]
"""What a path answers: always the same, or one answer after the other, the last one for ever."""

NOT_FOUND = Answer(status=404, body=b"<h1>Not found</h1>")


@dataclass(slots=True)
class Newsstand:
    """A site that is being served at ``base``."""

    base: str = ""
    scripts: dict[str, Script] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def targets(self) -> list[str]:
        """What was asked for, in order."""
        return [request.target for request in self.asked]

    def count(self, target: str) -> int:
        """How often a target was asked for."""
        return self.targets().count(target)

    async def has_been_asked(self, times: int) -> None:
        """Waits until that many requests have come."""
        while len(self.asked) < times:  # noqa: ASYNC110 - requests come from other tasks and other processes
            await asyncio.sleep(0.01)

    def answer(self, asked: Asked) -> Answer:
        """The scripted answer; a validator that matches the ETag of the answer gets a 304."""
        self.asked.append(asked)
        script = self.scripts.get(asked.target, NOT_FOUND)
        found = script if isinstance(script, Answer) else script[min(self.count(asked.target), len(script)) - 1]
        etag = dict(found.headers).get("ETag")
        if etag is not None and asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        return found


@contextlib.asynccontextmanager
async def newsstand(scripts: Mapping[str, Script] | None = None) -> AsyncIterator[Newsstand]:
    """Serves a site on a free port of loopback; ``{base}`` in a body stands for its address."""
    stand = Newsstand()
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await _serve_one(stand, reader, writer):
                    pass
        finally:
            writers.discard(writer)
            writer.close()

    server = await asyncio.start_server(connected, HOST, 0)
    stand.base = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    stand.scripts = dict(scripts or {})
    try:
        yield stand
    finally:
        server.close()
        for writer in tuple(writers):
            writer.close()
        await server.wait_closed()


async def _serve_one(stand: Newsstand, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Answers one request; whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request, *lines = head.split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    asked = Asked(target=request.split(" ")[1], headers=headers, at=asyncio.get_running_loop().time())
    answer = stand.answer(asked)
    if answer.pause:
        await asyncio.sleep(answer.pause)
    if answer.raw is not None:
        writer.write(answer.raw)
        await writer.drain()
        return False
    body = answer.body.replace(b"{base}", stand.base.encode())
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value.replace('{base}', stand.base)}" for name, value in answer.headers]
    if answer.media_type:
        lines.append(f"Content-Type: {answer.media_type}")
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(body) if answer.length is None else answer.length}")
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    await writer.drain()
    return answer.length is None


def story(number: int, *, correction: str = "") -> bytes:
    """The page of an article with a list beside it; ``number`` makes it differ from the others."""
    paragraphs = [
        f"Story {number}: the council voted on Tuesday to repair the bridge over the river before the winter comes.",
        f"Engineers had warned {number + 2} times since the spring that the northern pillar moves when lorries cross.",
        "The work will take four months and cost 2.4 million, which the county will pay from its road budget.",
        "A ferry will carry pedestrians and bicycles in the meantime, from six in the morning until nine at night.",
    ]
    if correction:
        paragraphs.append(f"Correction: {correction}")
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    title = f"Council votes to repair bridge number {number}"
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>"
        '<meta property="og:type" content="article"></head><body>'
        f"<article><h1>{title}</h1>{text}"
        f'</article><aside><h2>Recent Posts</h2><ul><li><a href="/news/other-story-{number}-here">'
        f"Other story {number} that happened here</a> <span>4 hours ago</span></li>"
        f'<li><a href="/news/third-story-{number}-there">Third story {number} that happened there</a> '
        "<span>5 hours ago</span></li></ul></aside></body></html>"
    ).encode()


def feed(*paths: str) -> Answer:
    """An RSS feed of these paths."""
    items = "".join(f"<item><title>t</title><link>{{base}}{path}</link></item>" for path in paths)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    return Answer(body=body.encode(), media_type="application/rss+xml")


def robots(*lines: str) -> Answer:
    """A robots.txt of these lines."""
    return Answer(body="\n".join(lines).encode(), media_type="text/plain")
