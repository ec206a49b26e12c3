"""Derived rows against the facts: every article is derived anew, compared with what stands there, and put back."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.cures import READ_AGAIN
from archive.links import under
from archive.look import Outcome
from archive.problems import OLDER_RULES, Problem
from archive.rebuild import Desk, rebuild
from archive.shown import rules_now
from archive.whereabouts import STRAY

_BATCH = 500
_READ_ONCE = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)

_PARTS = {
    "articles": "SELECT a.key, a.url, a.site, a.canonical_url, a.title, a.authors, a.published, a.modified, a.section, "
    "a.language, a.first_seen, a.last_seen, a.version_count, v.number, a.state, a.shown_key FROM urls u "
    "JOIN articles a ON a.url = u.url LEFT JOIN versions v ON v.id = a.latest_version WHERE u.id = ?",
    "versions": "SELECT v.number, v.text_key, t.sha256, v.raw_key, v.first_seen, v.last_seen, v.sightings, "
    "v.words_added, v.words_removed, v.kinds, v.folded FROM urls u JOIN articles a ON a.url = u.url "
    "JOIN versions v ON v.article = a.id LEFT JOIN texts t ON t.key = v.text_key WHERE u.id = ? ORDER BY v.number",
    "sightings": "SELECT s.fetch, asked.url, page.url, claim.url, a.url, v.number FROM sightings s "
    "JOIN urls asked ON asked.id = s.asked JOIN urls page ON page.id = s.page "
    "LEFT JOIN urls claim ON claim.id = s.claim LEFT JOIN articles a ON a.id = s.article "
    "LEFT JOIN versions v ON v.id = s.version WHERE s.target = ? ORDER BY s.fetch",
    "events": "SELECT e.at, e.kind, v.number, e.weight, e.detail FROM urls u JOIN articles a ON a.url = u.url "
    "JOIN events e ON e.article = a.id LEFT JOIN versions v ON v.id = e.version WHERE u.id = ? ORDER BY 1, 2, 3, 5",
    "list_items": "SELECT i.heading, i.kind, i.title, i.url, i.position, i.teaser, i.section, i.when_text, "
    "i.when_at, i.when_until, i.first_seen, i.last_seen, i.sightings FROM urls u "
    "JOIN articles a ON a.url = u.url JOIN list_items i ON i.article = a.id WHERE u.id = ? ORDER BY 1, 2, 3, 4",
}
"""The rows of one article without row ids, by table; ``fetch`` may stand in for a look, since looks are facts."""

_RULES = (
    "SELECT DISTINCT rules FROM (SELECT u.rules FROM sightings s JOIN urls u ON u.id = s.page WHERE s.target = ?1 "
    "UNION SELECT v.rules FROM urls u JOIN articles a ON a.url = u.url JOIN versions v ON v.article = a.id "
    "WHERE u.id = ?1) WHERE rules IS NOT NULL ORDER BY rules"
)

_UNUSED = {
    "articles": STRAY,
    "texts": "SELECT id, key FROM texts t WHERE NOT EXISTS(SELECT 1 FROM versions v WHERE v.text_key = t.key)",
    "links": "SELECT l.id, t.text FROM links l JOIN phrases t ON t.id = l.title WHERE NOT EXISTS("
    "SELECT 1 FROM placements p WHERE p.link = l.id)",
    "phrases": f"SELECT id, text FROM phrases t WHERE NOT EXISTS(SELECT 1 FROM links l WHERE {under('t.id')}) "  # noqa: S608
    "AND NOT EXISTS(SELECT 1 FROM placements p WHERE p.teaser = t.id)",
}


@dataclass(frozen=True, slots=True)
class _Derived:
    """What stands of one article: its rows by table, and the rules that it was read under."""

    rows: dict[str, list[Any]]
    rules: tuple[str, ...]


class Rereading:
    """Derives all articles anew, one transaction each, which is always taken back.

    ``damaged`` are bodies that cannot be read: their articles are not judged. ``seen`` is called for each article.
    """

    def __init__(self, desk: Desk, damaged: frozenset[str], seen: Callable[[], None]) -> None:
        self._desk = desk
        self._db = desk.db
        self._damaged = damaged
        self._seen = seen

    def problems(self) -> Iterator[Problem]:
        """Derived rows that do not follow from the facts, and rows that belong to nothing."""
        older: dict[str, int] = {}
        for target in self._targets():
            self._seen()
            if self._is_damaged(target):
                continue
            found = self._judge(target)
            if found is not None and found.kind == OLDER_RULES:
                older[found.where] = older.get(found.where, 0) + 1
            elif found is not None:
                yield found
        for rules, number in sorted(older.items()):
            yield Problem(kind=OLDER_RULES, where=f"{number:,} articles read under {rules}", cure=READ_AGAIN)
        for table, sql in _UNUSED.items():
            for row, name in self._db.execute(sql):
                cure = READ_AGAIN if table == "articles" else f"DELETE FROM {table} WHERE id = {row}"  # noqa: S608
                yield Problem(kind="unused row", where=f"{table} {name}: no look leads to it", cure=cure)

    def _targets(self) -> Iterator[int]:
        last = 0
        sql = (
            "SELECT id FROM urls WHERE id > ? AND EXISTS(SELECT 1 FROM sightings WHERE target = urls.id) "
            "ORDER BY id LIMIT ?"
        )
        while rows := self._db.execute(sql, (last, _BATCH)).fetchall():
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def _is_damaged(self, target: int) -> bool:
        sql = "SELECT DISTINCT f.raw_key FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE s.target = ?"
        return bool(self._damaged) and any(key in self._damaged for (key,) in self._db.execute(sql, (target,)))

    def _judge(self, target: int) -> Problem | None:
        url = self._db.execute("SELECT url FROM urls WHERE id = ?", (target,)).fetchone()[0]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            before = _derived(self._db, target)
            rebuild(self._desk, {target})
            after = _derived(self._db, target)
        except sqlite3.Error as error:
            return Problem(kind="wrong derivation", where=f"{url}: {error}", cure=READ_AGAIN)
        finally:
            self._db.rollback()
        parts = [name for name in _PARTS if before.rows[name] != after.rows[name]]
        if parts and self._is_older(target, before, after):
            return Problem(kind=OLDER_RULES, where=", ".join(before.rules) or "none", cure=READ_AGAIN)
        if not parts and before.rules != after.rules:
            return Problem(kind=OLDER_RULES, where=", ".join(before.rules), cure=READ_AGAIN)
        where = f"{url}: {', '.join(parts)}"
        return Problem(kind="wrong derivation", where=where, cure=READ_AGAIN) if parts else None

    def _is_older(self, target: int, before: _Derived, after: _Derived) -> bool:
        """Whether other rules explain a difference: those that were used, or those that would be used now."""
        crashes = "SELECT 1 FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE s.target = ? AND f.outcome = ?"
        if self._db.execute(crashes, (target, Outcome.EXTRACT_CRASH)).fetchone():
            return True  # a page that can be read after all
        same = before.rules == after.rules  # also where a page is no article any more: its URL keeps what it had
        if before.rules and after.rules and not same:
            return True
        looks = self._db.execute(
            "SELECT coalesce(f.final_url, f.url), f.started_at, f.record, f.outcome FROM sightings s "
            "JOIN fetches f ON f.id = s.fetch WHERE s.target = ? AND f.raw_key IS NOT NULL",
            (target,),
        ).fetchall()
        if before.rules:
            rules = self._desk.rules
            if rules is None:
                return not same
            return not {rules_now(rules, *look[:3]) for look in looks} & set(before.rules)
        return not any(outcome in _READ_ONCE for *_, outcome in looks)


def _derived(db: Database, target: int) -> _Derived:
    rows = {name: db.execute(sql, (target,)).fetchall() for name, sql in _PARTS.items()}
    return _Derived(rows, tuple(row[0] for row in db.execute(_RULES, (target,))))
