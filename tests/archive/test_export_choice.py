"""What an export leaves out, and what a site, a time or a query chooses."""

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, ExportFormat, ExportRequest, QueryError, Selection
from tests.archive.exported import FORMATS, OTHER, SECRET, card_of, files_of, fill, jsonl, lines_of, opt_out, table_of
from tests.archive.looks import START, URL, look


def urls(archive: Archive, folder: Path, query: str) -> list[tuple[str, int]]:
    jsonl(archive, folder, query=query)
    return [(line["url"], line["number"]) for line in lines_of(folder)]


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
