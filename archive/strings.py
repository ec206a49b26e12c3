"""Strings of lists, each stored once: labels (headings, kinds, ages, origins) and phrases (titles, teasers)."""

import json
import re
from collections.abc import Collection
from hashlib import blake2b

from sqlite_utils import Database

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


class Labels:
    """The row ids of labels, made where they are new; those once asked for are remembered."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, int] = {}

    def know(self, texts: Collection[str]) -> None:
        """Looks many up in one step."""
        sql = "SELECT text, id FROM labels WHERE text IN (SELECT value FROM json_each(?))"
        self._known.update(self._db.execute(sql, (json.dumps(list(texts)),)).fetchall())

    def __getitem__(self, text: str) -> int:
        if text not in self._known:
            self.know([text])
        if text not in self._known:
            self._known[text] = int(self._db.execute("INSERT INTO labels(text) VALUES (?)", (text,)).lastrowid or 0)
        return self._known[text]


def phrase_id(db: Database, text: str) -> int:
    """The row id of a phrase, made when it is new."""
    number = short_hash(text, 4)
    row = db.execute("SELECT id FROM phrases WHERE hash = ? AND text = ?", (number, text)).fetchone()
    if row is not None:
        return int(row[0])
    return int(db.execute("INSERT INTO phrases(hash, text) VALUES (?, ?)", (number, text)).lastrowid or 0)


def short_hash(text: str, size: int) -> int:
    """BLAKE2b of ``size`` bytes as a signed integer: in an index it takes a fraction of the text that it finds."""
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "big", signed=True)


def split_url(url: str | None) -> tuple[str | None, str | None]:
    """Scheme and host, and the rest; joined they are the URL again. Both None without one."""
    if url is None:
        return None, None
    match = _ORIGIN.match(url)
    origin = match[0] if match else ""
    return origin, url[len(origin) :]
