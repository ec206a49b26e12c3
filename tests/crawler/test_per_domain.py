"""``per_domain``: more than one request in flight to a domain where the configuration allows it, and never against what
the domain itself asks for."""

import asyncio
from pathlib import Path

import pytest

from crawler import ConfigError, CrawlOptions, crawl, load_config
from crawler.pace import Pace
from tests.crawler.newsstand import LOOPBACK, Answer, Script, feed, newsstand, robots, story
from tests.crawler.test_pace import Clock, pace, run

URL = "http://a.example/"
SITE = '[[sites]]\nname = "a"\nhome = "https://a.example/"\n'


def test_several_begin_one_pause_apart_and_no_more_than_allowed_are_in_flight() -> None:
    clock, begun = Clock(), []

    async def visit(lanes: Pace, end: asyncio.Event) -> None:
        async with lanes.turn(URL, 1.0, at_once=3):
            begun.append(clock.now)
            await end.wait()

    async def work() -> None:
        lanes, ends = pace(clock), [asyncio.Event() for _ in range(5)]
        visits = [asyncio.create_task(visit(lanes, end)) for end in ends]
        await _settled()
        assert begun == [100.0, 101.0, 102.0]
        clock.now = 130.0
        for end in ends:
            end.set()
            await _settled()
        await asyncio.gather(*visits)
        assert begun[3:] == [130.0, 131.0]

    run(work)


def test_a_crawl_delay_lets_one_in_at_a_time() -> None:
    clock, most = Clock(), []

    async def visit(lanes: Pace) -> None:
        async with lanes.turn(URL, 0.0, at_once=5):
            most.append(len(lanes._lane(URL).under_way))
            begun.append(clock.now)
            await asyncio.sleep(0)

    begun: list[float] = []

    async def work() -> None:
        lanes = pace(clock)
        lanes.crawl_delay(URL, 2.0)
        await asyncio.gather(*(visit(lanes) for _ in range(4)))

    run(work)
    assert most == [1, 1, 1, 1]
    assert begun == [100.0, 102.0, 104.0, 106.0]


def test_the_strictest_of_those_in_flight_counts() -> None:
    async def work() -> None:
        lanes = pace(Clock())
        async with lanes.turn(URL, 0.0, at_once=1):
            second = asyncio.create_task(_enter(lanes, 4))
            await _settled()
            assert not second.done()
        await second
        async with lanes.turn(URL, 0.0, at_once=4):
            await asyncio.wait_for(_enter(lanes, 4), 1)
            strict = asyncio.create_task(_enter(lanes, 1))
            await _settled()
            assert not strict.done()
        await strict

    run(work)


async def _settled() -> None:
    """Lets all tasks run until none can go on; none of them waits for real time."""
    for _ in range(100):
        await asyncio.sleep(0)


async def _enter(lanes: Pace, at_once: int) -> None:
    async with lanes.turn(URL, 0.0, at_once=at_once):
        pass


def test_a_rest_holds_those_that_wait_and_the_first_after_it_goes_alone() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = pace(clock)
        async with lanes.turn(URL, 0.0, at_once=3), lanes.turn(URL, 0.0, at_once=3):
            lanes.failed(URL)
            lanes.hold(URL, 50.0)
            waiting = asyncio.create_task(_enter(lanes, 3))
            await _settled()
            assert not waiting.done()
        await waiting
        assert clock.now == 150.0
        async with lanes.turn(URL, 0.0, at_once=3):
            second = asyncio.create_task(_enter(lanes, 3))
            await _settled()
            assert not second.done()  # the probe is still out
            lanes.answered(URL, 0.0)
        await second
        async with lanes.turn(URL, 0.0, at_once=3):
            await asyncio.wait_for(_enter(lanes, 3), 1)

    run(work)


def test_a_rest_that_begins_while_others_wait_for_their_turn_holds_them_too() -> None:
    clock = Clock()

    async def work() -> None:
        lanes = Pace(1, clock=clock, sleep=clock.sleep)
        async with lanes.turn("http://b.example/", 0.0):
            waiting = asyncio.create_task(_enter(lanes, 3))
            await _settled()
            lanes.hold(URL, 50.0)
        await waiting
        assert clock.now == 150.0

    run(work)


def test_requests_in_flight_together_fail_as_one_and_close_no_breaker() -> None:
    clock = Clock()
    lanes = pace(clock)
    for _ in range(5):
        lanes.failed(URL, 5.0)
        clock.now += 10
    assert lanes.held(URL) == 50  # opened 10 s ago, for a minute
    lanes.failed(URL, 15.0)  # in flight since before it opened
    lanes.answered(URL, 12.0)
    assert lanes.held(URL) == 50
    clock.now += 50
    lanes.failed(URL, 1.0)
    assert lanes.held(URL) == 120


@pytest.mark.parametrize(
    ("keys", "at_most"), [("", 1), ("per_domain = 3\n", 3), ("per_domain = 2\nconcurrency = 1\n", 1)]
)
def test_a_crawl_has_as_many_in_flight_as_it_may(tmp_path: Path, keys: str, at_most: int) -> None:
    pause = 0.08
    paths = [f"/a/story-number-{number}-here" for number in range(8)]
    scripts: dict[str, Script] = {path: Answer(body=story(n), pause=pause) for n, path in enumerate(paths)}
    scripts |= {"/robots.txt": robots("User-agent: *", "Allow: /"), "/feed": feed(*paths)}

    async def go() -> None:
        async with newsstand(scripts) as stand:
            config = tmp_path / "config.toml"
            config.write_text(
                f'[archive]\npath = "{tmp_path}/a.db"\n[crawler]\nuser_agent = "test (a@example.org)"\ndelay = 0\n'
                f"retries = 0\nallow_private = {LOOPBACK}\n"
                f'[[sites]]\nname = "paper"\nfeeds = ["{stand.base}/feed"]\n{keys}'
            )
            report = await crawl(load_config(config), options=CrawlOptions())
            assert report.new_articles == len(paths)
            times = [asked.at for asked in stand.asked if asked.target in paths]
            assert max(sum(at - pause < other <= at for other in times) for at in times) == at_most

    asyncio.run(go())


def test_the_key_is_read_and_a_site_may_have_its_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    other = SITE.replace("a.example", "b.example").replace(chr(34) + "a" + chr(34), chr(34) + "b" + chr(34))
    path.write_text(f"[crawler]\nper_domain = 2\n{SITE}{other}per_domain = 4\n")
    config = load_config(path)
    assert config.manners.per_domain == 2
    assert [site.manners.per_domain for site in config.sites] == [2, 4]


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "true", '"3"'])
def test_a_bad_value_is_refused_with_its_cure(tmp_path: Path, value: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[crawler]\nper_domain = {value}\n{SITE}")
    with pytest.raises(ConfigError, match=r"\[crawler\] per_domain: found .*; write a whole number from 1"):
        load_config(path)
