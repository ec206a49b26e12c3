"""Lanes, pauses and rests, on a clock that only moves when somebody sleeps."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from crawler.pace import MAX_CRAWL_DELAY, Pace, Room


class Clock:
    """Time that passes while all sleep."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def pace(clock: Clock, in_flight: int = 10) -> Pace:
    return Pace(in_flight, clock=clock, sleep=clock.sleep)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def go() -> None:
        await work()

    asyncio.run(go())


def test_one_domain_is_asked_one_by_one_with_a_pause() -> None:
    clock, begun, under_way = Clock(), [], 0

    async def visit(lanes: Pace, url: str) -> None:
        nonlocal under_way
        async with lanes.turn(url, 2.0) as rest:
            assert rest == 0
            under_way += 1
            assert under_way == 1
            begun.append(clock.now)
            await asyncio.sleep(0)
            under_way -= 1

    async def work() -> None:
        lanes = pace(clock)
        urls = ["https://www.a.example/1", "http://a.example/2", "https://news.a.example/3"]
        await asyncio.gather(*(visit(lanes, url) for url in urls))

    run(work)
    assert begun == [100.0, 102.0, 104.0]


def test_other_domains_and_other_ports_of_an_address_do_not_wait() -> None:
    clock, begun = Clock(), []

    async def work() -> None:
        lanes = pace(clock)
        for url in ("http://a.example/", "http://b.example/", "http://127.0.0.1:1/", "http://127.0.0.1:2/"):
            async with lanes.turn(url, 60.0):
                begun.append(clock.now)

    run(work)
    assert begun == [100.0] * 4


def test_robots_may_ask_for_more_but_not_for_ever() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        for asked, pause in ((5.0, 5.0), (3.0, 5.0), (None, 5.0), (-1.0, 5.0), (1e9, MAX_CRAWL_DELAY)):
            lanes.crawl_delay("http://a.example/robots.txt", asked)
            async with lanes.turn("http://a.example/", 1.0):
                before = clock.now
            async with lanes.turn("http://a.example/", 1.0):
                assert clock.now - before == pause

    run(work)


def test_a_crawl_delay_counts_from_the_request_that_told_it() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        async with lanes.turn("http://a.example/robots.txt", 1.0):
            await clock.sleep(2.0)
        lanes.crawl_delay("http://a.example/robots.txt", 9.0)
        async with lanes.turn("http://a.example/", 1.0):
            assert clock.now == 111.0
        lanes.crawl_delay("http://b.example/", 90.0, most=5.0)
        async with lanes.turn("http://b.example/", 1.0):
            before = clock.now
        async with lanes.turn("http://b.example/", 1.0):
            assert clock.now - before == 5.0

    run(work)


def test_a_request_of_another_run_counts() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        lanes.asked_before("http://a.example/", 3.0, 1.0)
        lanes.crawl_delay("http://a.example/", 10.0)
        async with lanes.turn("http://a.example/", 1.0):
            assert clock.now == 107.0

    run(work)


def test_a_rest_holds_everyone() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        lanes.hold("http://a.example/x", 30.0)
        lanes.hold("http://a.example/y", 10.0)
        assert lanes.held("http://www.a.example/") == 30.0
        async with lanes.turn("http://a.example/", 0.0):
            assert clock.now == 130.0
        assert lanes.held("http://a.example/") == 0.0

    run(work)


def test_patience_ends_at_once_and_leaves_the_lane_free() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        lanes.hold("http://a.example/", 500.0)
        for _ in range(2):
            async with lanes.turn("http://a.example/", 0.0, patience=120.0) as rest:
                assert rest == 500.0
        assert clock.now == 100.0
        async with lanes.turn("http://b.example/", 300.0, patience=120.0) as rest:
            assert rest == 0.0
        async with lanes.turn("http://b.example/", 300.0, patience=120.0) as rest:  # a pace of ours is no rest
            assert rest == 0.0

    run(work)


def test_all_lanes_together_are_bounded() -> None:
    most = 0

    async def work() -> None:
        lanes, under_way = Pace(3), 0

        async def visit(number: int) -> None:
            nonlocal under_way, most
            async with lanes.turn(f"http://a{number}.example/", 0.0):
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.001)
                under_way -= 1

        await asyncio.gather(*(visit(number) for number in range(12)))

    run(work)
    assert most == 3


def test_a_failure_in_a_turn_frees_the_lane() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        with pytest.raises(ValueError, match="mine"):
            async with lanes.turn("http://a.example/", 4.0):
                raise ValueError("mine")
        async with lanes.turn("http://a.example/", 4.0):
            assert clock.now == 104.0

    run(work)


def test_fetching_waits_for_room() -> None:
    async def work() -> None:
        room = Room(200)
        lanes = Pace(5, ready=room.free)
        with room.taken(150):
            with room.taken(150):
                waiting = asyncio.create_task(_turn(lanes))
                await asyncio.sleep(0.01)
                assert not waiting.done()
            await asyncio.wait_for(waiting, 1)
        await room.free()

    run(work)


async def _turn(lanes: Pace) -> None:
    async with lanes.turn("http://a.example/", 0.0):
        pass


def test_a_server_that_only_fails_is_left_alone_and_probed_once() -> None:
    clock = Clock()
    lanes, url = pace(clock), "http://a.example/"

    async def work() -> None:
        for _ in range(4):
            lanes.failed(url)
            await clock.sleep(10)
        assert lanes.held(url) == 0  # four failures in 30 s are a bad moment
        lanes.failed(url)
        assert lanes.held(url) == 60
        async with lanes.turn(url, 0.0) as rest:
            assert (rest, clock.now) == (0, 200)
            lanes.failed(url)  # the probe: half-open, so one failure is enough
        assert lanes.held(url) == 120
        async with lanes.turn(url, 0.0):
            lanes.answered(url, 0.1)
        lanes.failed(url)
        assert lanes.held(url) == 0

    run(work)


def test_quick_failures_do_not_open_the_breaker() -> None:
    clock = Clock()
    lanes = pace(clock)
    for _ in range(50):
        lanes.failed("http://a.example/")
    assert lanes.held("http://a.example/") == 0


def test_the_pause_follows_latency_and_failures_and_recovers() -> None:
    clock = Clock()
    lanes, url = pace(clock), "http://a.example/"

    async def gap(note: Callable[[], None]) -> float:
        async with lanes.turn(url, 1.0):
            note()
        before = clock.now
        async with lanes.turn(url, 1.0):
            return clock.now - before

    async def work() -> None:
        assert await gap(lambda: lanes.answered(url, 0.2)) == 1.0
        for _ in range(20):
            lanes.answered(url, 5.0)
        assert 4.9 < await gap(lambda: lanes.answered(url, 5.0)) <= 5.0
        for _ in range(20):
            lanes.answered(url, 0.2)
        assert await gap(lambda: lanes.failed(url)) == 2.0
        assert await gap(lambda: lanes.failed(url)) == 4.0
        for _ in range(10):
            lanes.answered(url, 0.2)
        assert await gap(lambda: lanes.answered(url, 0.2)) == 1.0

    run(work)


def test_no_pace_at_all_stays_no_pace() -> None:
    clock = Clock()
    lanes, url = pace(clock), "http://a.example/"

    async def work() -> None:
        for _ in range(3):
            async with lanes.turn(url, 0.0):
                lanes.answered(url, 9.0)
                lanes.failed(url)
        assert clock.now == 100.0

    run(work)
