"""Strings of lists, each stored once: labels (headings, ages, beginnings of URLs) and phrases (titles, teasers)."""

import json
import re
from collections.abc import Collection
from hashlib import blake2b

from sqlite_utils import Database

_BEGINNING = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*(?:(?:/(?:[A-Za-z]{2,14}|(?:19|20)?\d\d))*/(?=.))?")
"""Scheme and host, and folders that name sections or a date: many links have them, unlike those that name a story."""


_TOGETHER = (16, 4, 1)
"""Rows in one statement, the most first; few sizes, so that each stays prepared."""


class Labels:
    """The row ids of labels, made where they are new; those once asked for are remembered."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, int] = {}

    def learn(self, texts: Collection[str]) -> None:
        """Looks many up in one step, and makes those that are missing."""
        wanted = [text for text in dict.fromkeys(texts) if text not in self._known]
        if not wanted:
            return
        sql = "SELECT text, id FROM labels WHERE text IN (SELECT value FROM json_each(?))"
        self._known.update(self._db.execute(sql, (json.dumps(wanted),)).fetchall())
        for text in wanted:
            if text not in self._known:
                self._known[text] = int(self._db.execute("INSERT INTO labels(text) VALUES (?)", (text,)).lastrowid or 0)

    def __getitem__(self, text: str) -> int:
        if text not in self._known:
            self.learn([text])
        return self._known[text]


class Phrases:
    """The row ids of phrases, made where they are new; those once asked for are remembered.

    A text has more than one row when more links share it than one row has room for (see :mod:`archive.links`).
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, list[int]] = {}

    def learn(self, texts: Collection[str]) -> None:
        """Looks many up in one step, and makes those that are missing."""
        wanted = {text: short_hash(text, 4) for text in texts if text not in self._known}
        if not wanted:
            return
        sql = "SELECT text, id FROM phrases WHERE hash IN (SELECT value FROM json_each(?)) ORDER BY id"
        for text, row in self._db.execute(sql, (json.dumps(list(wanted.values())),)):
            if text in wanted:
                self._known.setdefault(text, []).append(row)
        new = [(number, text) for text, number in wanted.items() if text not in self._known]
        if new:
            last = self._db.execute("SELECT coalesce(max(id), 0) FROM phrases").fetchone()[0]
            rows = [(row, *values) for row, values in enumerate(new, last + 1)]
            _insert_phrases(self._db, rows)
            self._known.update((text, [row]) for row, _, text in rows)

    def ids(self, text: str) -> list[int]:
        """All rows of a text, at least one."""
        if text not in self._known:
            self.learn([text])
        return self._known[text]

    def __getitem__(self, text: str) -> int:
        return self.ids(text)[0]

    def again(self, text: str) -> int:
        """One row more of a text."""
        values = (short_hash(text, 4), text)
        row = int(self._db.execute("INSERT INTO phrases(hash, text) VALUES (?, ?)", values).lastrowid or 0)
        self.ids(text).append(row)
        return row


def _insert_phrases(db: Database, rows: list[tuple[int, int, str]]) -> None:
    """Several rows a statement: each statement has SQLite prepare the full-text index to be set back."""
    start = 0
    for size in _TOGETHER:
        sql = f"INSERT INTO phrases(id, hash, text) VALUES {', '.join(['(?, ?, ?)'] * size)}"  # noqa: S608 - constants
        while len(rows) - start >= size:
            db.execute(sql, [value for row in rows[start : start + size] for value in row])
            start += size


def short_hash(text: str, size: int) -> int:
    """BLAKE2b of ``size`` bytes as a signed integer: in an index it takes a fraction of the text that it finds."""
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "big", signed=True)


def split_url(url: str | None) -> tuple[str | None, str | None]:
    """What a URL shares with many others, and the rest; joined they are the URL again. Both None without one."""
    if url is None:
        return None, None
    match = _BEGINNING.match(url)
    beginning = match[0] if match else ""
    return beginning, url[len(beginning) :]
