"""A takedown leaves digests and a reason, and not one byte of the text."""

from pathlib import Path

import pytest

from archive import Archive, UnknownArticle
from tests.archive.conftest import Clock
from tests.archive.looks import URL, derived, look, page, read, settle

OTHER = "https://paper.example/other"
SECRETS = ("Zanzibarstory", "quokkabody", "xylophonelist", "vuvuzelatitle")


def fill(archive: Archive) -> None:
    run = archive.start_run("test")
    noise = "".join(f"<p>{n * 7919}</p>" for n in range(300))
    for hour in range(3):
        archive.add(
            look(f"A {SECRETS[1]} {hour} ends.", title=SECRETS[0], items=[SECRETS[2], "both"], hour=hour, noise=noise),
            run,
        )
        archive.add(look(f"Other {hour}.", url=OTHER, items=["both"], hour=hour, noise=noise + str(hour)), run)
    archive.add(look(f"A {SECRETS[1]}.", title=SECRETS[3], hour=4, noise=noise), run)


def files_of(path: Path) -> bytes:
    names = (path, path.with_name(path.name + "-wal"))
    return b"".join(name.read_bytes() for name in names if name.exists())


def test_no_byte_is_left_and_nothing_comes_back(path: Path) -> None:
    with Archive(path, clock=Clock(), reader=read) as archive:
        fill(archive)
        other = [version.raw_key for version in archive.versions(OTHER)]
        archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = files_of(path)
        assert all(secret.encode() in before for secret in SECRETS)
        removal = archive.forget(URL, "asked by the court")
        assert len(removal.keys) == 4
        assert dict(removal.gone) == {"articles": 1, "versions": 4, "texts": 4, "headlines": 1}
        assert not any(secret.lower().encode() in files_of(path).lower() for secret in SECRETS)
        reasons = {row[0] for row in archive.db.execute("SELECT reason FROM removals")}
        assert reasons == {"asked by the court"}
        assert archive.db.execute("SELECT count(*) FROM raws").fetchone()[0] == 7
        assert all(archive.raw(key) for key in other)
        again = archive.add(
            look(
                f"A {SECRETS[1]} 0 ends.",
                title=SECRETS[0],
                items=[SECRETS[2], "both"],
                hour=9,
                noise="".join(f"<p>{n * 7919}</p>" for n in range(300)),
            ),
            archive.start_run("x"),
        )
        assert (again.outcome, again.raw_key) == ("digest-only", None)
        state = derived(archive)
        settle(archive)
        assert derived(archive) == state
        assert archive.search("Zanzibarstory") == []
    assert not any(secret.lower().encode() in files_of(path).lower() for secret in SECRETS)


def test_deltas_that_lean_on_a_removed_body_are_stored_anew(archive: Archive, run: str) -> None:
    noise = "".join(f"<p>{n * 7919}</p>" for n in range(300))
    keys = [archive.add(look(f"Text {hour}.", hour=hour, noise=noise), run).raw_key or "" for hour in range(3)]
    assert archive.db.execute("SELECT count(*) FROM raws WHERE base_key = ?", (keys[0],)).fetchone()[0] == 2
    archive.forget(keys[0], "asked")
    for hour, key in enumerate(keys[1:], 1):
        assert archive.raw(key) == page(f"Text {hour}.", hour=hour, noise=noise).body
    assert archive.db.execute("SELECT count(*) FROM raws WHERE base_key IS NOT NULL").fetchone()[0] == 1
    assert [version.number for version in archive.versions(URL)] == [1, 2]
    archive.add(look("Text 4.", hour=4, noise=noise), run)
    assert archive.db.execute("SELECT count(*) FROM raws WHERE base_key IS NOT NULL").fetchone()[0] == 2


def test_dry_run_counts_and_changes_nothing(archive: Archive) -> None:
    fill(archive)
    before = derived(archive)
    planned = archive.forget(URL, "asked", dry_run=True)
    assert derived(archive) == before
    assert archive.db.execute("SELECT count(*) FROM removals").fetchone()[0] == 0
    done = archive.forget(URL, "asked")
    assert (planned.dry_run, planned.keys, planned.gone) == (True, done.keys, done.gone)


def test_a_text_key_takes_the_looks_that_showed_it(archive: Archive) -> None:
    fill(archive)
    key = archive.versions(URL)[1].text_key
    assert len(archive.forget(key, "asked").keys) == 1
    assert key not in {version.text_key for version in archive.versions(URL)}


def test_a_second_time_takes_nothing_and_an_unknown_name_is_refused(archive: Archive) -> None:
    fill(archive)
    archive.forget(URL, "asked")
    assert archive.forget(URL, "again").bytes == 0
    with pytest.raises(UnknownArticle, match="nowhere"):
        archive.forget("https://nowhere.example/", "asked")
