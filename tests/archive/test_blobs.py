"""Bodies come back byte for byte, take little room, and a hostile frame harms nobody."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, DamagedBody, KeyCollision, raw_key
from archive.blobs import Bodies, compress, expand
from tests.archive.looks import URL, look, read


def words(seed: int, count: int) -> bytes:
    """Prose-like bytes that a compressor cannot make vanish."""
    source = random.Random(seed)
    return b" ".join(source.randbytes(3).hex().encode() for _ in range(count))


@pytest.fixture
def bodies(archive: Archive) -> Iterator[Bodies]:
    with archive.atomic():
        yield Bodies(archive.db)


def stored(archive: Archive, key: str) -> tuple[int, str | None]:
    row: tuple[int, str | None]
    row = archive.db.execute("SELECT stored_size, base_key FROM raws WHERE key = ?", (key,)).fetchone()
    return row


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=3000), base=st.none() | st.binary(min_size=8, max_size=3000))
def test_a_frame_gives_its_body_back(body: bytes, base: bytes | None) -> None:
    assert expand(compress(body, base), base) == body


@pytest.mark.parametrize("size", [20_000, 400_000])
def test_a_further_snapshot_is_a_small_delta_on_the_first(archive: Archive, bodies: Bodies, size: int) -> None:
    first = words(1, size // 7)
    base = bodies.keep(first, None)
    changed = first[: size // 2] + words(2, 100) + first[size // 2 :]
    for number in range(3):
        kept = bodies.keep(changed + str(number).encode(), base.key)
        assert stored(archive, kept.key) == (kept.stored_bytes, base.key)
        assert kept.stored_bytes < 1000
        assert bodies.read(kept.key) == changed + str(number).encode()


def test_a_large_page_is_matched_over_its_whole_length(bodies: Bodies) -> None:
    first = words(1, 400_000)
    assert len(first) > 2_000_000
    base = bodies.keep(first, None)
    moved = first[1_500_000:] + first[:1_500_000]
    kept = bodies.keep(moved, base.key)
    assert kept.stored_bytes < 2000
    assert bodies.read(kept.key) == moved


def test_a_page_that_became_another_is_a_base_itself(archive: Archive, bodies: Bodies) -> None:
    base = bodies.keep(words(1, 3000), None)
    other = bodies.keep(words(2, 3000), base.key)
    assert stored(archive, other.key)[1] is None
    assert other.base == other.key


def test_snapshots_lean_on_the_page_not_on_its_neighbour(archive: Archive, run: str) -> None:
    noise = words(3, 2000).decode()
    keys = [archive.add(look(noise=noise + str(hour), hour=hour), run).raw_key for hour in range(3)]
    keys.append(archive.add(look(noise=noise, url=URL + "-b", hour=4), run).raw_key)
    assert [stored(archive, key)[1] for key in keys if key] == [None, keys[0], keys[0], None]


def test_the_same_bytes_are_stored_once(archive: Archive, run: str) -> None:
    assert archive.add(look(), run).stored_bytes > 0
    assert archive.add(look(hour=1), run).stored_bytes == 0
    assert archive.stats().raws == 1


def test_a_changed_byte_is_noticed(archive: Archive, run: str) -> None:
    key = archive.add(look(noise=words(1, 100).decode()), run).raw_key
    assert key is not None
    frame = archive.db.execute("SELECT body FROM raw_bodies").fetchone()[0]
    for broken in (frame[:-3], frame[:40] + b"\xff" + frame[41:], b"no frame", compress(b"another body")):
        archive.db.execute("UPDATE raw_bodies SET body = ?", (broken,))
        with pytest.raises(DamagedBody, match=key):
            archive.raw(key)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = compress(b"\0" * 70_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(DamagedBody, match="limit"):
        expand(bomb, name="bomb")


def test_a_delta_is_no_base(archive: Archive, bodies: Bodies) -> None:
    base = bodies.keep(words(1, 1000), None)
    delta = bodies.keep(words(1, 1000) + b"x", base.key)
    third = bodies.keep(words(1, 1000) + b"y", base.key)
    archive.db.execute("UPDATE raws SET base_key = ? WHERE key = ?", (delta.key, third.key))
    with pytest.raises(DamagedBody, match="a delta itself"):
        bodies.read(third.key)


def alike(digest: str) -> str:
    """Keys that collide all the time."""
    return "0" * 15 + str(int(digest[0], 16) % 2)


def test_two_bodies_with_one_key_cost_that_look_only(path: Path) -> None:
    with Archive(path, reader=read, shorten=alike) as archive:
        run = archive.start_run("test")
        saved = [archive.add(look(noise=number, hour=number), run) for number in range(12)]
        outcomes = [one.outcome for one in saved]
        assert outcomes[0] == "new"
        assert outcomes.count("key-collision") == len(outcomes) - archive.stats().raws
        errors = archive.db.execute("SELECT error FROM fetches WHERE outcome = 'key-collision'").fetchall()
        assert all("share the key" in error for (error,) in errors)


def test_a_collision_names_both_digests(bodies: Bodies, archive: Archive) -> None:
    colliding = Bodies(archive.db, lambda digest: "f" * 16)
    colliding.keep(b"one", None)
    with pytest.raises(KeyCollision, match=raw_key(b"one")) as caught:
        colliding.keep(b"two", None)
    assert raw_key(b"two") in str(caught.value)


def test_tiny_bodies_are_stored_whole(archive: Archive, bodies: Bodies) -> None:
    base = bodies.keep(b"", None)
    for body in (b"a", b"b" * 7, b"c" * 63):
        kept = bodies.keep(body, base.key)
        assert stored(archive, kept.key)[1] is None
        assert bodies.read(kept.key) == body
    assert bodies.read(base.key) == b""


def test_a_missing_base_means_a_whole_copy(archive: Archive, bodies: Bodies) -> None:
    kept = bodies.keep(b"body", "0123456789abcdef")
    assert stored(archive, kept.key)[1] is None
