"""Merging archives whose bodies are damaged, or lie."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive, DamagedBody
from archive.blobs import MAX_BODY, compress
from tests.archive.looks import URL, derived, look, read
from tests.archive.test_merge import OTHER, fake_rules, write

NOISE = "".join(f"<p>{n * 7919}</p>" for n in range(300))
LOOKS = [
    look("First.", noise=NOISE), look("Second.", hour=1, noise=NOISE), look("Third.", hour=2, noise=NOISE),
    look("Other.", url=OTHER, items=["x"]),
]  # fmt: skip
Damage = Callable[[Archive, str], None]


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    return write(tmp_path / "a.db", LOOKS)


def keys_of(archive: Archive) -> list[str]:
    return [version.raw_key for version in archive.versions(URL)]


def damaged(healthy: Path, damage: Damage, number: int) -> Path:
    path = Path(shutil.copy(healthy, healthy.with_name("damaged.db")))
    with Archive(path, reader=read) as archive:
        triggers = archive.db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            archive.db.execute(f"DROP TRIGGER {name}")
        damage(archive, keys_of(archive)[number])
        for _, sql in triggers:
            archive.db.execute(sql)
    return path


def put(archive: Archive, key: str, frame: bytes) -> None:
    archive.db.execute("UPDATE raw_bodies SET body = ? WHERE key = ?", (frame, key))
    archive.db.execute("UPDATE raws SET stored_size = ?, base_key = NULL WHERE key = ?", (len(frame), key))


def garbled(archive: Archive, key: str) -> None:
    archive.db.execute("UPDATE raw_bodies SET body = zeroblob(length(body)) WHERE key = ?", (key,))


def another_body(archive: Archive, key: str) -> None:
    put(archive, key, compress(b"another body, in a healthy frame"))


def bomb(archive: Archive, key: str) -> None:
    put(archive, key, compress(bytes(MAX_BODY + 1)))


def wrong_frame_size(archive: Archive, key: str) -> None:
    """The content size in the frame's header, 2 bytes little-endian and 256 less (RFC 8878, 3.1.1.1.4), is one less."""
    frame = bytearray(compress(archive.raw(key)))
    at = 5 if frame[4] & 0x20 else 6
    frame[at] ^= 1
    put(archive, key, bytes(frame))


def its_own_base(archive: Archive, key: str) -> None:
    archive.db.execute("UPDATE raws SET base_key = key WHERE key = ?", (key,))


def chain_without_end(archive: Archive, key: str) -> None:
    third = keys_of(archive)[2]
    archive.db.execute("UPDATE raws SET base_key = ? WHERE key = ?", (third, key))
    archive.db.execute("UPDATE raws SET base_key = ? WHERE key = ?", (key, third))


def too_deep(archive: Archive, key: str) -> None:
    put(archive, key, compress(archive.raw(key), archive.raw(keys_of(archive)[0])))
    archive.db.execute("UPDATE raws SET base_key = ? WHERE key = ?", (keys_of(archive)[2], key))


DAMAGES = (garbled, another_body, bomb, wrong_frame_size, its_own_base, too_deep)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_body_costs_its_page_alone_and_a_whole_copy_restores_it(healthy: Path, damage: Damage) -> None:
    bad, into = damaged(healthy, damage, 1), healthy.with_name("c.db")
    with Archive(healthy, reader=read, read_only=True) as archive:
        whole, keys = derived(archive), keys_of(archive)
    with Archive(into, reader=read, rules=fake_rules) as archive:
        (problem,) = archive.merge([bad]).problems
        assert keys[1] in problem.found
        assert [version.raw_key for version in archive.versions(URL)] == [keys[0], keys[2]]
        assert [one.outcome for one in archive.looks(URL)] == ["new", "changed", "changed"]
        with pytest.raises(DamagedBody):
            archive.raw(keys[1])
        report = archive.merge([healthy])
        assert report.problems == ()
        assert derived(archive) == whole
        assert archive.verify(deep=True).ok
        archive.merge([bad])
        assert derived(archive) == whole
    with Archive(bad, reader=read, rules=fake_rules) as archive:
        assert archive.merge([healthy]).problems == ()
        assert [problem.kind for problem in archive.verify(deep=True).problems] == []
        assert (derived(archive), archive.raw(keys[1])) == (whole, LOOKS[1].page.body if LOOKS[1].page else b"")


def test_a_damaged_base_is_restored_with_all_that_leans_on_it(healthy: Path) -> None:
    bad = damaged(healthy, garbled, 0)
    with Archive(bad, reader=read, rules=fake_rules) as archive:
        assert [problem.kind for problem in archive.verify().problems] == ["damaged body"] * 3
        archive.reextract()
        assert {row.url for row in archive.articles()} == {OTHER}
        assert archive.merge([healthy]).problems == ()
        assert len(archive.versions(URL)) == 3
        assert archive.verify(deep=True).ok


def test_a_chain_of_deltas_without_end_is_named(healthy: Path) -> None:
    bad = damaged(healthy, chain_without_end, 1)
    with Archive(healthy.with_name("c.db"), reader=read, rules=fake_rules) as archive:
        assert len(archive.merge([bad]).problems) == 2
        assert {row.url for row in archive.articles()} == {URL, OTHER}


def test_a_key_that_lies_is_named_and_never_taken(healthy: Path) -> None:
    lie = "0123456789abcdef"

    def file_elsewhere(archive: Archive, key: str) -> None:
        for table, column in (("raws", "key"), ("raw_bodies", "key"), ("fetches", "raw_key"), ("versions", "raw_key")):
            archive.db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (lie, key))

    bad = damaged(healthy, file_elsewhere, 1)
    with Archive(healthy.with_name("c.db"), reader=read, rules=fake_rules) as archive:
        (problem,) = archive.merge([bad]).problems
        assert lie in problem.found
        assert [one.outcome for one in archive.looks(URL)] == ["new", "key-collision", "changed"]
        assert not archive.db.execute("SELECT 1 FROM raws WHERE key = ?", (lie,)).fetchall()
        archive.merge([healthy])
        assert archive.verify(deep=True).problems[0].kind == "wrong root"


def test_a_text_that_is_not_what_its_key_says_is_derived_anew(healthy: Path) -> None:
    with Archive(healthy, reader=read) as archive:
        whole = derived(archive)
        archive.db.execute("UPDATE texts SET text = 'Forged.' WHERE text = 'Second.'")
    with Archive(healthy.with_name("c.db"), reader=read, rules=fake_rules) as archive:
        assert archive.merge([healthy]).problems == ()
        assert derived(archive) == whole


def test_a_wrong_size_is_named_and_put_right(healthy: Path) -> None:
    bad = damaged(healthy, lambda archive, key: archive.db.execute("UPDATE raws SET size = 7 WHERE key = ?", (key,)), 1)
    with Archive(healthy.with_name("c.db"), reader=read, rules=fake_rules) as archive:
        (problem,) = archive.merge([bad]).problems
        assert "says 7" in problem.found
        assert archive.verify(deep=True).ok


def test_rules_of_every_look_decide_whether_rows_are_copied(healthy: Path) -> None:
    """One look under older rules, hidden among others of its site, is enough to derive its article anew."""
    with Archive(healthy, reader=read) as archive:
        whole = derived(archive)
        archive.db.execute("UPDATE versions SET rules = 'fake/0', kinds = '[\"odd\"]' WHERE number = 2")
    with Archive(healthy.with_name("c.db"), reader=read, rules=fake_rules) as archive:
        archive.merge([healthy])
        assert derived(archive) == whole
