"""The SQL functions in Datasette: on archives, on nothing else, and within its time limit."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from archive import Archive, raw_key
from tests.archive.browse.served import MARKS, opened
from tests.archive.looks import URL, look, read

pytestmark = MARKS
NOISE = "word " * 20_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("functions") / "press.db"
    with Archive(made, reader=read) as kept:
        run = kept.start_run("crawl")
        for hour, text in enumerate(("One two three.", f"One two four. {NOISE}")):
            kept.add(look(text, hour=hour), run)
    return made


def ask(files: list[Path], database: str, sql: str, **settings: Any) -> Any:
    from datasette import hookspecs

    async def asked() -> Any:
        page = f"/{database}.json" if hasattr(hookspecs, "canned_queries") else f"/{database}/-/query.json"
        async with opened(*files, settings=settings) as datasette:
            return await datasette.client.get(f"{page}?sql={quote(sql)}&_shape=array")

    return asyncio.run(asked())


def test_functions_answer_in_datasette(path: Path) -> None:
    sql = "select presskeep_text(text_key) as text, presskeep_raw(raw_key) as raw from versions where number = 1"
    (row,) = ask([path], "press", sql).json()
    assert row["text"] == "One two three."
    assert '"One two three."' in row["raw"]


def test_other_databases_have_no_such_functions(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE texts(key, title, text)")
        db.commit()
    answer = ask([path, other], "other", "select presskeep_text('x')")
    assert answer.status_code == 400
    assert "no such function" in answer.text


@pytest.mark.timeout(60)
def test_the_time_limit_of_datasette_holds_inside_them(path: Path) -> None:
    told = look(f"One two four. {NOISE}", hour=1)
    assert told.page is not None
    key = raw_key(told.page.body)
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n)"
    answer = ask([path], "press", f"{numbers} select sum(length(presskeep_raw('{key}'))) from n", sql_time_limit_ms=200)
    assert answer.status_code == 400
    assert "nterrupted" in answer.text or "took too long" in answer.text


def test_the_article_is_one(path: Path) -> None:
    (row,) = ask([path], "press", "select json_array_length(presskeep_lists(key)) as lists, url from articles").json()
    assert row == {"lists": 0, "url": URL}
