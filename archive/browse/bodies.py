"""Archived bodies, read for the pages."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.blobs import Bodies
from archive.browse.page import NoSuchPage
from archive.browse.reading import Row, Rows
from archive.errors import DamagedBody
from archive.shown import FETCH_COLUMNS, READABLE, FetchRow, replay_page
from extractors import Page

_READABLE = ", ".join(f"'{outcome}'" for outcome in sorted(READABLE))
_LOOK = f"""
SELECT {FETCH_COLUMNS} FROM fetches f WHERE f.raw_key = :key
ORDER BY f.outcome IN ({_READABLE}) DESC, f.started_at LIMIT 1
"""  # noqa: S608 - constants of this module
_ARTICLES = """
SELECT DISTINCT a.key AS article, a.title, a.url, v.text_key FROM fetches f JOIN sightings s ON s.fetch = f.id
JOIN articles a ON a.id = s.article LEFT JOIN versions v ON v.id = s.version
WHERE f.raw_key = :key LIMIT 20
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A body's row of ``raws``, the first look that had it, the articles that were read from it, and itself.

    ``stored`` is False where only its digest is kept, as in most copies that were published.
    """

    raw: Row
    look: FetchRow
    articles: list[Row]
    stored: bool
    body: bytes | None

    def page(self) -> Page:
        """The page as it was fetched."""
        assert self.body is not None
        return replay_page(self.look, self.body)


def kept(rows: Rows, key: str, *, most: int | None = None) -> Kept:
    """What is kept under the key of a raw; its ``body`` is None when larger than ``most`` bytes or not asked for (0).

    Raises NoSuchPage for a key that is unknown, taken down or damaged.
    """
    raw = rows.one("SELECT key, sha256, size, stored_size, base_key FROM raws WHERE key = :key", key=key)
    look = rows.one(_LOOK, key=key)
    if raw is None or look is None:
        raise NoSuchPage(_why(rows, key))
    stored = bool(rows.value("SELECT 1 FROM raw_bodies WHERE key = :key", key=key))
    if not stored and most != 0:
        raise NoSuchPage(_why(rows, key, "Only the digest of this page is kept here, not its body."))
    body = None
    if most is None or raw["size"] <= most:
        try:
            body = Bodies(Database(rows.connection, recursive_triggers=False, execute_plugins=False)).read(key)
        except DamagedBody as error:
            raise NoSuchPage(_why(rows, key, f"The body cannot be shown: {error}.")) from error
    return Kept(raw=raw, look=FetchRow(**look), articles=rows.all(_ARTICLES, key=key), stored=stored, body=body)


def _why(rows: Rows, key: str, otherwise: str = "") -> str:
    removed = rows.one("SELECT at, reason FROM removals WHERE key = :key", key=key)
    if removed is not None:
        return f"The page {key} was taken out of this archive on {removed['at'][:10]}: {removed['reason']}"
    return otherwise or f"No archived page has the key {key}."
