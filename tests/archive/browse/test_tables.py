"""The Datasette plugin on a real archive, and on a database that is none of its business."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.browse.cells import cell
from archive.browse.metadata import database_metadata, ready_queries
from extractors import Article, LinkList, ListItem, Page
from tests.archive.browse.served import MARKS, get

URL = "https://news.example/local/flood-wall"

pytestmark = MARKS


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


def _get(files: list[Path], target: str) -> Any:
    return get(files, target)[0]


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
