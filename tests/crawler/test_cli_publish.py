"""``publish`` and ``coverage`` on the command line."""

import asyncio
import json
import shlex
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Discovery, Look
from crawler.__main__ import run
from crawler.cli.publish import serving
from extractors import Article, OptOut, Page
from tests.archive.browse.served import opened

NOW = datetime.now(UTC).replace(microsecond=0)
URL = "https://paper.example/story"
FEED = "https://paper.example/feed.xml"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive here, with a feed that was read yesterday and failed today, and an opted-out article."""
    monkeypatch.chdir(tmp_path)
    yesterday = NOW - timedelta(days=1)
    with Archive("archive.db") as archive:
        work = archive.start_run("crawl")
        for at, outcome in ((yesterday, "new"), (NOW, "timeout")):
            archive.add(Look(url=FEED, site="paper", started_at=at, kind="feed", outcome=outcome), work)
        found = [
            Discovery(url=url, site="paper", kind="feed", found_in=FEED, published=yesterday.isoformat())
            for url in (URL, URL + "/missing")
        ]
        archive.discover(found, work)
        for url, wishes in ((URL, ()), (URL + "/quiet", (OptOut(signal="meta robots", value="noarchive"),))):
            page = Page(url=url, body=b"One two three.", fetched_at=yesterday)
            article = Article(title="A title", text=f"One two three of {url}.", rules="test/1")
            archive.add(
                Look(url=url, site="paper", started_at=yesterday, page=page, article=article, optouts=wishes), work
            )
        archive.finish_run(work)
    return tmp_path


@pytest.mark.usefixtures("kept")
def test_coverage_names_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coverage"]) == 0
    lines = capsys.readouterr().out.splitlines()
    yesterday, today = (
        next(line for line in lines if f"{NOW - timedelta(days=ago):%Y-%m-%d}" in line) for ago in (1, 0)
    )
    assert yesterday.split() == ["paper", f"{NOW - timedelta(days=1):%Y-%m-%d}", "2", "1", "0", "0", "1", "gap"]
    assert "outage: no feed or sitemap could be read" in today
    assert lines[-1] == "2 days with a gap of 2."


@pytest.mark.usefixtures("kept")
def test_coverage_as_json_and_since(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["coverage", "paper", "--json", "--since", f"{NOW:%Y-%m-%d}"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "day": f"{NOW:%Y-%m-%d}", "site": "paper", "expected": 0, "archived": 0, "failed": 0, "opted_out": 0,
            "waiting": 0, "source_looks": 1, "source_failures": 1, "state": "outage",
        }
    ]  # fmt: skip
    assert run(["coverage", "--since", f"{NOW + timedelta(days=9):%Y-%m-%d}"]) == 0
    assert "Nothing was announced" in capsys.readouterr().out


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("words", [["coverage", "nowhere"], ["coverage", "--since", "soon"], ["publish", "archive.db"]])
def test_wrong_use_is_said_in_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.usefixtures("kept")
def test_publish_says_what_it_did_whose_the_texts_are_and_how_to_serve_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["publish", "public.db"]) == 0
    out = capsys.readouterr().out
    assert "belong to their publishers" in out
    assert "public.db: 1 article, 1 version, 3 looks, 0 page bodies" in out
    assert "Left out: 1 article and 1 look," in out
    assert f"    {serving(Path('public.db'))}" in out
    assert run(["publish", "public.db"]) == 2
    assert "--force" in capsys.readouterr().err
    assert run(["publish", "public.db", "--force", "--opted-out", "--raw", "--json"]) == 0
    streams = capsys.readouterr()
    told = json.loads(streams.out)
    assert "belong to their publishers" in streams.err
    assert (told["rows"]["articles"], told["rows"]["raw_bodies"], told["left_out"]["articles"]) == (2, 1, 0)
    assert told["bytes"] == Path("public.db").stat().st_size
    assert told["serve"].startswith("datasette serve -i public.db ")


@pytest.mark.usefixtures("kept")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_command_to_serve_lets_a_visitor_only_look(capsys: pytest.CaptureFixture[str]) -> None:
    from datasette import hookspecs
    from datasette.app import SETTINGS

    assert run(["publish", "public.db"]) == 0
    words = shlex.split(serving(Path("public.db")))
    names = [words[place + 1] for place, word in enumerate(words) if word == "--setting"]
    assert set(names) <= {setting.name for setting in SETTINGS}
    settings: dict[str, Any] = {}
    for name in names:
        value = words[words.index(name) + 1]
        settings[name] = {"off": False}[value] if value == "off" else int(value)

    async def ask() -> list[int]:
        sql = "/public" if hasattr(hookspecs, "canned_queries") else "/public/-/query"
        paths = ("/public/articles", "/public.db", f"{sql}?sql=select+1")
        async with opened(Path("public.db"), immutable=True, settings=settings) as datasette:
            return [(await datasette.client.get(path)).status_code for path in paths]

    seen = asyncio.run(ask())
    assert seen[0] == 200
    assert seen[1:] == [403, 403]
    with closing(sqlite3.connect("public.db")) as db:
        assert db.execute("SELECT count(*) FROM published").fetchone()[0] == 1
