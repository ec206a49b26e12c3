"""The views headlines and coverage on real archives."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from archive import Archive, Discovery
from archive.announced import COMPUTED
from archive.views import VIEWS
from tests.archive.looks import START, bare, look

BASE = "https://paper.example/"
FEED = BASE + "feed.xml"


def announce(archive: Archive, run: str, name: str, published: str | None, *, kind: str = "feed") -> None:
    found = Discovery(url=BASE + name, site="paper", kind=kind, found_in=FEED, published=published)
    archive.discover([found], run)


def read_feed(archive: Archive, run: str, day: float, outcome: str = "same", error: str | None = None) -> None:
    seen = replace(bare(outcome, url=FEED, hour=24 * day), kind="feed", error=error)
    archive.add(seen, run)


def coverage(archive: Archive) -> dict[str, tuple[object, ...]]:
    sql = "SELECT day, expected, archived, failed, opted_out, waiting, state FROM coverage WHERE site = 'paper'"
    return {row[0]: tuple(row[1:]) for row in archive.db.execute(sql)}


def test_coverage_tells_what_became_of_what_was_announced(archive: Archive, run: str) -> None:
    read_feed(archive, run, 0)
    for name in ("good", "later", "bad", "forbidden", "waiting"):
        announce(archive, run, name, "2026-11-01T10:00:00.000Z")
    archive.add(look(url=BASE + "good"), run)
    archive.add(bare("http-500", url=BASE + "later"), run)
    archive.add(look(url=BASE + "later", hour=1), run)
    archive.add(bare("timeout", url=BASE + "bad"), run)
    archive.add(bare("robots", url=BASE + "forbidden"), run)
    assert coverage(archive) == {"2026-11-01": (5, 2, 1, 1, 1, "normal")}


def test_an_outage_is_told_from_a_quiet_day_and_from_one_without_a_crawl(archive: Archive, run: str) -> None:
    read_feed(archive, run, 0)
    announce(archive, run, "story", "2026-11-01")
    read_feed(archive, run, 1, "not-modified")
    read_feed(archive, run, 2, "timeout")
    read_feed(archive, run, 2.3, "changed", "holds no feed")
    read_feed(archive, run, 4, "timeout")
    read_feed(archive, run, 4.1, "new")
    states = {day: row[-1] for day, row in coverage(archive).items()}
    assert states == {
        "2026-11-01": "normal",
        "2026-11-02": "quiet",
        "2026-11-03": "outage",
        "2026-11-04": "unwatched",
        "2026-11-05": "quiet",
    }


def test_an_article_is_expected_once_on_the_day_of_its_first_stated_date(archive: Archive, run: str) -> None:
    announce(archive, run, "story", None)
    announce(archive, run, "story", "2026-10-31T23:00:00.000Z", kind="sitemap")
    announce(archive, run, "story", "2026-11-01T08:00:00.000Z")
    announce(archive, run, "undated", None)
    announce(archive, run, "elsewhere", "2026-10-30", kind="listing")
    found = {day: row[0] for day, row in coverage(archive).items()}
    assert found == {"2026-10-31": 1, START.date().isoformat(): 1}


def test_headlines_name_the_page_that_promoted_them_and_where_they_lead(archive: Archive, run: str) -> None:
    archive.add(look(items=["bus", "peat"]), run)
    archive.add(look(items=["bus"], hour=2), run)
    sql = "SELECT site, title, url, page, heading, kind, position, first_seen, last_seen, sightings FROM headlines"
    first, second = sorted(archive.db.execute(sql).fetchall(), key=lambda row: row[6])
    later = (START + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert first[:7] == ("paper", "bus", BASE + "bus", BASE + "story", "Recent", "recent", 1)
    assert first[8:] == (later, 2)
    assert (second[1], second[9]) == ("peat", 1)


def test_failures_are_read_by_index(archive: Archive) -> None:
    for sql in ("SELECT * FROM failures ORDER BY started_at DESC LIMIT 50", "SELECT count(*) FROM failures"):
        (step,) = [row[3] for row in archive.db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert "USING INDEX fetches_failures" in step


def test_coverage_scans_no_facts(archive: Archive) -> None:
    steps = [row[3] for row in archive.db.execute("EXPLAIN QUERY PLAN SELECT * FROM coverage ORDER BY day DESC")]
    assert not [step for step in steps if "fetches" in step or "discoveries" in step]


@pytest.mark.parametrize("seed", range(4))
def test_the_roll_up_follows_every_fact_whatever_comes_first(archive: Archive, run: str, seed: int) -> None:
    random = Random(seed)
    names = ["a", "b", "c"]
    for hour in range(40):
        match random.randrange(4):
            case 0:
                stated = random.choice([None, f"2026-11-0{random.randint(1, 4)}T10:00:00.000Z"])
                announce(archive, run, random.choice(names), stated, kind=random.choice(["feed", "sitemap", "listing"]))
            case 1:
                outcome = random.choice(["timeout", "robots", "digest-only", "not-html"])
                archive.add(bare(outcome, url=BASE + random.choice(names), hour=hour), run)
            case 2:
                archive.add(look(str(hour), url=BASE + random.choice(names), hour=hour), run)
            case _:
                read_feed(archive, run, hour / 24, random.choice(["same", "timeout"]), random.choice([None, "odd"]))
    for table, query in COMPUTED.items():
        kept = archive.db.execute(f"SELECT * FROM {table}").fetchall()
        kept = [row for row in kept if table == "announced" or row[2] + row[7]]
        assert sorted(kept) == sorted(archive.db.execute(query).fetchall())
        assert kept
    asked = list(archive.coverage())
    archive.db.execute("DROP VIEW coverage")
    assert list(archive.coverage()) == asked


@pytest.mark.parametrize(
    "damage", ["UPDATE announced SET fate = 3", "DELETE FROM announced", "UPDATE coverage_days SET source_looks = 7"]
)
def test_verify_finds_a_wrong_roll_up_and_its_cure_helps(archive: Archive, run: str, damage: str) -> None:
    read_feed(archive, run, 0)
    announce(archive, run, "story", "2026-11-01")
    archive.add(look(url=BASE + "story"), run)
    assert archive.verify().ok
    archive.db.execute(damage)
    problems = [one for one in archive.verify().problems if one.kind == "wrong count"]
    assert problems
    for statement in problems[0].cure.split("; "):
        archive.db.execute(statement)
    assert archive.verify().ok


def test_each_statement_makes_the_view_of_its_name() -> None:
    assert all(statement.startswith(f"CREATE VIEW {name} AS") for name, statement in VIEWS.items())
