"""Hooks: what they are told, and that a crawl never waits for them."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from archive import Happening
from crawler import Config, CrawlOptions, crawl
from crawler.delivery import run
from crawler.events import Event, Fetched, SiteFinished
from crawler.hooks import TOPICS, Hook, Target
from crawler.news import message, topics_of, wants
from crawler.notify import WAITING, notifying
from tests.crawler.hooked import Heard, Inbox, configured
from tests.crawler.newsstand import Answer, Newsstand, feed, newsstand, story

KEYS = [
    "event",
    "text",
    "at",
    "site",
    "url",
    "title",
    "outcome",
    "detail",
    "version",
    "text_key",
    "before_key",
    "kinds",
    "words_added",
    "words_removed",
]


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def _stand(stand: Newsstand) -> None:
    stand.scripts = {
        "/feed": feed("/a-story-of-a-bridge", "/another-story-of-a-bridge", "/walled-story-of-a-bridge"),
        "/a-story-of-a-bridge": (Answer(body=story(1)), Answer(body=story(1, correction="It cost 3.4 million."))),
        "/another-story-of-a-bridge": (Answer(body=story(2)), Answer(status=410)),
        "/walled-story-of-a-bridge": Answer(status=403),
    }


async def _twice(config: Config, heard: Heard) -> None:
    for _ in range(2):
        await crawl(config, options=CrawlOptions(now=True), observer=heard)


def _run(test: Callable[[], Any]) -> None:
    asyncio.run(test())


def test_a_webhook_is_told_of_new_articles_and_edits_although_it_fails_twice(tmp_path: Path) -> None:
    async def test() -> None:
        async with newsstand() as stand, Inbox(503, 500, 200) as inbox:
            _stand(stand)
            notify = (
                '[[notify]]\non = ["new", "edit", "blocked"]\nwebhook = "${HOOK}"\nheaders = {X-Key = "k ${HOOK}"}\n'
            )
            os.environ["HOOK"] = inbox.url
            try:
                await _twice(configured(tmp_path / "config.toml", stand.base, notify), heard := Heard())
            finally:
                del os.environ["HOOK"]
            assert not any("notify" in line for line in heard.problems)
            assert inbox.messages[0] == inbox.messages[1] == inbox.messages[2]
            told = inbox.messages[2:]
            assert all(list(one) == KEYS for one in told)
            assert sorted(one["event"] for one in told) == ["blocked", "blocked", "edit", "new", "new"]
            edit = next(one for one in told if one["event"] == "edit")
            assert (edit["site"], edit["url"]) == ("bridge", f"{stand.base}/a-story-of-a-bridge")
            assert (edit["version"], edit["title"]) == (2, "Council votes to repair bridge number 1")
            assert edit["words_added"] >= 5
            assert edit["words_removed"] == 0
            assert "correction" in edit["kinds"]
            assert len(edit["text_key"]) == len(edit["before_key"]) == 16
            assert "user-agent: press-test (desk@press.test)" in inbox.heads[0].lower()
            assert f"x-key: k {inbox.url}" in inbox.heads[0].lower()

    _run(test)


def test_filters(tmp_path: Path) -> None:
    edit = Happening(
        article="https://a.test/x", title="T", at="2026-11-01T00:00:00.000Z", version=2, text_key="k", before_key="b",
        kinds=("quote",), words_added=3, words_removed=2, events=("quote",),
    )  # fmt: skip
    every = Hook(where="", on=TOPICS)
    assert wants(every, "edit", "a", edit)
    assert not wants(Hook(where="", on=("new",)), "edit", "a", edit)
    assert not wants(Hook(where="", on=TOPICS, sites=("b",)), "edit", "a", edit)
    assert wants(Hook(where="", on=TOPICS, kinds=("number", "quote"), min_words=5), "edit", "a", edit)
    assert not wants(Hook(where="", on=TOPICS, kinds=("number",)), "edit", "a", edit)
    assert not wants(Hook(where="", on=TOPICS, min_words=6), "edit", "a", edit)
    assert wants(Hook(where="", on=TOPICS, kinds=("number",), min_words=6), "new", "a", edit)
    assert list(message("edit", SiteFinished(site="a", failed="x"), None)) == KEYS


@pytest.mark.parametrize(
    ("event", "topics"),
    [
        (Fetched(site="a", url="u", kind="article", outcome="new", bytes=1), ("new",)),
        (Fetched(site="a", url="u", kind="article", outcome="same", bytes=1, detail="npr: body finds"), ("drift",)),
        (Fetched(site="a", url="u", kind="article", outcome="http-404", bytes=0), ("vanished",)),
        (Fetched(site="a", url="u", kind="feed", outcome="http-404", bytes=0), ()),
        (Fetched(site="a", url="u", kind="feed", outcome="http-403", bytes=0), ("blocked",)),
        (Fetched(site="a", url="u", kind="robots", outcome="http-403", bytes=0), ()),
        (Fetched(site="a", url="u", kind="article", outcome="quarantined", bytes=0), ("blocked",)),
        (SiteFinished(site="a"), ()),
        (SiteFinished(site="a", failed="timeout"), ("failed-site",)),
    ],
)
def test_topics(event: Event, topics: tuple[str, ...]) -> None:
    assert topics_of(event) == topics


def test_a_command_gets_the_message_of_a_vanished_article_once(tmp_path: Path) -> None:
    out = tmp_path / "told.jsonl"
    code = f"import sys; open({str(out)!r}, 'a').write(sys.stdin.read())"

    async def test() -> None:
        async with newsstand() as stand:
            _stand(stand)
            words = json.dumps([sys.executable, "-c", code])
            notify = f'[[notify]]\non = ["vanished"]\nsites = ["bridge"]\ncommand = {words}\n'
            config = configured(tmp_path / "config.toml", stand.base, notify)
            await _twice(config, Heard())
            assert not out.exists()  # one 410 is no proof
            await crawl(config, options=CrawlOptions(now=True))

    _run(test)
    [line, rest] = out.read_text().split("\n")
    told = json.loads(line)
    assert (told["event"], told["outcome"], rest) == ("vanished", "http-410", "")
    assert told["title"] == "Council votes to repair bridge number 2"


def test_hooks_that_fail_are_a_line_each_and_no_failure(tmp_path: Path) -> None:
    async def test() -> None:
        async with newsstand() as stand, Inbox(400) as inbox:
            _stand(stand)
            notify = "".join(
                f'[[notify]]\non = ["blocked"]\n{line}\n'
                for line in (
                    f'webhook = "{inbox.url}"',
                    f'webhook = "{inbox.url}"\nallow_private = []',
                    f"command = {json.dumps([sys.executable, '-c', 'raise SystemExit(7)'])}",
                    'command = ["/nowhere/s3cret"]',
                )
            )
            report = await crawl(configured(tmp_path / "config.toml", stand.base, notify), observer=(heard := Heard()))
            assert report.new_articles == 2
            told = sorted(line for line in heard.problems if "[[notify]]" in line)
            where = f"{tmp_path / 'config.toml'}: [[notify]] number"
            assert told[0] == f"{where} 1: webhook: http-400"
            assert told[1].startswith(f"{where} 2: webhook: address-refused: ")
            assert told[2] == f"{where} 3: command: it left with code 7"
            assert told[3] == f"{where} 4: command: it cannot be started (No such file or directory)"
            assert "s3cret" not in "".join(told)
            assert len(inbox.bodies) == 1

    _run(test)


def test_a_slow_hook_holds_up_nothing_and_what_it_missed_is_counted(tmp_path: Path) -> None:
    async def test() -> None:
        async with Inbox(200, pause=30) as inbox:
            hook = Hook(
                where="c: [[notify]] number 1", on=("failed-site",), webhook=inbox.url, timeout=60,
                allow_private=(ip_network("127.0.0.0/8"),),
            )  # fmt: skip
            config = Config(archive_path=tmp_path / "none.db", notify=(hook,))
            before = asyncio.get_running_loop().time()
            async with notifying(config, heard := Heard(), environ={}, grace=0.2, sleep=_at_once) as told:
                for number in range(WAITING + 5):
                    told.event(SiteFinished(site=f"s{number}", failed="timeout"))
            assert asyncio.get_running_loop().time() - before < 5
            assert len(heard.events) == WAITING + 5 + len(heard.problems)
            assert heard.problems == [
                f"{hook.where}: webhook: {WAITING + 5:,} messages were dropped: too many, or too slow"
            ]

    _run(test)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    script = f"sleep 300 & echo $! > {mark}; wait"
    target = Target(command=("/bin/sh", "-c", script), timeout=0.5)
    assert asyncio.run(run(target, b"{}")) == "not done after 0.5 s"
    status = Path(f"/proc/{int(mark.read_text())}/stat")
    patience = time.monotonic() + 30
    while _runs(status):  # a busy machine takes a moment to let a killed process go
        assert time.monotonic() < patience
        time.sleep(0.01)


def _runs(status: Path) -> bool:
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:  # it went
        return False
