"""A merge is a set union: any order and any repetition give the same rows."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import (
    Archive,
    ArchiveError,
    Discovery,
    Look,
    MergeReport,
    NewerArchive,
    NotAnArchive,
    UnknownArticle,
)
from extractors import OptOut
from tests.archive.conftest import Clock
from tests.archive.looks import URL, bare, derived, look, read, read_in_capitals, settle
from tests.archive.test_derive import any_look

OTHER = "https://paper.example/other"
FACTS = {
    "runs": "*",
    "fetches": "run, seq, kind, url, site, started_at, outcome, status, final_url, ms, bytes, attempts, raw_key, etag, "
    "last_modified, error, source, record",
    "raws": "key, sha256, size",
    "discoveries": "*",
    "optouts": "*",
    "removals": "key, sha256",  # of two takedowns of one body, the reason that was here first stays
    "sites": "*",
    "daily": "*",
}


def fake_rules(*_page: object) -> str:
    return "fake/1"


def facts(archive: Archive) -> dict[str, list[Any]]:
    return {
        table: sorted(archive.db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
        for table, columns in FACTS.items()
    }


def write(path: Path, looks: Iterable[Look], **options: Any) -> Path:
    with Archive(path, **{"reader": read, "clock": Clock(), **options}) as archive:
        run = archive.start_run("test")
        for one in looks:
            archive.add(one, run)
        archive.discover([Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/feed")], run)
        archive.finish_run(run)
    return path


def merged(into: Path, sources: Iterable[Path], **options: Any) -> tuple[MergeReport, dict[str, Any]]:
    with Archive(into, **{"reader": read, "rules": fake_rules, **options}) as archive:
        report = archive.merge(sources)
        assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        for (key,) in archive.db.execute("SELECT key FROM raw_bodies").fetchall():
            archive.raw(key)
        rows = {**facts(archive), **{f"derived {name}": found for name, found in derived(archive).items()}}
        settle(archive)
        assert derived(archive) == {name: rows[f"derived {name}"] for name in derived(archive)}
    return report, rows


@settings(max_examples=25, deadline=None)
@given(looks=st.lists(any_look(), min_size=1, max_size=10), data=st.data())
def test_any_order_and_repetition_give_the_same_rows(looks: list[Look], data: st.DataObject) -> None:
    looks = [replace(one, started_at=one.started_at + timedelta(minutes=n)) for n, one in enumerate(looks)]
    parts = data.draw(st.lists(st.integers(0, 2), min_size=len(looks), max_size=len(looks)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [
            write(folder / f"{part}.db", [one for one, its in zip(looks, parts, strict=True) if its == part])
            for part in range(3)
        ]
        first = merged(folder / "first.db", sources)[1]
        order = data.draw(st.permutations([*sources, data.draw(st.sampled_from(sources))]))
        assert merged(folder / "second.db", order)[1] == first
        if all(one.outcome != "not-modified" for one in looks):
            write(folder / "whole.db", looks)
            with Archive(folder / "whole.db", reader=read) as whole:
                assert dict(derived(whole)) == {name: first[f"derived {name}"] for name in derived(whole)}


SIGNALS = (OptOut(signal="meta-robots", value="noai"), OptOut(signal="x-robots-tag", value="noarchive"))


def any_part(chance: Random) -> list[Any]:
    """What one machine did after it got a copy of the common archive: runs of looks and discoveries, takedowns."""
    return [
        ("forget", chance.choice([URL, OTHER]))
        if chance.random() < 0.2
        else ("run", [any_fact(chance) for _ in range(chance.randint(1, 4))])
        for _ in range(chance.randint(0, 3))
    ]


def any_fact(chance: Random) -> Look | Discovery:
    url, hour = chance.choice([URL, OTHER]), chance.randint(0, 12)
    if chance.random() < 0.2:
        published = chance.choice([None, "2026-11-01"])
        return Discovery(url=url, site="paper", kind="feed", found_in="https://paper.example/feed", published=published)
    if chance.random() < 0.3:
        return bare(chance.choice(["not-modified", "not-modified", "http-404", "timeout"]), url=url, hour=hour)
    told: dict[str, Any] = {"noise": chance.randint(0, 2), "canonical": chance.choice([None, url, URL])}
    told |= {"items": chance.sample("abc", 2), "paywalled": chance.random() < 0.3, "title": chance.choice(["A", "B"])}
    text = chance.choice(["One two three.", "One two three four.", "Else.", None])
    optouts = tuple(chance.sample(SIGNALS, chance.randint(0, 2)))
    return replace(look(text, url=url, hour=hour, **told), optouts=optouts)


def play(path: Path, part: list[Any], shift: int) -> Path:
    with Archive(path, reader=read, clock=Clock()) as archive:
        for what, arguments in part:
            if what == "forget":
                with suppress(UnknownArticle):
                    archive.forget(arguments, "asked")
                continue
            run = archive.start_run("test")
            for number, one in enumerate(arguments):
                if isinstance(one, Look):
                    at = one.started_at + timedelta(minutes=number, seconds=shift)
                    archive.add(replace(one, started_at=at), run)
                else:
                    archive.discover([one], run)
            archive.finish_run(run)
    return path


@pytest.mark.parametrize("seed", [*range(7), 100])
def test_any_order_repetition_and_nesting_with_all_kinds_of_facts(tmp_path: Path, seed: int) -> None:
    """The parts start from one common archive, so that their 304s confirm bodies which others have, or took down."""
    chance = Random(seed)
    shared = play(tmp_path / "common.db", any_part(chance), 0)
    sources = [
        play(Path(shutil.copy(shared, tmp_path / f"{number}.db")), any_part(chance), number + 1) for number in range(3)
    ]
    first = merged(tmp_path / "first.db", sources)[1]
    order = [*sources, shared, chance.choice(sources)]
    chance.shuffle(order)
    assert merged(tmp_path / "second.db", order)[1] == first
    merged(tmp_path / "inner.db", order[:2])
    assert merged(tmp_path / "outer.db", [*order[2:], tmp_path / "inner.db"])[1] == first


def test_a_second_merge_adds_nothing_and_sources_stay(tmp_path: Path) -> None:
    sources = [write(tmp_path / "a.db", [look()]), write(tmp_path / "b.db", [look("Other.", hour=1, items=["a"])])]
    before = [source.read_bytes() for source in sources]
    report, rows = merged(tmp_path / "c.db", sources)
    new = dict(report.new)
    assert {name: new[name] for name in ("runs", "fetches", "raws", "articles", "versions")} == {
        "runs": 2, "fetches": 2, "raws": 2, "articles": 1, "versions": 2,
    }  # fmt: skip
    again, same = merged(tmp_path / "c.db", sources)
    assert (set(dict(again.new).values()), again.skipped, same) == ({0}, 2, rows)
    assert [source.read_bytes() for source in sources] == before


def test_an_article_that_one_source_has_is_copied_not_read_again(tmp_path: Path) -> None:
    source = write(tmp_path / "a.db", [look(f"Text {n}.", url=f"{OTHER}/{n}", items=["x"]) for n in range(20)])
    read_pages: list[str] = []

    def counting(page: Any) -> Any:
        read_pages.append(page.url)
        return read(page)

    with Archive(tmp_path / "c.db", reader=counting, rules=fake_rules) as archive:
        assert dict(archive.merge([source]).new)["articles"] == 20
        assert read_pages == []
        assert len(archive.search("text", limit=50)) == 20


def test_an_article_read_under_other_rules_is_derived_anew(tmp_path: Path) -> None:
    source = write(tmp_path / "a.db", [look(title="Title")])
    _, rows = merged(tmp_path / "c.db", [source], reader=read_in_capitals, rules=lambda *_: "fake/2")
    assert [row[1] for row in rows["derived texts"]] == ["TITLE"]


def forgotten(path: Path, name: str) -> Path:
    with Archive(path, reader=read, clock=Clock()) as archive:
        archive.forget(name, "asked")
    return path


@pytest.mark.parametrize("turned", [False, True])
def test_a_removal_in_any_source_wins(tmp_path: Path, turned: bool) -> None:
    source = write(tmp_path / "a.db", [look("A kumquat ripens."), look("Else.", url=OTHER)])
    copy = Path(shutil.copy(source, tmp_path / "b.db"))
    sources = [source, forgotten(copy, URL)]
    _, rows = merged(tmp_path / "c.db", sources[::-1] if turned else sources)
    assert len(rows["removals"]) == 2  # a body, and its text
    assert [row[0] for row in rows["derived articles"]] == [OTHER]
    assert b"kumquat" not in (tmp_path / "c.db").read_bytes()


def test_a_removed_text_goes_from_all_bodies_that_show_it_in_any_order(tmp_path: Path) -> None:
    """Each source saw the article beside other headlines, one with other quotation marks, one after an edit."""
    told = ("A “kumquat” ripens.", 'A "kumquat" ripens.', "A “kumquat” ripens.", "A pear ripens.")
    sources = [
        write(tmp_path / f"{number}.db", [look(text, items=[f"item {number}"], hour=number)])
        for number, text in enumerate(told)
    ]
    removing = forgotten(Path(shutil.copy(sources[0], tmp_path / "removing.db")), URL)
    seen = set()
    for number in range(8):
        into = tmp_path / f"into {number}.db"
        _, rows = merged(into, Random(number).sample([*sources, removing], 5))
        seen.add(repr(rows))
        content = into.read_bytes()
        assert not [word for word in ("“kumquat”", "item 0", "item 2") if word.encode() in content]
        assert all(word.encode() in content for word in ('"kumquat"', "item 1", "A pear ripens", "item 3"))
    assert len(seen) == 1


def few_keys(letter: str) -> Callable[[str], str]:
    """Bodies and texts with the same first digit of their digest collide."""
    return lambda digest: letter * 16 if digest in COLLIDING else digest[:16]


BODIES = [look("The first."), look("The second.", url=OTHER)]
COLLIDING = {hashlib.sha256(one.page.body).hexdigest() for one in BODIES if one.page}


def test_a_collision_is_named_and_costs_its_page_alone(tmp_path: Path) -> None:
    shorten = few_keys("f")
    first = write(tmp_path / "a.db", [BODIES[0]], shorten=shorten)
    second = write(tmp_path / "b.db", [BODIES[1], look("Whole.", url=f"{OTHER}/2")], shorten=shorten)
    with Archive(tmp_path / "c.db", reader=read, shorten=shorten) as archive:
        for _ in range(2):
            (problem,) = archive.merge([first, second]).problems
            assert all(digest in problem.found for digest in COLLIDING)
        assert {row.url for row in archive.articles()} == {URL, f"{OTHER}/2"}
        assert [one.outcome for one in archive.looks(OTHER)] == ["key-collision"]


def test_bad_sources_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    good, into = write(tmp_path / "a.db", [look()]), tmp_path / "c.db"
    text, newer = tmp_path / "notes.txt", Path(shutil.copy(good, tmp_path / "newer.db"))
    text.write_text("not an archive, only words")
    with Archive(newer, reader=read) as archive:
        archive.db.execute("PRAGMA user_version = 99")
    with Archive(into, reader=read) as archive:
        for bad, error in ((text, NotAnArchive), (newer, NewerArchive), (into, ArchiveError)):
            with pytest.raises(error):
                archive.merge([good, bad])
        assert archive.db.execute("SELECT count(*) FROM runs").fetchone()[0] == 0


def test_a_missing_body_comes_back_by_a_merge(tmp_path: Path) -> None:
    source = write(tmp_path / "a.db", [look()])
    with Archive(tmp_path / "c.db", reader=read) as archive:
        archive.merge([source])
        archive.db.execute("DROP TRIGGER raw_bodies_no_delete")
        archive.db.execute("DELETE FROM raw_bodies")
        settle(archive)
        assert list(archive.articles()) == []
        archive.merge([source])
        assert archive.versions(URL)[0].number == 1
        assert archive.raw(archive.versions(URL)[0].raw_key)
