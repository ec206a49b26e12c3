"""Damage of every sort is found and named, and nothing else is."""

import random
import shutil
import sqlite3
import tracemalloc
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, Discovery, VerifyReport
from extractors import Reading
from tests.archive.conftest import Clock
from tests.archive.looks import URL, bare, derived, look, page, read, read_in_capitals

OTHER = "https://paper.example/other"


def told(text: str, **more: object) -> dict[str, object]:
    """Keywords of a page whose body is long enough to be a base of deltas."""
    return {"text": text, "noise": "furniture of the page " * 40, **more}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two articles with deltas, lists, events, a 304, a failure and a feed; closed."""
    path = tmp_path_factory.mktemp("sound") / "archive.db"
    with Archive(path, clock=Clock(), reader=read) as archive:
        run = archive.start_run("crawl")
        archive.add(look(**told("One two three.", items=["first", "second"])), run)  # type: ignore[arg-type]
        archive.add(look(**told("One two four.", items=["second", "third"], hour=1)), run)  # type: ignore[arg-type]
        archive.add(bare("not-modified", hour=2), run)
        archive.add(bare("http-404", hour=3), run)
        archive.add(look(**told("Elsewhere it rains.", url=OTHER, hour=4)), run)  # type: ignore[arg-type]
        archive.discover([Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/feed")], run)
        archive.finish_run(run)
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copy(sound, tmp_path / "archive.db"))


def damage(path: Path, *statements: str) -> None:
    """Runs SQL as someone would who takes the guards away first."""
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        triggers = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            plain.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            plain.execute(statement)
        for _, sql in triggers:
            plain.execute(sql)


def check(path: Path, *, deep: bool = False) -> VerifyReport:
    with Archive(path, read_only=not deep, reader=read) as archive:
        return archive.verify(deep=deep)


@pytest.mark.parametrize("deep", [False, True])
def test_a_sound_archive_has_no_problem(path: Path, deep: bool) -> None:
    report = check(path, deep=deep)
    assert report.problems == ()
    assert report.ok
    checked = dict(report.checked)
    assert checked["raws"] == checked["texts"] == 3
    assert checked["fetches"] == 5
    assert checked["runs"] == 1
    assert checked.get("derived articles", 0) == (2 if deep else 0)


def test_verifying_changes_no_byte(path: Path) -> None:
    before = path.read_bytes()
    check(path)
    check(path, deep=True)
    assert path.read_bytes() == before


BASE = "(SELECT base_key FROM raws WHERE base_key IS NOT NULL)"
DAMAGES = {
    "a flipped byte": (
        "UPDATE raw_bodies SET body = CAST(substr(body, 1, length(body) - 4) || x'00112233' AS BLOB) "
        f"WHERE key NOT IN {BASE} AND key NOT IN (SELECT key FROM raws WHERE base_key IS NOT NULL)",
        "damaged body",
        "raws ",
    ),
    "a body of nothing": (f"UPDATE raw_bodies SET body = x'' WHERE key IN {BASE}", "damaged body", "raws "),
    "a lost base": (f"DELETE FROM raw_bodies WHERE key IN {BASE}", "damaged body", "the base of"),
    "a wrong size": ("UPDATE raws SET size = size + 1", "wrong size", "size says"),
    "a wrong stored size": ("UPDATE raws SET stored_size = 1", "wrong size", "stored_size says 1"),
    "a changed digest": (f"UPDATE raws SET sha256 = '{'0' * 64}' WHERE base_key IS NULL", "wrong key", "0000"),
    "a changed text": ("UPDATE texts SET text = 'One two five.' WHERE text LIKE '%four%'", "wrong text", "texts "),
    "a wrong word count": ("UPDATE texts SET words = 99", "wrong count", "not 99 words"),
    "a broken index": ("UPDATE texts_fts_data SET block = x'00' WHERE id > 10", "unreadable", "texts_fts"),
    "a lost index row": (
        "INSERT INTO texts_fts(texts_fts, rowid, title, text) SELECT 'delete', id, title, text FROM texts "
        "WHERE text LIKE '%rains%'",
        "wrong index",
        "the words of texts row 3",
    ),
    "an index row too many": (
        "INSERT INTO phrases_fts(rowid, text) VALUES (77, 'never printed')",
        "wrong index",
        "phrases row 77",
    ),
    "an orphan event": (
        "INSERT INTO events(article, at, kind, weight, detail) VALUES (99, '', 'body', 3, '{}')",
        "orphan row",
        "events row",
    ),
    "an orphan placement": (
        "DELETE FROM links WHERE title = (SELECT id FROM phrases WHERE text = 'third')",
        "orphan row",
        "placements: link",
    ),
    "an orphan look": ("DELETE FROM raws WHERE base_key IS NOT NULL", "orphan row", "fetches row 2: raw_key"),
    "a lost sighting": ("DELETE FROM sightings WHERE fetch = 4", "missing row", "look 4"),
    "all sightings lost": ("DELETE FROM sightings", "missing row", "look 1"),
    "a 304 of another page": ("UPDATE sightings SET page = 2, target = 2 WHERE fetch = 3", "wrong place", "look 3"),
    "a look at another article": ("UPDATE sightings SET target = 2 WHERE fetch = 2", "wrong place", "look 2"),
    "a look at another URL": ("UPDATE sightings SET asked = 2 WHERE fetch = 1", "wrong place", "look 1"),
    "a changed URL": ("UPDATE urls SET url = url || '/x' WHERE id = 1", "wrong place", "look 1"),
    "lost URLs": ("DELETE FROM urls", "orphan row", "sightings row 1: target"),
    "a changed URL of an article": ("UPDATE articles SET url = url || '/x' WHERE id = 1", "wrong key", "story/x"),
    "a wrong roll-up": ("UPDATE daily SET count = 7 WHERE outcome = 'changed'", "wrong count", "paper changed"),
    "a lost roll-up": ("DELETE FROM daily WHERE outcome = 'http-404'", "wrong count", "paper http-404"),
    "no root": ("UPDATE runs SET root = NULL", "wrong root", "has no root"),
    "a wrong root": (f"UPDATE runs SET root = '{'a' * 64}'", "wrong root", "runs "),
    "a changed look": ("UPDATE fetches SET status = 500 WHERE id = 4", "wrong root", "runs "),
    "a lost look": ("DELETE FROM fetches WHERE id = 4", "wrong root", "runs "),
    "a changed discovery": ("UPDATE discoveries SET published = '2020-01-01'", "wrong root", "runs "),
    "a lost version": ("DELETE FROM versions WHERE number = 2", "wrong count", URL),
    "a lost article": ("DELETE FROM articles WHERE id = 1", "orphan row", "versions row 1: article"),
    "a lost site": ("DELETE FROM sites", "orphan row", "fetches row 1: site refers to no row of sites"),
    "a wrong key": ("UPDATE articles SET key = substr(url, -16)", "wrong key", URL),
    "a value of no kind": ("UPDATE texts SET title = CAST(x'ff' AS TEXT) WHERE id = 1", "unreadable", "texts"),
}
LOST = {
    "a flipped byte",
    "a body of nothing",
    "a lost base",
    "a wrong size",
    "a changed digest",
    "an orphan look",
    "no root",
    "a wrong root",
    "a changed look",
    "a lost look",
    "a changed discovery",
    "a value of no kind",
}
"""Damage to facts, which only a copy can mend."""

DERIVED = {
    "a changed title": ("UPDATE articles SET title = 'Never said'", "articles"),
    "a changed event": ("UPDATE events SET detail = '{}' WHERE kind = 'body'", "events"),
    "a lost event": ("DELETE FROM events WHERE kind = 'body'", "events"),
    "a changed sighting": ("UPDATE sightings SET version = 1 WHERE fetch = 2", "sightings"),
    "a changed item": ("UPDATE placements SET sightings = 9", "list_items"),
    "changed times": ("UPDATE versions SET last_seen = first_seen", "versions"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_named(path: Path, name: str) -> None:
    statement, kind, where = DAMAGES[name]
    damage(path, statement)
    report = check(path)
    assert not report.ok
    found = [problem for problem in report.problems if problem.kind == kind and where in problem.where]
    assert found, report.problems
    assert all(problem.cure for problem in report.problems)


@pytest.mark.parametrize("name", [name for name in (*DAMAGES, *DERIVED) if name not in LOST])
def test_the_cures_that_are_named_heal(path: Path, name: str) -> None:
    """SQL as it stands, and reading all articles again; what was a fact comes from a copy only."""
    damage(path, {**DAMAGES, **DERIVED}[name][0])
    cures = [problem.cure for problem in check(path, deep=True).problems]
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        for cure in cures:
            plain.executescript("" if cure == "presskeep reextract" else cure.partition("; then presskeep")[0])
    with Archive(path, reader=read) as archive:
        archive.reextract()
    assert check(path, deep=True).problems == ()


def test_all_that_is_derived_comes_back(path: Path) -> None:
    """Looks that have lost their place too."""
    with Archive(path, reader=read) as archive:
        before = derived(archive)
    tables = (
        "events",
        "placements",
        "sightings",
        "versions",
        "articles",
        "texts",
        "links",
        "spots",
        "phrases",
        "labels",
        "urls",
    )
    damage(path, *(f"DELETE FROM {table}" for table in tables))
    with Archive(path, reader=read) as archive:
        archive.reextract()
        assert derived(archive) == before
    assert check(path, deep=True).problems == ()


@pytest.mark.parametrize(
    "name", ["trigger raws_no_delete", "index events_at", "view changes", "trigger texts_fts_update"]
)
def test_a_guard_that_was_taken_away_is_missed(path: Path, name: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute(f"DROP {name}")
        (problem,) = check(path).problems
        assert problem.kind == "wrong schema"
        assert problem.where == f"{name} is missing"
        plain.executescript(problem.cure)
    assert check(path).problems == ()


def test_a_guard_that_guards_nothing_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("DROP TRIGGER raws_no_delete")
        plain.execute("CREATE TRIGGER raws_no_delete BEFORE DELETE ON raws BEGIN SELECT 1; END")
        (problem,) = check(path).problems
        assert "trigger raws_no_delete is another one" in problem.where
        plain.executescript(problem.cure)
    assert check(path).problems == ()


def test_a_removed_body_that_is_still_there_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("INSERT INTO removals SELECT key, sha256, 'asked', '2026-11-22T00:00:00.000Z' FROM raws LIMIT 1")
        key = plain.execute("SELECT key FROM removals").fetchone()[0]
    (problem,) = check(path).problems
    assert problem.kind == "unfinished removal"
    assert problem.cure == f"presskeep forget {key} --reason TEXT"
    with Archive(path, reader=read) as archive:
        archive.forget(key, "asked")
    assert check(path, deep=True).problems == ()


@pytest.mark.parametrize("name", DERIVED)
def test_derived_rows_that_do_not_follow_are_found_by_looking_deep(path: Path, name: str) -> None:
    statement, part = DERIVED[name]
    damage(path, statement)
    assert check(path).ok
    report = check(path, deep=True)
    assert not report.ok
    assert any(one.kind == "wrong derivation" and part in one.where for one in report.problems), report.problems


def test_an_unused_text_is_found_by_looking_deep(path: Path) -> None:
    with Archive(path, reader=read) as archive:
        key = archive.save(
            page("A text of its own.", url=f"{URL}/2"), read(page("A text of its own.")).article
        ).text_key
    damage(path, f"DELETE FROM versions WHERE text_key = '{key}'")
    report = check(path, deep=True)
    assert any(one.kind == "unused row" and str(key) in one.where for one in report.problems)


def test_articles_with_a_damaged_body_are_reported_once(path: Path) -> None:
    damage(path, f"UPDATE raw_bodies SET body = x'' WHERE key IN {BASE}")
    assert {problem.kind for problem in check(path, deep=True).problems} == {"damaged body"}


def test_older_rules_are_no_damage(path: Path) -> None:
    with Archive(path, reader=read_in_capitals) as archive:
        report = archive.verify(deep=True)
    assert report.ok
    (problem,) = report.problems
    assert problem.kind == "older rules"
    assert problem.where == "2 articles read under fake/1"
    assert "reextract" in problem.cure


@pytest.mark.parametrize(("today", "kind"), [("fake/1", "wrong derivation"), ("fake/2", "older rules")])
def test_rules_are_those_of_the_page_that_answered(tmp_path: Path, today: str, kind: str) -> None:
    """A text that today's reader does not find any more, behind a redirect to a host with rules of its own."""
    answered = "https://www.paper.example/moved"
    path = tmp_path / "moved.db"
    with Archive(path, clock=Clock(), reader=read) as archive:
        archive.add(look(final_url=answered), archive.start_run("test"))

    def rules(url: str, _at: datetime | None, _media_type: str) -> str:
        return today if url == answered else "others/1"

    with Archive(path, clock=Clock(), reader=lambda _page: Reading(article=None), rules=rules) as archive:
        assert [one.kind for one in archive.verify(deep=True).problems] == [kind]


def test_pages_kept_unread_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "unread.db"
    with Archive(path, clock=Clock(), reader=read) as archive:
        archive.save(page(), None)
        assert archive.verify(deep=True).ok


def test_a_removed_body_is_no_damage(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        key, sha256 = plain.execute(
            f"SELECT key, sha256 FROM raws WHERE base_key IS NULL AND key NOT IN {BASE}"
        ).fetchone()
        plain.execute("INSERT INTO removals VALUES (?, ?, 'asked', '2026-11-22T00:00:00.000Z')", (key, sha256))
        plain.execute("DELETE FROM raw_bodies WHERE key = ?", (key,))
    assert check(path).problems == ()


def test_a_broken_page_of_the_file_is_reported(path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain:
        root = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'texts'").fetchone()[0]
        size = plain.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
    report = check(path)
    assert not report.ok
    assert {"damaged file", "unreadable"} & {problem.kind for problem in report.problems}


def test_problems_of_one_kind_are_listed_up_to_a_thousand(path: Path) -> None:
    damage(
        path,
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
        "INSERT INTO events(article, at, kind, weight, detail) SELECT 99, '', '', 0, '' FROM n",
    )
    problems = check(path).problems
    assert len(problems) == 1001
    assert problems[-1].where == "500 more of this kind"


def test_looking_deep_needs_an_archive_open_for_writing(path: Path) -> None:
    with Archive(path, read_only=True) as archive, pytest.raises(ArchiveError, match="read-only"):
        archive.verify(deep=True)


def test_a_crawl_goes_on_beside_a_verification(path: Path) -> None:
    with Archive(path, clock=Clock(), reader=read) as writer, Archive(path, read_only=True, reader=read) as reader:
        run = writer.start_run("crawl")
        steps: list[str] = []

        def seen(table: str, rows: int) -> None:
            writer.add(look(f"Text {len(steps)}.", hour=10 + len(steps)), run)
            steps.append(table)

        assert reader.verify(seen=seen).problems == ()
        assert len(steps) > 10


def test_progress_counts_what_was_checked(path: Path) -> None:
    told: dict[str, int] = {}
    with Archive(path, read_only=True, reader=read) as archive:
        report = archive.verify(seen=lambda table, rows: told.update({table: told.get(table, 0) + rows}))
    assert told == dict(report.checked)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Fifteen times the pages take about the memory of one."""
    dice = random.Random(7)
    peaks = []
    for number in (1, 15):
        path = tmp_path / f"{number}.db"
        with Archive(path, clock=Clock(), reader=read) as archive:
            for index in range(number):
                words = " ".join(f"{dice.getrandbits(20):x}" for _ in range(3000))
                found = page(words, url=f"{URL}/{index}", noise=dice.randbytes(100_000).hex())
                archive.save(found, read(found).article)
        with Archive(path, read_only=True, reader=read) as archive:
            tracemalloc.start()
            assert archive.verify().ok
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
