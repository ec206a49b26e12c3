"""The extraction pool: pages are read in other processes, and a bad page costs itself alone."""

import array
import asyncio
import ctypes
import fcntl
import gzip
import os
import select
import subprocess
import sys
import termios
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Outcome
from crawler.pool import Pool, Read, outcome_of
from crawler.wire import Failure, Wire
from crawler.workers import Reader, Workers
from extractors import Article, Page, Reading, read
from tests.crawler.newsstand import story
from tests.crawler.papers import environment

SECONDS = 0.5


def wire(body: bytes, *headers: tuple[str, str]) -> Wire:
    url = "http://a.example/story"
    return Wire(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html"), *headers),
        content=body,
        fetched_at=datetime.now(UTC),
        ms=1,
    )


def capricious(page: Page) -> Reading:
    """A reader that does what the page says."""
    if page.body == b"die":
        os._exit(3)
    if page.body == b"raise":
        raise ValueError("mine")
    if page.body == b"sleep":
        time.sleep(60)
    if page.body == b"hang":  # no signal handler of Python's runs inside a call into C
        ctypes.PyDLL(None).sleep(60)
    if page.body == b"bind":  # what holds a function of its own goes to no other process
        return Reading(article=None, reason=lambda: "")  # type: ignore[arg-type]
    return Reading(article=Article(title=page.body.decode(), text=str(os.getpid())))


def results(bodies: list[bytes], reader: Reader = capricious) -> list[Read | Failure]:
    async def go() -> list[Read | Failure]:
        async with Pool(workers=1, reader=reader, page_seconds=SECONDS) as pool:
            return await asyncio.gather(*(pool.read(wire(body), 1000) for body in bodies))

    return asyncio.run(go())


def described(found: Read | Failure) -> str:
    if isinstance(found, Failure):
        return found.outcome
    return found.crash or (found.reading.article.title if found.reading.article else "")


def test_pages_are_read_in_another_process_in_order() -> None:
    found = results([f"page {number}".encode() for number in range(20)])
    assert [described(one) for one in found] == [f"page {number}" for number in range(20)]
    (pid,) = {one.reading.article.text for one in found if isinstance(one, Read) and one.reading.article}
    assert int(pid) != os.getpid()


def test_a_page_that_kills_its_worker_costs_itself() -> None:
    bodies = [b"one", b"die", b"two", b"three"]
    found = results(bodies)
    assert [described(one) for one in (found[0], *found[2:])] == ["one", "two", "three"]
    died = found[1]
    assert isinstance(died, Read)
    assert died.page.body == b"die"
    assert outcome_of(died) == Outcome.EXTRACT_CRASH


def test_workers_that_are_killed_while_they_wait_cost_nothing() -> None:
    """As the kernel does it when memory runs out."""

    async def go() -> list[str]:
        async with Pool(workers=2, reader=capricious) as pool:
            found = []
            for body in (b"one", b"two", b"three"):
                page = Page(url="http://a.example/feed", body=body)
                found += [described(await pool.read(wire(body), 1000)), str(await pool.run(url_of, page))]
                for workers in (pool._workers, pool._other):
                    assert workers._pool is not None
                    for process in list(workers._pool._processes.values()):
                        process.kill()
                        process.join()
            return found

    feed = "['http://a.example/feed']"
    assert asyncio.run(go()) == ["one", feed, "two", feed, "three", feed]


def test_what_no_process_can_hand_over_costs_its_page() -> None:
    found = results([b"one", b"bind", b"two"])
    assert [described(one) for one in (found[0], found[2])] == ["one", "two"]
    assert isinstance(found[1], Read)
    assert "capricious" in found[1].crash  # the words before it are each Python's own
    assert outcome_of(found[1]) == Outcome.EXTRACT_CRASH


def nothing(count: int) -> bytes:
    return bytes(count)


def test_workers_that_are_ended_in_the_middle_of_an_answer_hold_nothing_up() -> None:
    workers, busy, go_on = Workers(1), threading.Event(), threading.Event()
    pool, first = workers.submit(time.sleep, 1)
    thread = pool._executor_manager_thread  # type: ignore[attr-defined]

    def wait(_: object) -> None:  # in the thread that would take the answers
        busy.set()
        go_on.wait(30)

    first.add_done_callback(wait)
    workers.submit(nothing, 10_000_000)
    assert busy.wait(30)
    waiting = array.array("i", [0])
    while waiting[0] < 60_000:  # what a pipe holds: the worker waits for somebody to read
        time.sleep(0.01)
        fcntl.ioctl(pool._result_queue._reader.fileno(), termios.FIONREAD, waiting)  # type: ignore[attr-defined]
    workers.end()
    go_on.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_fault_and_a_slow_page_cost_themselves() -> None:
    found = results([b"one", b"raise", b"sleep", b"two"])
    assert [described(one) for one in found] == ["one", "ValueError: mine", "not read within 0.5 s", "two"]
    assert isinstance(found[2], Read)
    assert outcome_of(found[2]) == Outcome.EXTRACT_CRASH


@pytest.mark.timeout(60)
def test_a_worker_that_no_alarm_wakes_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.pool.GRACE", 0.2)
    found = results([b"hang"])
    assert isinstance(found[0], Read)
    assert outcome_of(found[0]) == Outcome.EXTRACT_CRASH
    assert found[0].page.body == b"hang"


def test_bodies_are_decoded_there_within_the_limit() -> None:
    async def go() -> tuple[Read | Failure, Read | Failure]:
        async with Pool(workers=1) as pool:
            packed = ("content-encoding", "gzip")
            page = await pool.read(wire(gzip.compress(story(1)), packed), 100_000)
            return page, await pool.read(wire(gzip.compress(bytes(200_000)), packed), 100_000)

    page, bomb = asyncio.run(go())
    assert isinstance(page, Read)
    assert page.reading == read(page.page)
    assert page.reading.article is not None
    assert outcome_of(page) is None
    assert isinstance(bomb, Failure)
    assert bomb.outcome == Outcome.DECOMPRESSION_BOMB


def test_leaving_ends_what_is_under_way() -> None:
    async def go() -> float:
        began = time.monotonic()
        async with Pool(workers=1, reader=capricious, page_seconds=30) as pool:
            task = asyncio.create_task(pool.read(wire(b"sleep"), 1000))
            await asyncio.sleep(0.5)
            task.cancel()
        return time.monotonic() - began

    assert asyncio.run(go()) < 10


async def stay() -> None:
    """A crawl in miniature: reads one page, says so, and waits to be killed."""
    async with Pool(workers=2, reader=capricious) as pool:
        await asyncio.gather(*(pool.read(wire(b"page"), 1000) for _ in range(20)))
        print("read", flush=True)
        await asyncio.sleep(60)


def test_no_worker_outlives_a_crawl_that_is_killed() -> None:
    script = f"import asyncio; from {__name__} import stay; asyncio.run(stay())"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment()) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"read\n"
        child.kill()
        # the workers and their server hold the other end too: it closes when the last of them is gone
        assert select.select([child.stdout], [], [], 10)[0]
        assert child.stdout.read() == b""


def test_an_end_that_comes_with_a_result_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        job: asyncio.Future[list[Read | Failure]] = asyncio.get_running_loop().create_future()
        monkeypatch.setattr("crawler.workers.Workers.submit", lambda *_arguments: (None, job))
        async with asyncio.timeout(5):
            async with Pool(workers=1) as pool:
                reading = asyncio.create_task(pool.read(wire(b"page"), 1000))
                await asyncio.sleep(0.01)
                job.set_result([])
            await asyncio.gather(reading, return_exceptions=True)

    asyncio.run(go())


def url_of(page: Page) -> str | list[str]:
    """Work of another kind; on a page that says so it ends its worker, or raises."""
    if page.body == b"crash":
        os._exit(3)
    if page.body == b"raise":
        raise RuntimeError("no good")
    return [page.url]


def test_other_work_is_done_and_costs_only_itself() -> None:
    async def act() -> None:
        async with Pool(workers=1) as pool:
            page = Page(url="http://a.example/feed", body=b"fine")
            bad = [pool.run(url_of, Page(url=page.url, body=body)) for body in (b"crash", b"raise")]
            crashed, raised, fine, read_ = await asyncio.gather(
                *bad, pool.run(url_of, page), pool.read(wire(story(1)), 10**6)
            )
            assert isinstance(crashed, str)
            assert raised == "RuntimeError: no good"
            assert fine == [page.url]
            assert isinstance(read_, Read)
            assert read_.reading.article is not None
            assert await pool.run(url_of, page) == [page.url]

    asyncio.run(act())


def test_the_worker_of_other_work_leaves_when_it_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.pool.IDLE", 0.1)

    async def act() -> None:
        async with Pool(workers=1) as pool:
            first = await pool.run(process_of, Page(url="http://a.example/feed", body=b"fine"))
            assert isinstance(first, int)
            while _is_alive(first):  # noqa: ASYNC110 - a process ends
                await asyncio.sleep(0.01)
            again = await pool.run(process_of, Page(url="http://a.example/feed", body=b"fine"))
            assert isinstance(again, int)
            assert again != first

    asyncio.run(asyncio.wait_for(act(), 30))


def _is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def process_of(_page: Page) -> int:
    return os.getpid()
