"""A takedown leaves digests and a reason, and not one byte of the text."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, DamagedBody, UnknownArticle
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
        with pytest.raises(UnknownArticle, match=r"was removed from this archive on 2026-11-01: asked by the court"):
            archive.versions(URL)
        with pytest.raises(DamagedBody, match="was removed from this archive on 2026-11-01; only its digest is kept"):
            archive.raw(removal.keys[0])
    assert not any(secret.lower().encode() in files_of(path).lower() for secret in SECRETS)


def test_the_same_text_in_another_page_does_not_come_back(path: Path) -> None:
    """A crawl sees the article beside other headlines, a folder of texts brings it as a file."""
    with Archive(path, clock=Clock(), reader=read) as archive:
        run = archive.start_run("test")
        archive.add(look(f"A {SECRETS[1]}.", items=["first"]), run)
        archive.add(look(f"A “{SECRETS[1]}”.", items=["first"], hour=1), run)  # typography is no version of its own
        archive.add(look("Kept.", url=OTHER), run)
        text = archive.versions(URL)[0].text_key
        archive.forget(URL, "asked")
        assert text in {row[0] for row in archive.db.execute("SELECT key FROM removals WHERE reason = 'asked'")}
        for hour, told in enumerate((f"A {SECRETS[1]}.", f"A “{SECRETS[1]}”."), 2):
            again = archive.add(look(told, items=["another"], hour=hour), run)
            assert (again.outcome, again.article, again.raw_key) == ("digest-only", None, None)
        elsewhere = archive.add(look(f"A {SECRETS[1]}.", url=f"{URL}/copy", hour=4), run)
        assert elsewhere.outcome == "digest-only"
        assert "was removed" in str(archive.looks(f"{URL}/copy")[0].error)
        assert SECRETS[1].encode() not in files_of(path).lower()
        assert [one.url for one in archive.articles()] == [OTHER]
        edited = archive.add(look(f"A {SECRETS[1]}, corrected.", hour=5), run)
        assert edited.outcome == "new"
        assert archive.verify(deep=True).problems == ()


def test_a_page_that_was_kept_unread_goes_when_it_is_read(path: Path) -> None:
    with Archive(path, clock=Clock(), reader=read) as archive:
        run = archive.start_run("test")
        archive.add(look(f"A {SECRETS[1]}."), run)
        archive.forget(URL, "asked")
        unread = replace(look(f"A {SECRETS[1]}.", url=OTHER, noise="other bytes"), article=None)
        with archive.storing_unread():
            key = archive.add(unread, run).raw_key
        assert SECRETS[1].encode() in archive.raw(str(key))
        archive.reextract()
        assert (str(key), "asked") in archive.db.execute("SELECT key, reason FROM removals").fetchall()
        assert list(archive.articles()) == []
        assert archive.verify(deep=True).problems == ()
        assert SECRETS[1].encode() not in files_of(path)


def test_a_text_that_another_article_has_too_may_come_again(archive: Archive, run: str) -> None:
    archive.add(look("Shared words."), run)
    archive.add(look("Shared words.", url=OTHER, noise="another page"), run)
    archive.forget(URL, "asked")
    assert [one.url for one in archive.articles()] == [OTHER]
    assert archive.add(look("Shared words.", url=OTHER, noise="a moved list", hour=1), run).outcome == "same"


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
