"""The facts of a look as rows: fetches, discoveries and opt-outs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.look import Discovery, Look
from archive.shown import page_record
from extractors import moment_text


@dataclass(frozen=True, slots=True)
class Entry:
    """A look on its way in: its row id, its place in the order of looks, and what became of its body."""

    fetch: int
    run: str
    seq: int
    at: str
    look: Look
    outcome: str | None
    error: str | None = None
    raw_key: str | None = None
    stored_bytes: int = 0
    sha256: str | None = None

    @property
    def order(self) -> tuple[str, str, int]:
        """Where it stands among all looks."""
        return self.at, self.run, self.seq


def insert_fetch(db: Database, entry: Entry) -> None:
    """The fetch row, last of all, since it is never changed."""
    look = entry.look
    final_url = look.final_url or (look.page.final_url if look.page else None)
    final_url = None if final_url == look.url else final_url  # most looks are not redirected
    status = look.status if look.status is not None or look.page is None else look.page.status
    db.execute(
        "INSERT INTO fetches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.fetch, entry.run, entry.seq, look.kind, look.url, look.site, entry.at, entry.outcome, status,
            final_url, look.ms, look.bytes, look.attempts, entry.raw_key, look.etag, look.last_modified,
            entry.error, look.source, _record(entry),
        ),
    )  # fmt: skip
    db.execute(
        "INSERT INTO daily VALUES (?, ?, ?, 1, ?) ON CONFLICT(day, site, outcome) "
        "DO UPDATE SET count = count + 1, bytes = bytes + excluded.bytes",
        (entry.at[:10], look.site, entry.outcome, look.bytes),
    )
    _keep_optouts(db, entry)


def _keep_optouts(db: Database, entry: Entry) -> None:
    """The wishes of a page are recorded when they are not those that its URL stated last."""
    look = entry.look
    stated = {(optout.signal, optout.value) for optout in look.optouts}
    before = db.execute(
        "SELECT signal, value FROM optouts WHERE url = ?1 AND at = (SELECT max(at) FROM optouts WHERE url = ?1)",
        (look.url,),
    )
    if not stated or set(before.fetchall()) == stated:
        return
    for seq, (signal, value) in enumerate(sorted(stated), next_seq(db, "optouts", entry.run)):
        values = (entry.run, seq, look.url, look.site, signal, value, look.optout_action, entry.at)
        db.execute("INSERT INTO optouts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def insert_discoveries(db: Database, discoveries: Iterable[Discovery], run: str, at: datetime) -> int:
    """Records each discovery that was not known with the same publication time; returns how many were new."""
    seq, new = next_seq(db, "discoveries", run), 0
    for found in discoveries:
        known = (found.url, found.kind, found.found_in, found.published)
        sql = "SELECT 1 FROM discoveries WHERE url = ? AND kind = ? AND found_in = ? AND published IS ?"
        if db.execute(sql, known).fetchone() is None:
            values = (run, seq + new, found.url, found.site, *known[1:], moment_text(at))
            db.execute("INSERT INTO discoveries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            new += 1
    return new


def _record(entry: Entry) -> str:
    record = dict(entry.look.record)
    if entry.look.page is not None:
        record = {**record, **page_record(entry.look.page, entry.look.started_at)}
    if entry.sha256 is not None:
        record["sha256"] = entry.sha256
    return json.dumps(record, separators=(",", ":"))  # escapes carry the undecodable bytes of a header


def next_seq(db: Database, table: str, run: str) -> int:
    """The next number of a run in a table of facts."""
    row = db.execute(f"SELECT coalesce(max(seq), 0) + 1 FROM {table} WHERE run = ?", (run,)).fetchone()  # noqa: S608
    return int(row[0])


def ensure_site(db: Database, name: str) -> None:
    """A derived row for a site that nobody has described yet."""
    if db.execute("SELECT 1 FROM sites WHERE name = ?", (name,)).fetchone() is None:
        db.execute("INSERT INTO sites(name) VALUES (?)", (name,))
