"""Versions, events and sightings from looks; the same rows in whatever order they come."""

import json
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, Look, Outcome
from tests.archive.conftest import Clock
from tests.archive.looks import URL, bare, derived, look, page, read, read_in_capitals, settle

LONG = "The council met on Monday. It voted for the bridge. It will cost 1.5 million. Work begins in May."
CUT = "The council met on Monday. It voted for"


def add(archive: Archive, run: str, *looks: Look) -> list[str]:
    return [archive.add(one, run).outcome for one in looks]


def kinds(archive: Archive) -> list[str]:
    return [event.kind for event in archive.events()]


def test_first_same_and_changed(archive: Archive, run: str) -> None:
    outcomes = add(
        archive,
        run,
        look(noise="a"),
        look(noise="b", hour=1),
        look("One two four.", hour=2),
        look("One two four.", hour=3),
    )
    assert outcomes == ["new", "same", "changed", "same"]
    first, second = archive.versions(URL)
    assert (first.sightings, first.words_added, first.words_removed, first.kinds) == (2, 0, 0, ())
    assert (second.sightings, second.words_added, second.words_removed, second.kinds) == (2, 1, 1, ("body",))
    assert second.last_seen > second.first_seen
    assert archive.text(second.text_key).text == "One two four."


def test_moved_sidebar_is_a_sighting(archive: Archive, run: str) -> None:
    assert add(archive, run, look(items=["a", "b"]), look(items=["c", "a"], hour=1)) == ["new", "same"]
    items = {item.title: (item.position, item.sightings) for item in archive.lists(URL)}
    assert items == {"a": (1, 2), "b": (2, 1), "c": (1, 1)}
    assert kinds(archive) == []


def test_typography_is_cosmetic_once(archive: Archive, run: str) -> None:
    plain, curly = 'He said "no" - 1.5 times', "He said “no” – 1.5 times"
    assert add(archive, run, look(plain), look(curly, hour=1), look(curly, hour=2)) == ["new", "same", "same"]
    assert kinds(archive) == []  # hidden unless asked for
    (event,) = archive.events(kinds=("cosmetic",))
    detail = json.loads(event.detail)
    assert detail["before"] == archive.versions(URL)[0].text_key
    assert detail["after"] != detail["before"]


@pytest.mark.parametrize(("old", "new"), [("1.5 million", "15 million"), ("-5 degrees", "5 degrees"), ("5 %", "5")])
def test_numbers_are_substance(archive: Archive, run: str, old: str, new: str) -> None:
    assert add(archive, run, look(old), look(new, hour=1)) == ["new", "changed"]


def test_flip_flop_brings_the_old_key_back(archive: Archive, run: str) -> None:
    add(archive, run, look("One."), look("Two.", hour=1), look("One!", hour=2))
    first, _, third = archive.versions(URL)
    assert third.text_key == first.text_key
    assert third.kinds == ("body", "flip-flop")
    assert archive.db.execute("SELECT count(*) FROM texts").fetchone()[0] == 2


def test_headline_and_body_are_told_apart(archive: Archive, run: str) -> None:
    add(archive, run, look("One.", title="Old"), look("One.", title="New", hour=1), look("Two.", title="New", hour=2))
    assert [version.kinds for version in archive.versions(URL)] == [(), ("headline",), ("body",)]


def test_cut_text_leaves_the_fuller_one_current(archive: Archive, run: str) -> None:
    looks = [look(LONG), look(CUT, paywalled=True, hour=1), look(CUT + " …", hour=2), look(LONG, hour=3)]
    assert add(archive, run, *looks) == ["new", "same", "same", "same"]
    assert kinds(archive) == ["paywalled"]
    assert archive.article(URL).state == "live"
    assert archive.versions(URL)[0].sightings == 4


def test_shortened_text_that_nobody_calls_cut_is_an_edit(archive: Archive, run: str) -> None:
    assert add(archive, run, look(LONG), look(CUT, hour=1)) == ["new", "changed"]


def test_byline_is_an_event_without_a_version(archive: Archive, run: str) -> None:
    add(archive, run, look(authors=["Ann"]), look(authors=["Ann", "Bob"], hour=1), look(hour=2))
    (event,) = archive.events()
    assert (event.kind, json.loads(event.detail)) == ("byline", {"before": ["Ann"], "after": ["Ann", "Bob"]})
    assert archive.article(URL).authors == ("Ann", "Bob")
    assert archive.article(URL).version_count == 1


def test_removed_page_vanishes_once_and_returns(archive: Archive, run: str) -> None:
    add(archive, run, look(), bare("http-410", hour=1))
    assert (kinds(archive), archive.article(URL).state) == ([], "live")
    add(archive, run, bare("timeout", hour=2), bare("http-404", hour=3), bare("http-404", hour=4))
    assert archive.article(URL).state == "gone"
    (event,) = archive.events()
    assert json.loads(event.detail) == {"since": "2026-11-01T13:00:00.000Z"}
    add(archive, run, look(hour=5))
    assert kinds(archive) == ["vanished", "returned"]
    assert archive.article(URL).state == "live"


def test_look_that_is_told_twice_confirms_no_removal(archive: Archive, run: str) -> None:
    add(archive, run, look(), bare("http-404", hour=1), bare("http-404", hour=1))
    assert (kinds(archive), archive.article(URL).state) == ([], "live")
    add(archive, run, bare("http-404", hour=2))
    (event,) = archive.events()
    assert (event.kind, json.loads(event.detail)) == ("vanished", {"since": "2026-11-01T13:00:00.000Z"})


def test_redirect_to_the_home_page_is_a_removal(archive: Archive, run: str) -> None:
    away = look("Welcome to our home page.", final_url="https://paper.example/", hour=1)
    assert add(archive, run, look(), away) == ["new", "no-article"]
    assert kinds(archive) == []
    add(archive, run, look("Welcome to our home page.", final_url="https://paper.example/", hour=2))
    assert kinds(archive) == ["vanished"]
    assert archive.article(URL).version_count == 1


def test_missing_page_without_history_is_no_article(archive: Archive, run: str) -> None:
    add(archive, run, bare("http-404"), bare("timeout", hour=1))
    assert list(archive.articles()) == []
    add(archive, run, look(hour=2))
    assert kinds(archive) == []
    assert [one.version for one in archive.looks(URL)] == [None, None, 1]


def test_not_modified_confirms_raw_version_and_lists(archive: Archive, run: str) -> None:
    first = archive.add(look(items=["a"]), run)
    again = archive.add(bare("not-modified", hour=1), run)
    assert (again.raw_key, again.version, again.outcome) == (first.raw_key, first.version, "not-modified")
    assert archive.versions(URL)[0].sightings == 2
    assert archive.lists(URL)[0].sightings == 2
    assert archive.db.execute("SELECT count(*) FROM raws").fetchone()[0] == 1


def test_page_without_article_keeps_its_raw(archive: Archive, run: str) -> None:
    saved = archive.add(look(None), run)
    assert (saved.outcome, saved.article) == ("no-article", None)
    assert saved.raw_key is not None
    assert archive.raw(saved.raw_key) == page(None).body


def test_changed_rules_never_look_like_an_edit(path: Path) -> None:
    with Archive(path, reader=read) as archive:
        run = archive.start_run("test")
        add(archive, run, look(noise="a"), look("Other words.", noise="b", hour=1))
    with Archive(path, reader=read_in_capitals) as archive:
        run = archive.start_run("test")
        found = page("Other words.", noise="c", hour=2)
        arriving = Look(
            url=URL, site="paper", started_at=found.fetched_at or Clock()(), page=found,
            article=read_in_capitals(found).article,
        )  # fmt: skip
        assert archive.add(arriving, run).outcome == Outcome.SAME
        assert [version.rules for version in archive.versions(URL)] == ["fake/2", "fake/2"]
        assert [version.kinds for version in archive.versions(URL)] == [(), ("body",)]
        assert {row[0] for row in archive.db.execute("SELECT title FROM texts")} == {"A TITLE"}
        assert archive.search("title")[0].title == "A TITLE"


PATHS = ("story", "amp/story", "other", "")
URLS = tuple(f"https://paper.example/{path}" for path in PATHS)
ELSEWHERE = "https://elsewhere.example/story"
texts = st.sampled_from([LONG, LONG.replace(" 1.5", " 15"), LONG.replace("-", "–"), CUT, "One.", "One!", None])


@st.composite
def any_look(draw: st.DrawFn) -> Look:
    url, hour = draw(st.sampled_from(URLS[:3])), draw(st.integers(0, 12))
    outcome = draw(st.sampled_from([None, None, None, "not-modified", "http-404", "http-404", "timeout"]))
    if outcome is not None:
        return bare(outcome, url=url, hour=hour)
    told: dict[str, Any] = {"noise": draw(st.integers(0, 3))}
    told["final_url"] = draw(st.sampled_from([url, url, url, *URLS, ELSEWHERE]))
    told["canonical"] = draw(st.sampled_from([None, None, url, *URLS, ELSEWHERE]))
    told["paywalled"] = draw(st.booleans())
    told["title"] = draw(st.sampled_from(["Bridge", "A bridge"]))
    told["items"] = draw(st.lists(st.sampled_from("abc"), max_size=3))
    told["authors"] = draw(st.sampled_from([[], ["Ann"], ["Bob"]]))
    return look(draw(texts), url=url, hour=hour, **told)


def stored(folder: str, name: str, looks: list[Look], batches: int, *, rebuilt: bool) -> dict[str, Any]:
    """What an archive derives from looks that come in this order and in so many transactions."""
    with Archive(Path(folder) / name, reader=read, clock=Clock()) as archive:
        run = archive.start_run("test")
        size = -(-len(looks) // batches)
        for start in range(0, len(looks), size):
            with archive.atomic():
                add(archive, run, *looks[start : start + size])
        if rebuilt:
            settle(archive)
        assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        return dict(derived(archive))


@settings(max_examples=50, deadline=None)
@given(looks=st.lists(any_look(), min_size=1, max_size=10), data=st.data())
def test_rows_are_those_of_a_rebuild_in_any_order_and_split(looks: list[Look], data: st.DataObject) -> None:
    looks = [replace(one, started_at=one.started_at + timedelta(minutes=n)) for n, one in enumerate(looks)]
    shuffled = data.draw(st.permutations(looks))
    in_time = sorted(looks, key=lambda one: one.started_at)
    with tempfile.TemporaryDirectory() as folder:
        arrived = stored(folder, "a.db", shuffled, data.draw(st.integers(1, 3)), rebuilt=False)
        assert stored(folder, "b.db", shuffled, 1, rebuilt=True) == arrived
        # what a 304 confirms is the raw that was known when it came, so only the others may come in any order
        if all(one.outcome != Outcome.NOT_MODIFIED for one in looks):
            assert stored(folder, "c.db", in_time, 1, rebuilt=False) == arrived
