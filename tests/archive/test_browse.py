"""The Datasette plugin on a real archive, and on a database that is none of its business."""

import asyncio
import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import archive.browse
from archive import Archive
from archive.browse.cells import cell
from archive.browse.metadata import database_metadata, ready_queries
from extractors import Article, LinkList, ListItem, Page

URL = "https://news.example/local/flood-wall"

# Datasette leaves SQLite connections of its own to the garbage collector, which Python 3.13 warns of. It is imported
# and collected inside this module's tests, so that connections that we forget still fail every other test.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an article of two versions, and a hostile title in a list."""
    made = tmp_path_factory.mktemp("browse") / "press.db"
    promoted = LinkList(
        heading="Recent Posts",
        kind="recent",
        items=(ListItem(title="<script>alert(1)</script>", url="https://news.example/other", when_text="1 hour ago"),),
    )
    with Archive(made) as kept:
        for hour, cost in ((8, "1.5"), (9, "1.8")):
            text = f"The flood wall will cost {cost} million more than planned, engineers said on Tuesday."
            fetched = datetime(2026, 11, 22, hour, tzinfo=UTC)
            page = Page(url=URL, body=text.encode(), fetched_at=fetched)
            shown = Article(title="Flood wall costs rise", text=text, lists=(promoted,), rules="test/1")
            kept.save(page, shown, site="news")
    return made


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of somebody else, with a table of the same name."""
    made = tmp_path_factory.mktemp("other") / "other.db"
    with closing(sqlite3.connect(made)) as db:
        db.execute("CREATE TABLE articles(url TEXT, sha256 TEXT)")
        db.execute("INSERT INTO articles VALUES ('https://a.example/', 'abcdefabcdefabcdefabcdef')")
        db.commit()
    return made


@pytest.fixture(scope="module", autouse=True)
def _plugin() -> Iterator[None]:
    """The plugin is there by its entry point when presskeep is installed; otherwise it is registered by hand."""
    from datasette.plugins import pm

    ours = not pm.is_registered(archive.browse)
    if ours:
        pm.register(archive.browse, "presskeep")
    yield
    if ours:
        pm.unregister(archive.browse)
    gc.collect()


def _get(files: list[Path], target: str) -> Any:
    from datasette.app import Datasette

    async def ask() -> Any:
        datasette = Datasette([str(file) for file in files])
        await datasette.invoke_startup()
        try:
            return await datasette.client.get(target)
        finally:
            for database in datasette.databases.values():
                database.close()

    return asyncio.run(ask())


def test_the_database_page_explains_the_archive(path: Path) -> None:
    page = _get([path], "/press")
    assert page.status_code == 200
    assert "Press archive" in page.text
    assert '<a href="/-/presskeep/press">Read this archive</a>' in page.text
    assert "Search the articles" in page.text


@pytest.mark.parametrize("table", sorted(database_metadata()["tables"]))
def test_every_table_named_in_the_metadata_opens(path: Path, table: str) -> None:
    page = _get([path], f"/press/{table}")
    assert page.status_code == 200


@pytest.mark.parametrize("name", sorted(ready_queries()))
def test_every_ready_query_answers(path: Path, name: str) -> None:
    found = _get([path], f"/press/{name}.json?words=flood&_shape=array")
    assert found.status_code == 200
    rows = found.json()
    if name in {"search", "edits", "promoted"}:
        assert len(rows) == 1


def test_raw_bodies_and_state_are_hidden(path: Path) -> None:
    tables = {table["name"]: table["hidden"] for table in _get([path], "/press.json").json()["tables"]}
    assert tables["raw_bodies"]
    assert tables["frontier"]
    assert tables["texts_fts"]
    assert not tables["articles"]


def test_titles_from_pages_are_escaped(path: Path) -> None:
    page = _get([path], "/press/list_items")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_another_database_is_left_alone(path: Path, other: Path) -> None:
    page = _get([path, other], "/other/articles")
    assert "abcdefabcdefabcdefabcdef" in page.text
    assert "One row for each article" not in page.text
    assert "Search the articles" not in _get([path, other], "/other").text
    assert "One row for each article" in _get([path, other], "/press/articles").text


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        ("ab" * 32, "sha256", f'<code title="{"ab" * 32}">{"ab" * 8}…</code>'),
        ('["Ann", "Bo"]', "authors", "Ann, Bo"),
        ("not json", "authors", None),
        ("[]", "authors", "&nbsp;"),
        ("7", "authors", None),
        ("javascript:alert(1)", "url", None),
        ('https://a.example/"onclick=x', "url", None),
        (7, "url", None),
        ("", "text", None),
    ],
)
def test_cells(value: object, column: str, shown: str | None) -> None:
    assert cell(value, column) == shown


def test_a_long_link_is_shortened_and_kept_whole_in_its_target() -> None:
    url = "https://www.news.example/" + "long-path/" * 20
    made = str(cell(url, "url"))
    assert f'href="{url}"' in made
    assert "…" in made
    assert ">news.example/" in made
