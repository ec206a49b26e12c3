"""Published copies: what must not be in them is searched for in their bytes."""

import json
import platform
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, Discovery
from archive.announced import COMPUTED
from archive.publish import _COLUMNS, _ROWS, _tables
from extractors import OptOut
from tests.archive.looks import URL, bare, look, read

WISHED = "https://paper.example/wished-for-quiet"
FORGOTTEN = "https://paper.example/forgotten-affair"
SECRETS = {
    "machine": b"secret-machine",
    "config digest": b"deadbeefcafe",
    "cookie": b"session-cookie",
    "address": b"192.0.2.77",
    "etag": b"tracking-etag",
    "file name": b"leaked-name.txt",
    "final url": b"token=hush",
    "frontier": b"frontier-only",
    "hosts": b"robots-of-host",
    "opted-out title": b"Quietude",
    "opted-out text": b"zugzwang",
    "opted-out item": b"onlytherepromoted",
    "opted-out url": b"wished-for-quiet",
    "forgotten text": b"quixotry",
    "forgotten url": b"forgotten-affair",
    "reason": b"court-order-17",
}
"""What the archive of these tests holds, and no published copy of it may hold."""


@pytest.fixture
def kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with secrets of every kind, an opted-out and a forgotten article, and one that may be shown."""
    monkeypatch.setattr(platform, "node", lambda: "secret-machine")
    headers = [["Content-Type", "text/html"], ["Set-Cookie", "session-cookie=1"], ["X-Backend", "192.0.2.77"]]
    with Archive(path, reader=read, software="presskeep/test") as archive:
        run = archive.start_run("crawl", config_digest="deadbeefcafe")
        for hour, text in enumerate(("One two three. " + "word " * 300, "One two four. " + "word " * 300)):
            told = look(text, hour=hour, title="Shown", items=["bus", "wished-for-quiet", "forgotten-affair"])
            assert told.page is not None
            page = replace(told.page, headers=tuple((name, value) for name, value in headers))
            archive.add(replace(told, page=page, etag="tracking-etag", source="leaked-name.txt"), run)
        archive.add(replace(bare("timeout", hour=2), error="no answer from 192.0.2.77"), run)
        away = replace(bare("http-500", hour=3), final_url="https://paper.example/login?token=hush")
        archive.add(away, run)
        wished = look("A zugzwang is told.", url=WISHED, title="Quietude", items=["onlytherepromoted", "bus"])
        archive.add(replace(wished, optouts=(OptOut(signal="meta robots", value="noarchive"),)), run)
        archive.add(bare("not-modified", url=WISHED, hour=4), run)
        archive.add(look("A quixotry is told.", url=FORGOTTEN, title="Affair"), run)
        for url in (URL, WISHED, FORGOTTEN, f"{WISHED}?utm_source=rss"):
            found = Discovery(url=url, site="paper", kind="feed", found_in="https://paper.example/feed", published=None)
            archive.discover([found], run)
        archive.finish_run(run)
        archive.db.execute(
            "INSERT INTO frontier(url, key, site, kind, added_at, next_at) VALUES ('frontier-only', 'k', 'paper', "
            "'article', '2026', '2026')"
        )
        archive.db.execute("INSERT INTO hosts(host, robots_body) VALUES ('robots-of-host', 'robots-of-host')")
        archive.forget(FORGOTTEN, "court-order-17")
    return path


def publish(kept: Path, out: Path, *, raws: bool = False, opted_out: bool = False, replace: bool = False) -> None:
    with Archive(kept, read_only=True, reader=read) as archive:
        archive.publish(out, raws=raws, opted_out=opted_out, replace=replace)


@pytest.fixture
def out(kept: Path, tmp_path: Path) -> Path:
    made = tmp_path / "public.db"
    publish(kept, made)
    return made


def test_the_archive_of_these_tests_holds_every_secret(kept: Path) -> None:
    held = kept.read_bytes()
    gone = {"forgotten text"}  # which `forget` has taken out already; bodies are compressed, texts are not
    assert {name for name, secret in SECRETS.items() if secret not in held} == gone


def test_no_secret_is_in_the_copy(out: Path) -> None:
    held = out.read_bytes()
    assert {name for name, secret in SECRETS.items() if secret.lower() in held.lower()} == set()
    assert b"One two four." in held


def test_no_secret_is_in_the_index_or_in_a_body(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "public.db"
    publish(kept, out, raws=True)
    with Archive(out, read_only=True, reader=read) as archive:
        for word in ("zugzwang", "quietude", "quixotry", "onlytherepromoted"):
            assert archive.search(word, where="both") == []
        keys = [row[0] for row in archive.db.execute("SELECT key FROM raw_bodies")]
        bodies = b"".join(archive.raw(key) for key in keys)
    assert len(keys) == 2
    assert b"zugzwang" not in bodies
    assert b"session-cookie" not in bodies


def test_the_copy_opens_and_shows_what_may_be_shown(kept: Path, out: Path) -> None:
    with Archive(kept, read_only=True) as before, Archive(out, read_only=True) as after:
        assert after.versions(URL) == before.versions(URL)
        assert [row.url for row in after.articles()] == [URL]
        assert [item.title for item in after.lists(URL)] == ["bus"]
        assert [look.outcome for look in after.looks(URL)] == [look.outcome for look in before.looks(URL)]
        assert [hit.article for hit in after.search("four")] == [URL]
        assert after.stats().outcomes == (("changed", 1), ("http-500", 1), ("new", 1), ("timeout", 1))
        record = json.loads(after.db.execute("SELECT record FROM fetches WHERE outcome = 'new'").fetchone()[0])
        assert record == {"headers": [["Content-Type", "text/html"]]}


def test_opted_out_articles_are_there_when_asked_for(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "public.db"
    publish(kept, out, opted_out=True)
    with Archive(out, read_only=True) as archive:
        assert {row.url for row in archive.articles()} == {URL, WISHED}
        assert [item.title for item in archive.lists(URL)] == ["bus", "wished-for-quiet"]
        assert archive.db.execute("SELECT count(*) FROM optouts").fetchone()[0] == 1
    assert b"quixotry" not in out.read_bytes()
    assert b"forgotten-affair" not in out.read_bytes()


def test_bodies_are_there_when_asked_for_and_all_their_digests_always(kept: Path, out: Path, tmp_path: Path) -> None:
    with_bodies = tmp_path / "bodies.db"
    publish(kept, with_bodies, raws=True)
    with Archive(kept, read_only=True) as before, Archive(with_bodies, read_only=True) as after:
        for version in before.versions(URL):
            assert after.raw(version.raw_key) == before.raw(version.raw_key)
    with Archive(out, read_only=True) as archive:
        assert archive.db.execute("SELECT count(*) FROM raw_bodies").fetchone()[0] == 0
        assert archive.db.execute("SELECT count(*), sum(stored_size) FROM raws").fetchone() == (2, 0)


@pytest.mark.parametrize("raws", [False, True])
def test_verify_says_that_it_is_a_published_copy(kept: Path, tmp_path: Path, raws: bool) -> None:
    out = tmp_path / "public.db"
    publish(kept, out, raws=raws)
    with Archive(out, read_only=True, reader=read) as archive:
        report = archive.verify()
    assert [problem.kind for problem in report.problems] == ["published copy"]
    assert ("no bodies" in report.problems[0].where) is not raws
    assert report.ok


def test_verify_still_finds_damage_in_a_published_copy(out: Path) -> None:
    with closing(sqlite3.connect(out)) as db:
        db.execute("UPDATE texts SET text = 'forged'")
        db.commit()
    with Archive(out, read_only=True, reader=read) as archive:
        assert not archive.verify().ok


def test_a_copy_is_neither_written_nor_merged_nor_published_again(out: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is a published copy"):
        Archive(out)
    with Archive(tmp_path / "all.db", reader=read) as archive, pytest.raises(ArchiveError, match="is a published copy"):
        archive.merge([out])
    with Archive(out, read_only=True) as archive, pytest.raises(ArchiveError, match="is a published copy"):
        archive.publish(tmp_path / "again.db")


def test_the_guards_stand_again(out: Path) -> None:
    with closing(sqlite3.connect(out)) as db:
        for sql in (
            "DELETE FROM fetches",
            "UPDATE runs SET machine = 'x'",
            "INSERT OR REPLACE INTO raws SELECT * FROM raws",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="holds facts"):
                db.execute(sql)


def test_the_copy_suits_serving_it_as_immutable(out: Path) -> None:
    assert not out.with_name("public.db-wal").exists()
    with closing(sqlite3.connect(f"file:{out}?immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] != "wal"
        assert db.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] > 0
        assert db.execute("PRAGMA freelist_count").fetchone()[0] == 0


def test_a_file_that_exists_is_replaced_only_when_told(kept: Path, out: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="exists"):
        publish(kept, out)
    publish(kept, out, opted_out=True, replace=True)
    assert b"zugzwang" in out.read_bytes()
    for wrong in (kept, tmp_path, tmp_path / "absent" / "public.db"):
        with pytest.raises(ArchiveError):
            publish(kept, wrong, replace=True)
    assert not list(tmp_path.glob("*.pa*"))


def test_a_failure_leaves_neither_a_part_nor_a_trace(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "public.db"
    monkeypatch.setitem(_ROWS, "texts", "no_such_column")
    with Archive(kept, read_only=True) as archive:
        with pytest.raises(ArchiveError, match="cannot be written"):
            archive.publish(out)
        monkeypatch.undo()
        archive.publish(out)
    assert [file.name for file in tmp_path.glob("public.db*")] == ["public.db"]


def test_the_roll_up_of_a_copy_counts_what_it_holds(kept: Path, tmp_path: Path) -> None:
    publish(kept, tmp_path / "public.db")
    with Archive(tmp_path / "public.db", read_only=True, reader=read) as archive:
        days = list(archive.coverage())
        assert [(day.day, day.expected, day.archived) for day in days] == [(archive.now().date().isoformat(), 1, 1)]
        for table, computed in COMPUTED.items():
            assert archive.db.execute(f"SELECT * FROM {table}").fetchall() == archive.db.execute(computed).fetchall()
        assert archive.verify().ok


def test_every_table_and_column_of_the_schema_was_considered(kept: Path) -> None:
    """A new table stays empty in copies, and a new column of these tables too, until they are named in publish.py."""
    with Archive(kept, read_only=True) as archive:
        assert set(_tables(archive.db)) <= set(_ROWS)
        for table, columns in _COLUMNS.items():
            assert {row[1] for row in archive.db.execute(f"PRAGMA table_info({table})")} == set(columns)
