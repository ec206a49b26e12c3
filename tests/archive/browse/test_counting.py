"""What a page counts: kept while nothing is committed, counted behind the page where it takes long."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.browse.growth import stored_by_day
from archive.browse.reading import Row, Rows
from extractors import Article, LinkList, ListItem, Page
from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS, START, opened

pytestmark = MARKS


def test_a_page_that_was_answered_once_is_answered_anew_after_a_commit(press: Press, tmp_path: Path) -> None:
    path = tmp_path / "press.db"

    async def ask() -> list[list[int]]:
        async with opened(path) as datasette:
            seen = []
            for number in range(3):
                with Archive(path) as kept:
                    page = Page(url=f"https://news.example/{number}", body=b"x%d" % number, fetched_at=START)
                    item = ListItem(title=f"Headline {number}", url="https://news.example/h")
                    lists = (LinkList(heading="Recent", kind="recent", items=(item,)),)
                    kept.save(page, Article(title="T", text=f"Text {number}", lists=lists, rules="t"), site="news")
                front = (await datasette.client.get(f"{press.base}.json")).json()
                headlines = (await datasette.client.get(f"{press.base}/headlines.json")).json()
                seen.append([front["totals"]["articles"], headlines["count"]])
        return seen

    with Archive(path):
        pass
    assert asyncio.run(ask()) == [[1, 1], [2, 2], [3, 3]]


def test_the_front_page_tells_how_storage_grew(press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted at once while it is quick, and by the same rule when looks came since."""
    monkeypatch.setattr("archive.browse.growth._AT_ONCE", 60.0)
    path = tmp_path / "press.db"

    def save(number: int, body: bytes) -> None:
        at = START + timedelta(days=number)
        with Archive(path) as kept:
            page = Page(url="https://news.example/a", body=body, fetched_at=at)
            kept.save(page, Article(title="T", text="Text.", rules="t"), site="news")

    async def ask() -> list[list[int]]:
        async with opened(path) as datasette:
            found = []
            for number, body in enumerate((b"one", b"one", b"two" * 500)):
                save(number, body)
                stored = (await datasette.client.get(f"{press.base}.json")).json()["stored"]
                found.append([day["bytes"] for day in stored])
        return found

    with Archive(path):
        pass
    first, second, third = asyncio.run(ask())
    with Archive(path, read_only=True) as kept:
        sizes = [row[0] for row in kept.db.execute("SELECT stored_size FROM raws ORDER BY size")]
    assert first == [sizes[0]]
    assert second == [sizes[0]] * 2
    assert third == [sizes[0], sizes[0], sum(sizes)]


def test_storage_that_takes_long_to_count_is_counted_behind_the_page(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.browse.growth._AT_ONCE", -1.0)
    monkeypatch.setattr("archive.browse.reading._STEPS", 1)

    async def ask() -> list[object]:
        async with opened(press.path) as datasette:
            first = (await datasette.client.get(f"{press.base}.json")).json()
            await next(one for key, one in datasette._presskeep_cache.items() if key[0] == "counting")
            monkeypatch.setattr("archive.browse.growth._AT_ONCE", 9.0)
            second = (await datasette.client.get(f"{press.base}.json")).json()
        return [first["stored"], second["stored"][-1]["bytes"]]

    with closing(sqlite3.connect(press.path)) as db:
        total = db.execute("SELECT sum(stored_size) FROM raws").fetchone()[0]
    assert asyncio.run(ask()) == [None, total]


def test_a_page_keeps_its_newest_answers(press: Press) -> None:
    """The answers to the filters asked for last, not those asked for first."""

    async def ask() -> list[str]:
        async with opened(press.path) as datasette:
            for day in range(10, 22):
                await datasette.client.get(f"{press.base}/coverage.json?until=2026-11-{day}")
        return [key[-1] for key in datasette._presskeep_cache if "coverage" in key]

    assert asyncio.run(ask()) == [f"2026-11-{day}" for day in range(13, 22)]


def test_a_count_behind_the_page_that_fails_leaves_the_page(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.browse.growth._AT_ONCE", -1.0)
    monkeypatch.setattr("archive.browse.growth._ALL", "SELECT * FROM a_damaged_table")
    monkeypatch.setattr("archive.browse.reading._STEPS", 1)

    async def ask() -> list[int]:
        async with opened(press.path) as datasette:
            codes = []
            for _ in range(2):
                codes.append((await datasette.client.get(f"{press.base}.json")).status_code)
                counting = next(one for key, one in datasette._presskeep_cache.items() if key[0] == "counting")
                await asyncio.wait({counting})
                assert counting.exception() is not None
                datasette._presskeep_cache.pop(("answer", press.path.stem, "front"))
        return codes

    assert asyncio.run(ask()) == [200, 200]


def test_a_body_that_comes_while_storage_is_counted_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "press.db"

    def save(number: int) -> None:
        with Archive(path) as kept:
            page = Page(url=f"https://news.example/{number}", body=b"page %d" % number, fetched_at=START)
            kept.save(page, Article(title="T", text=f"Text {number}.", rules="t"), site="news")

    class Overtaken(Rows):
        """A look is committed between any two questions, as by a crawl."""

        def one(self, sql: str, **values: object) -> Row | None:
            found = super().one(sql, **values)
            save(next(numbers))
            return found

    numbers = iter(range(10))
    save(next(numbers))
    cache: dict[object, object] = {}
    with closing(sqlite3.connect(path)) as db:
        for _ in range(3):
            found = stored_by_day(Overtaken(db, 60.0), cache, "here")
        assert found is not None
        looks = db.execute("SELECT stored_size FROM raws JOIN fetches ON raw_key = key ORDER BY fetches.id").fetchall()
    assert len(looks) == 4
    assert sum(found.values()) == sum(size for (size,) in looks[:3])
