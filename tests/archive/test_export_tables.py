"""Exported tables and lines: what the archive holds, typed, and whatever a title says."""

import csv
import io
import json
import sqlite3
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, ArchiveError, ExportRequest
from archive.exporting.tables import guarded, unguarded
from tests.archive.exported import (
    FORMATS,
    HOSTILE,
    OTHER,
    card_of,
    files_of,
    fill,
    jsonl,
    lines_of,
    table_of,
)
from tests.archive.looks import URL, look


def test_hostile_texts_survive_every_format(archive: Archive, tmp_path: Path) -> None:
    run = archive.start_run("test")
    for number, title in enumerate(HOSTILE):
        seen = look(f"{title} and more.", url=f"https://paper.example/{number:02}", items=[title])
        assert seen.article is not None
        archive.add(replace(seen, article=replace(seen.article, title=title, text=f"{title} and more.")), run)
    for form in FORMATS:
        archive.export(tmp_path / form, ExportRequest(format=form))
    lines = lines_of(tmp_path / "jsonl")
    assert len((tmp_path / "jsonl" / "versions.jsonl").read_text("utf-8").splitlines()) == len(HOSTILE)
    kept = [(row[0], row[1]) for row in archive.db.execute(
        "SELECT t.title, t.text FROM articles a JOIN versions v ON v.article = a.id JOIN texts t ON t.key = v.text_key "
        "ORDER BY a.url"
    )]  # fmt: skip
    assert [(one["title"], one["text"]) for one in lines] == kept
    assert [(row["title"], row["text"]) for row in table_of(tmp_path / "csv" / "versions.csv")] == kept
    stored = [item.title for url in sorted(one["url"] for one in lines) for item in archive.lists(url)]
    assert [one["lists"][0]["items"][0]["title"] for one in lines] == stored
    assert [row["title"] for row in table_of(tmp_path / "csv" / "list_items.csv")] == stored
    for name in ("versions", "articles", "list_items", "events"):
        content = (tmp_path / "csv" / f"{name}.csv").read_bytes()
        assert content.endswith(b"\r\n")
        for row in csv.reader(io.StringIO(content.decode(), newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")) for cell in row)
    clean = sorted((tmp_path / "text" / "clean").glob("*.txt"))
    assert [path.read_bytes() for path in clean] == [f"{title}\n\n{text}".encode() for title, text in kept]


@given(st.text())
def test_the_guard_loses_nothing(text: str) -> None:
    cell = guarded(text)
    assert isinstance(cell, str)
    assert unguarded(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_tables_hold_what_the_archive_holds(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest(format="csv"))
    versions, articles, items, events = (
        table_of(tmp_path / "out" / f"{name}.csv") for name in ("versions", "articles", "list_items", "events")
    )
    kept = [one for url in (OTHER, URL) for one in archive.versions(url)]
    assert [(row["url"], int(row["number"]), row["text_key"], row["raw_key"]) for row in versions] == [
        (one.article, one.number, one.text_key, one.raw_key) for one in kept
    ]
    assert [json.loads(row["kinds"]) for row in versions] == [list(one.kinds) for one in kept]
    assert [row["url"] for row in articles] == [OTHER, URL]
    assert sorted(row["title"] for row in items) == sorted(item.title for item in archive.lists(URL))
    assert len(items) == 4
    told = archive.db.execute("SELECT a.url, e.kind FROM events e JOIN articles a ON a.id = e.article").fetchall()
    assert sorted((row["article"], row["kind"]) for row in events) == sorted(told)
    schema = {
        file["name"]: [column["name"] for column in file["columns"]] for file in card_of(tmp_path / "out")["files"]
    }
    assert list(versions[0]) == schema["versions.csv"]
    assert list(events[0]) == schema["events.csv"]


def test_lists_are_those_that_stood_beside_the_version(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    jsonl(archive, tmp_path / "out")
    told = [one for one in lines_of(tmp_path / "out") if one["url"] == URL]
    beside = [sorted(item["title"] for found in one["lists"] for item in found["items"]) for one in told]
    assert beside == [["Both", f"Item{hour}"] for hour in range(3)]
    assert told[0]["lists"][0]["heading"] == "Recent"


def test_parquet_has_typed_columns_and_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    fill(archive)
    run = archive.start_run("test")
    for number, title in enumerate(HOSTILE):
        archive.add(look(f"{title} and more.", url=f"https://paper.example/{number:02}", title=title), run)
    for name in ("one", "two"):
        archive.export(tmp_path / name, ExportRequest(format="parquet"))
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    jsonl(archive, tmp_path / "lines")
    table = parquet.read_table(tmp_path / "one" / "versions.parquet")
    types = {field.name: field.type for field in table.schema}
    assert types["first_seen"] == pyarrow.timestamp("ms", tz="UTC")
    assert types["number"] == pyarrow.int64()
    assert types["kinds"] == pyarrow.list_(pyarrow.string())
    assert types["opted_out"] == pyarrow.bool_()
    rows, lines = table.to_pylist(), lines_of(tmp_path / "lines")
    assert [row["text"] for row in rows] == [one["text"] for one in lines]
    assert [row["first_seen"] for row in rows] == [datetime.fromisoformat(one["first_seen"]) for one in lines]
    assert parquet.read_table(tmp_path / "one" / "list_items.parquet").num_rows == 4


def test_without_pyarrow_the_cure_is_told(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ArchiveError, match=r"presskeep\[parquet\]"):
        archive.export(tmp_path / "out", ExportRequest(format="parquet"))
    assert list(tmp_path.glob("*out*")) == []


def test_only_the_view_of_list_items_is_read(archive: Archive, tmp_path: Path) -> None:
    """How lists are stored may change; SQLite tells which tables each statement names."""
    fill(archive)
    named: set[tuple[str | None, str | None]] = set()

    def watch(action: int, first: str | None, _second: str | None, _base: str | None, by: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            named.add((first, by))
        return sqlite3.SQLITE_OK

    archive.db.conn.set_authorizer(watch)
    archive.export(tmp_path / "out", ExportRequest(format="csv"))
    archive.db.conn.set_authorizer(None)
    assert ("list_items", None) in named
    assert not {first for first, by in named if by is None} & {"headlines", "placements"}
