"""Exports: whole, in one order, the same each time, and nothing in them that should not leave."""

import csv
import gzip
import hashlib
import io
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import (
    Archive,
    ArchiveError,
    ExportFormat,
    ExportReport,
    ExportRequest,
    QueryError,
    Selection,
    import_paths,
)
from archive.exporting import export
from archive.exporting.tables import guarded, unguarded
from archive.exporting.warc import write_warc
from extractors import OptOut
from tests.archive.looks import START, URL, bare, derived, look, read

OTHER = "https://paper.example/other"
SECRET = "https://paper.example/secret"
FORMATS: tuple[ExportFormat, ...] = ("text", "jsonl", "csv")
HOSTILE = (
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "'quoted",
    "\tTab",
    "＝1",
    'line one\nline two, "three"\r\nfour',
    "nul\0inside",
    "right\u202eto\u2066left",
    "ends\u2028of\u2029lines\u0085here",
    "😀 कखग 市议会",
    "| cell | `code` <b>",
)


def fill(archive: Archive) -> None:
    """Two articles in three versions each, beside lists, and a failed day."""
    run = archive.start_run("test")
    for hour in range(3):
        archive.add(look(f"Text {hour} here.", hour=hour, title="A story", items=[f"Item{hour}", "Both"]), run)
        archive.add(look(f"Other {hour} there.", url=OTHER, hour=24 * hour), run)
    archive.add(bare("http-503", hour=24), run)
    archive.add(bare("timeout", url="https://paper.example/never", hour=48), run)


def opt_out(archive: Archive, value: str = "noai") -> None:
    seen = look("A secret text.", url=SECRET, items=["Beside"])
    archive.add(replace(seen, optouts=(OptOut(signal="meta-robots", value=value),)), archive.start_run("test"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "versions.jsonl").read_bytes().splitlines()]


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: unguarded(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def card_of(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / "card.json").read_bytes())
    return card


def jsonl(archive: Archive, folder: Path, **selection: Any) -> ExportReport:
    return archive.export(folder, ExportRequest(format="jsonl", selection=Selection(**selection)))


def urls(archive: Archive, folder: Path, query: str) -> list[tuple[str, int]]:
    jsonl(archive, folder, query=query)
    return [(line["url"], line["number"]) for line in lines_of(folder)]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_archive_gives_the_same_bytes(path: Path, tmp_path: Path, form: ExportFormat) -> None:
    with Archive(path, reader=read) as archive:
        fill(archive)
        opt_out(archive)
        first = archive.export(tmp_path / "one", ExportRequest(format=form))
    with Archive(path, read_only=True) as archive:
        second = archive.export(tmp_path / "two", ExportRequest(format=form))
    files = files_of(tmp_path / "one")
    assert files == files_of(tmp_path / "two")
    assert replace(first, path=second.path) == second
    assert (first.files, first.bytes) == (len(files), sum(map(len, files.values())))
    assert (first.articles, first.versions) == (2, 6)
    checked = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path / "two", capture_output=True)
    assert checked.returncode == 0
    assert len(checked.stdout.splitlines()) == len(files) - 1
    told = b"".join(files.values()).decode()
    assert str(tmp_path) not in told
    assert os.uname().nodename not in told
    assert not re.search(rf"\b{datetime.now(UTC):%Y-%m-%d}", told)


def test_the_order_does_not_depend_on_when_things_came(path: Path, tmp_path: Path) -> None:
    looks = [look(f"Text {hour}.", url=url, hour=hour) for hour in range(3) for url in (URL, OTHER)]
    for name, order in (("a", looks), ("b", looks[::-1])):
        with Archive(tmp_path / f"{name}.db", reader=read) as archive:
            run = archive.start_run("test")
            for one in order:
                archive.add(one, run)
            jsonl(archive, tmp_path / name)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    assert [(one["url"], one["number"]) for one in lines_of(tmp_path / "a")] == [
        (url, number) for url in (OTHER, URL) for number in (1, 2, 3)
    ]


def test_text_files_are_named_by_their_digest_and_import_again(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest(format="text"))
    for part, suffix in (("clean", "txt"), ("raw", "html")):
        folder = tmp_path / "out" / part
        rows = table_of(folder / "urls.csv")
        names = sorted(path.name for path in folder.iterdir() if path.name != "urls.csv")
        assert names == [row["file"] for row in rows]
        assert [name[:4] for name in names] == [f"{number:03}_" for number in range(6)]
        for row in rows:
            digest = hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest()
            assert row["file"][4:] == f"{digest[:16]}.{suffix}"
            assert row["sha256"] == digest
    with Archive(tmp_path / "again.db", reader=read) as again:
        report = import_paths(again, [tmp_path / "out" / "raw"])
        assert report.problems == ()
        assert {one.url for one in again.articles()} == {URL, OTHER}
        for url in (URL, OTHER):
            assert {one.text_key for one in again.versions(url)} == {one.text_key for one in archive.versions(url)}


def test_bodies_can_stay_at_home(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest(format="text", raw=False))
    assert not (tmp_path / "out" / "raw").exists()
    assert card_of(tmp_path / "out")["raw"] is False
    with pytest.raises(ArchiveError, match="text alone"):
        archive.export(tmp_path / "no", ExportRequest(format="csv", raw=False))


def test_a_body_in_any_encoding_leaves_as_it_came(archive: Archive, tmp_path: Path) -> None:
    run = archive.start_run("test")
    bodies = (b"\xff\xfe\x00\xd8", b"caf\xe9 \x80\x81", bytes(range(256)))
    for hour, (body, media) in enumerate(zip(bodies, ("text/html", "image/png", "text/plain"), strict=True)):
        seen = look(f"Text {hour}.", hour=hour)
        assert seen.page is not None
        archive.add(replace(seen, page=replace(seen.page, body=body, media_type=media)), run)
    archive.export(tmp_path / "out", ExportRequest(format="text"))
    found = sorted(path for path in (tmp_path / "out" / "raw").iterdir() if path.name != "urls.csv")
    assert [path.suffix for path in found] == [".html", ".bin", ".txt"]
    assert [path.read_bytes() for path in found] == list(bodies)


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


@pytest.mark.parametrize("form", FORMATS)
def test_opted_out_articles_stay_unless_asked_for(archive: Archive, tmp_path: Path, form: ExportFormat) -> None:
    fill(archive)
    opt_out(archive)
    report = archive.export(tmp_path / "out", ExportRequest(format=form))
    assert (report.articles, report.opted_out) == (2, 1)
    assert card_of(tmp_path / "out")["left_out"]["opted_out"] == 1
    told = b"".join(files_of(tmp_path / "out").values())
    assert b"secret" not in told
    assert b"Beside" not in told
    everything = ExportRequest(format=form, selection=Selection(opted_out=True))
    report = archive.export(tmp_path / "all", everything)
    assert (report.articles, report.opted_out) == (3, 0)
    assert b"A secret text." in b"".join(files_of(tmp_path / "all").values())


@pytest.mark.parametrize(
    ("value", "kept"), [("googlebot: noarchive", 3), ("googlebot-news: noindex", 3), ("presskeep: noarchive", 2)]
)
def test_a_wish_to_a_search_engine_keeps_nothing_at_home(
    archive: Archive, tmp_path: Path, value: str, kept: int
) -> None:
    fill(archive)
    opt_out(archive, value)
    assert archive.export(tmp_path / "out", ExportRequest(format="jsonl")).articles == kept
    archive.export(tmp_path / "warc", ExportRequest(format="warc"))
    packed = b"".join(path.read_bytes() for path in sorted((tmp_path / "warc").glob("*.warc.gz")))
    assert (b"A secret text." in gzip.decompress(packed)) == (kept == 3)
    assert archive.publish(tmp_path / "out.db").articles_left_out == 3 - kept


def test_an_opted_out_article_is_marked(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    opt_out(archive)
    jsonl(archive, tmp_path / "out", opted_out=True)
    assert {one["url"] for one in lines_of(tmp_path / "out") if one["opted_out"]} == {SECRET}


def test_what_was_forgotten_is_counted_and_not_exported(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.forget(archive.versions(URL)[1].raw_key, "Quarrel")
    for form in FORMATS:
        report = archive.export(tmp_path / form, ExportRequest(format=form))
        assert (report.versions, report.removed) == (5, 1)
        told = b"".join(files_of(tmp_path / form).values())
        assert b"Text 1 here" not in told
        assert b"Quarrel" not in told
    assert jsonl(archive, tmp_path / "other", query=f"SELECT '{OTHER}' AS url").removed == 0
    assert jsonl(archive, tmp_path / "story", query=f"SELECT '{URL}' AS url").removed == 1


def test_a_takedown_that_was_noted_but_not_carried_out_holds_too(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    key = archive.versions(URL)[0].raw_key
    archive.db.execute("INSERT INTO removals SELECT key, sha256, 'asked', '2026-11-02' FROM raws WHERE key = ?", (key,))
    archive.export(tmp_path / "out", ExportRequest(format="text"))
    assert b"Text 0 here" not in b"".join(files_of(tmp_path / "out").values())


def test_a_damaged_body_costs_itself_alone(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    key = archive.versions(OTHER)[2].raw_key
    archive.db.execute("UPDATE raw_bodies SET body = x'00' WHERE key = ?", (key,))
    report = archive.export(tmp_path / "out", ExportRequest(format="text"))
    assert report.damaged == 1
    assert card_of(tmp_path / "out")["left_out"]["damaged"] == [key]
    assert len(list((tmp_path / "out" / "clean").glob("*.txt"))) == 6
    assert len(list((tmp_path / "out" / "raw").glob("*.html"))) == 5


def test_site_and_time_choose_versions(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.add(replace(look("Elsewhere.", url="https://b.example/x"), site="b"), archive.start_run("test"))
    assert jsonl(archive, tmp_path / "site", site="b").versions == 1
    with pytest.raises(ArchiveError, match="'nosuch' is no site of this archive; it has b, paper"):
        jsonl(archive, tmp_path / "no", site="nosuch")
    day = START + timedelta(hours=24)
    report = archive.export(tmp_path / "day", ExportRequest(format="csv", selection=Selection(since=day)))
    assert (report.articles, report.versions) == (1, 2)
    assert table_of(tmp_path / "day" / "list_items.csv") == []
    assert {row["at"][:10] for row in table_of(tmp_path / "day" / "events.csv")} == {"2026-11-02", "2026-11-03"}
    assert jsonl(archive, tmp_path / "before", until=day).versions == 5
    assert jsonl(archive, tmp_path / "between", since=day, until=day + timedelta(hours=1)).versions == 1
    with pytest.raises(ArchiveError, match="not included"):
        jsonl(archive, tmp_path / "none", since=day, until=day)


def test_a_query_chooses_by_the_name_of_its_column(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    text_key = archive.versions(URL)[1].text_key
    whole = [(URL, number) for number in (1, 2, 3)]
    assert urls(archive, tmp_path / "1", "SELECT url FROM articles WHERE title = 'A story'") == whole
    assert urls(archive, tmp_path / "2", "SELECT id AS article FROM articles WHERE url LIKE '%story'") == whole
    assert urls(archive, tmp_path / "3", f"SELECT '{text_key}' AS text_key") == [(URL, 2)]
    assert urls(archive, tmp_path / "4", "SELECT article FROM events UNION SELECT NULL; -- done") == [
        *((OTHER, number) for number in (1, 2, 3)),
        *whole,
    ]
    search = "WITH found AS (SELECT rowid FROM texts_fts WHERE texts_fts MATCH 'there') SELECT t.key AS text_key "
    search += "FROM found JOIN texts t ON t.id = found.rowid"
    assert urls(archive, tmp_path / "5", search) == [(OTHER, number) for number in (1, 2, 3)]
    report = jsonl(archive, tmp_path / "6", query=f"SELECT '{URL}' AS url UNION SELECT 'https://no.example/'")
    assert (report.versions, report.unmatched) == (3, 1)


def test_a_query_may_name_a_url_that_led_to_the_article(archive: Archive, tmp_path: Path) -> None:
    asked = "https://paper.example/short"
    archive.add(look("Moved text.", url=asked, final_url=URL), archive.start_run("test"))
    assert urls(archive, tmp_path / "out", f"SELECT url FROM fetches WHERE url = '{asked}'") == [(URL, 1)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("DELETE FROM sites", "may only read"),
        ("UPDATE articles SET title = '' RETURNING url", "may only read"),
        ("INSERT INTO sites VALUES ('x', 'y') RETURNING name AS url", "may only read"),
        ("WITH x AS (SELECT 1) DELETE FROM sites", "may only read"),
        ("CREATE TEMP TABLE t(url)", "may only read"),
        ("DROP TABLE temp.export_opted", "may only read"),
        ("PRAGMA user_version = 9", "may only read"),
        ("PRAGMA writable_schema = ON", "may only read"),
        ("SELECT name AS url FROM pragma_table_list", "may only read"),
        ("ATTACH 'x.db' AS x", "may only read"),
        ("VACUUM INTO 'x.db'", "cannot VACUUM|may only read"),
        ("BEGIN", "may only read"),
        ("COMMIT", "may only read"),
        ("SAVEPOINT x", "may only read"),
        ("SELECT load_extension('x') AS url", "may only read"),
        ("SELECT url FROM articles; SELECT url FROM articles", "more than one statement"),
        ("SELECT url FROM articles; DROP TABLE articles", "more than one statement"),
        ("SELECT id FROM articles", "its columns are id"),
        ("SELECT url, site FROM articles", "its columns are url, site"),
        ("SELECT * FROM articles", "its columns are id, key"),
        ("VALUES ('https://paper.example/story')", "its columns are column1"),
        ("EXPLAIN SELECT url FROM articles", "its columns are addr"),
        ("", "gives no rows"),
        ("-- nothing", "gives no rows"),
        ("SELECT url FROM nosuch", "no such table"),
        ("SELEC url", "syntax error"),
        ("SELECT url FROM articles WHERE url = ?", "binding"),
        ("SELECT url\0 FROM articles", "null|embedded|query"),
    ],
)
def test_a_query_that_cannot_be_used_changes_nothing(archive: Archive, tmp_path: Path, query: str, found: str) -> None:
    fill(archive)
    before = list(archive.db.conn.iterdump())
    with pytest.raises(QueryError, match=found):
        jsonl(archive, tmp_path / "out", query=query)
    assert list(archive.db.conn.iterdump()) == before
    assert archive.db.execute("SELECT count(*) FROM sqlite_temp_master").fetchone() == (0,)
    assert [path.name for path in tmp_path.iterdir() if "archive.db" not in path.name] == []
    archive.add(look("It can still be written."), archive.start_run("test"))


def test_a_query_that_does_not_end_is_ended(archive: Archive, tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(url) AS (SELECT 1 UNION ALL SELECT url + 1 FROM n) SELECT url FROM n WHERE url < 0"
    request = ExportRequest(format="jsonl", selection=Selection(query=endless), query_seconds=0.05)
    with pytest.raises(QueryError, match=r"more than 0\.05 seconds"):
        archive.export(tmp_path / "out", request)


def test_the_card_tells_what_is_missing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    opt_out(archive)
    query = "SELECT url FROM articles -- ``` and | pipes"
    jsonl(archive, tmp_path / "out", site="paper", query=query)
    card = card_of(tmp_path / "out")
    assert card["selection"] == {"site": "paper", "since": None, "until": None, "query": query, "opted_out": False}
    assert card["by_site"] == [{"site": "paper", "articles": 2, "versions": 6}]
    assert card["by_day"] == [
        {"day": "2026-11-01", "site": "paper", "versions": 4},
        {"day": "2026-11-02", "site": "paper", "versions": 1},
        {"day": "2026-11-03", "site": "paper", "versions": 1},
    ]
    assert card["rules"] == [{"rules": "fake/1", "versions": 6}]
    assert card["gaps"] == [
        {"day": "2026-11-02", "site": "paper", "outcome": "http-503", "looks": 1},
        {"day": "2026-11-03", "site": "paper", "outcome": "timeout", "looks": 1},
    ]
    readme = (tmp_path / "out" / "README.md").read_text("utf-8")
    for said in ("| 2026-11-02 | paper | http-503 | 1 |", f"````sql\n{query}\n````", "belong to their publishers"):
        assert said in readme
    assert "sha256sum -c SHA256SUMS" in readme


def test_a_hostile_name_stays_in_its_cell(archive: Archive, tmp_path: Path) -> None:
    archive.add(replace(look(), site="a|b\n# <x>\u202e"), archive.start_run("test"))
    jsonl(archive, tmp_path / "out")
    assert "| a\\|b # \\<x\\>  | 1 | 1 |" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_an_empty_archive_gives_an_export_of_nothing(archive: Archive, tmp_path: Path) -> None:
    for form in FORMATS:
        report = archive.export(tmp_path / form, ExportRequest(format=form))
        assert (report.versions, report.articles) == (0, 0)
        assert (tmp_path / form / "README.md").exists()


def test_a_folder_with_something_in_it_is_refused(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    out = tmp_path / "out"
    out.mkdir()
    jsonl(archive, out)
    before = files_of(out)
    with pytest.raises(ArchiveError, match=r"not empty.*--force"):
        jsonl(archive, out)
    again = ExportRequest(format="jsonl", force=True)
    archive.add(look("Text 9 here.", hour=90), archive.start_run("test"))
    assert archive.export(out, again).versions == 7
    assert files_of(out) != before
    with pytest.raises(ArchiveError, match="another 'selection'"):
        archive.export(out, replace(again, selection=Selection(site="paper")))
    with pytest.raises(ArchiveError, match="another 'format'"):
        archive.export(out, replace(again, format="csv"))
    (out / "notes.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"notes\.txt is not part of the export"):
        archive.export(out, again)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="no whole export of presskeep"):
        archive.export(tmp_path / "mine", again)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ArchiveError, match="is a file"):
        jsonl(archive, tmp_path / "file")
    with pytest.raises(ArchiveError, match="is no folder"):
        jsonl(archive, tmp_path / "nowhere" / "out")
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_interrupted_export_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)

    def stop(done: int, every: int) -> None:
        assert every == 6
        if done == 4:
            raise KeyboardInterrupt

    before = sorted(path.name for path in tmp_path.iterdir())
    for form in FORMATS:
        with pytest.raises(KeyboardInterrupt):
            archive.export(tmp_path / "out", ExportRequest(format=form), on_progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_disk_error_names_the_file(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    place = tmp_path / "out"

    def full(done: int, every: int) -> None:
        (part,) = tmp_path.glob(".out.*.part")
        with_number = next(part.glob("clean/000_*"))
        with_number.rename(part / "clean" / "moved")
        (part / "raw").rename(part / "elsewhere")
        (part / "raw").write_text("in the way")

    with pytest.raises(ArchiveError, match=re.escape(str(place / "raw" / "001_")) + ".*cannot be written"):
        archive.export(place, ExportRequest(format="text"), on_progress=full)
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize(
    ("form", "name"), [("jsonl", "versions.jsonl"), ("csv", "versions.csv"), ("text", r"clean/000_[0-9a-f]{16}\.txt")]
)
def test_a_full_disk_names_the_file(archive: Archive, tmp_path: Path, form: ExportFormat, name: str) -> None:
    archive.add(look("Many words. " * 20_000), archive.start_run("test"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, limits[1]))
    try:
        with pytest.raises(ArchiveError, match=rf"out/{name} cannot be written \(File too large\); check"):
            archive.export(tmp_path / "out", ExportRequest(format=form))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.glob("*out*"))


def test_a_crawl_that_goes_on_does_not_show(path: Path, tmp_path: Path) -> None:
    with Archive(path, reader=read) as writer:
        fill(writer)
        run = writer.start_run("test")
        added: list[int] = []

        def more(done: int, _every: int) -> None:
            writer.add(look(f"Added {done}.", url=f"https://paper.example/more{done}", hour=done), run)
            added.append(done)

        with Archive(path, read_only=True) as reader:
            report = reader.export(tmp_path / "out", ExportRequest(format="csv"), on_progress=more)
            assert (report.versions, added) == (6, [1, 2, 3, 4, 5, 6])
            assert len(table_of(tmp_path / "out" / "articles.csv")) == 2
            assert jsonl(reader, tmp_path / "later").versions == 12


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of looks that the WARC writer was given."""
    given: list[int] = []

    def spy(db: Database, read_body: Callable[[str], bytes], path: Path, fetches: Iterable[int], software: str) -> int:
        given.extend(fetches)
        return write_warc(db, read_body, path, given, software)

    monkeypatch.setattr(export, "write_warc", spy)
    return given


def test_warc_gets_every_look_in_order(archive: Archive, tmp_path: Path, handed: list[int]) -> None:
    fill(archive)
    report = archive.export(tmp_path / "out", ExportRequest(format="warc"))
    order = archive.db.execute("SELECT id FROM fetches ORDER BY started_at, run, seq").fetchall()
    assert handed == [row[0] for row in order]
    assert len(order) == 8
    assert report.records == card_of(tmp_path / "out")["records"] > 8
    with Archive(tmp_path / "again.db", reader=read) as again:
        report = import_paths(again, [tmp_path / "out" / "looks.warc.gz"])
        assert (dict(report.new)["fetches"], report.problems) == (8, ())
        assert derived(again) == derived(archive)


def test_warc_gets_the_chosen_looks_and_the_failures_of_their_urls(
    archive: Archive, tmp_path: Path, handed: list[int]
) -> None:
    fill(archive)
    chosen = Selection(query=f"SELECT '{URL}' AS url")
    archive.export(tmp_path / "out", ExportRequest(format="warc", selection=chosen))
    looks = [(one.fetch, one.outcome) for one in archive.looks(URL)]
    assert handed == [fetch for fetch, _ in looks]
    assert looks[-1][1] == "http-503"
    handed.clear()
    archive.export(
        tmp_path / "late", ExportRequest(format="warc", selection=replace(chosen, since=START + timedelta(hours=2)))
    )
    assert handed == [fetch for fetch, _ in looks[2:]]


def test_warc_leaves_opted_out_pages_at_home(archive: Archive, tmp_path: Path, handed: list[int]) -> None:
    fill(archive)
    opt_out(archive)
    run = archive.start_run("test")
    archive.add(bare("http-404", url=SECRET, hour=9), run)
    silent = look(None, url="https://paper.example/silent", hour=9)
    archive.add(replace(silent, optouts=(OptOut(signal="x-robots-tag", value="noarchive"),)), run)
    archive.export(tmp_path / "out", ExportRequest(format="warc"))
    assert len(handed) == 8
    handed.clear()
    archive.export(tmp_path / "all", ExportRequest(format="warc", selection=Selection(opted_out=True)))
    assert len(handed) == 11


def test_memory_stays_flat(path: Path, tmp_path: Path) -> None:
    """Peak Python memory for 4,000 versions of 10 kB is far below their 40 MB."""
    with Archive(path, reader=read) as archive:
        run = archive.start_run("test")
        archive.add(look("x"), run)
        with archive.atomic():
            archive.db.execute("DROP TRIGGER texts_fts_insert")
            rows = [(f"{number:016x}", "0" * 64, "t", "word " * 2000, 2000) for number in range(4000)]
            archive.db.conn.executemany(
                "INSERT INTO texts(key, sha256, title, text, words) VALUES (?, ?, ?, ?, ?)", rows
            )
            archive.db.execute(
                "INSERT INTO versions SELECT t.id + 10, v.article, t.id + 10, t.key, v.raw_key, v.first_seen, "
                "v.last_seen, 1, 0, 0, '[]', v.rules, '' FROM texts t, versions v WHERE v.number = 1 AND t.words = 2000"
            )
        for form in ("jsonl", "csv"):
            tracemalloc.start()
            report = archive.export(tmp_path / form, ExportRequest(format=form))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert report.versions == 4001
            assert peak < 4_000_000


def test_an_unknown_format_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="'xml' is no format; use one of text, jsonl"):
        archive.export(tmp_path / "out", ExportRequest(format="xml"))  # type: ignore[arg-type]


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


def test_an_exported_folder_imported_again_invents_no_edit(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest())
    before = derived(archive)
    for folder in ("clean", "raw"):
        report = import_paths(archive, [tmp_path / "out" / folder])
        assert (dict(report.new)["fetches"], report.problems) == (0, ())
    assert derived(archive) == before


def test_times_in_a_list_of_urls_are_those_of_the_looks(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>Words.</p>")
    (tmp_path / "urls.csv").write_text(f"file,url,first_seen\na.html,{URL},2020-02-03T04:05:06Z\n")
    assert import_paths(archive, [tmp_path]).problems == ()
    assert [look.started_at for look in archive.looks(URL)] == [datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)]
    (tmp_path / "urls.csv").write_text(f"file,url,first_seen\na.html,{URL},yesterday\n")
    (problem,) = import_paths(archive, [tmp_path]).problems
    assert "first_seen of a.html is 'yesterday'" in problem.found
