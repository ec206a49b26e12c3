"""What must not leave an archive with a published copy: opted-out and forgotten articles, wherever they show."""

from dataclasses import dataclass

from sqlite_utils import Database

from archive.identity import page_url
from archive.wishes import CONCERNS_US, OPTED_OUT
from extractors import ExtractorError

_LEFT_URLS = """
SELECT u.url FROM temp.left_articles l JOIN sightings s ON s.article = l.id
    JOIN urls u ON u.id IN (s.asked, s.page, s.target)
UNION SELECT a.url FROM temp.left_articles l JOIN articles a ON a.id = l.id
UNION SELECT f.url FROM temp.left_articles l JOIN sightings s ON s.article = l.id JOIN fetches f ON f.id = s.fetch
"""
_FORGOTTEN_URLS = """
SELECT f.url FROM fetches f JOIN removals m ON m.key = f.raw_key JOIN sightings s ON s.fetch = f.id
WHERE NOT EXISTS(SELECT 1 FROM articles a JOIN urls u ON u.url = a.url WHERE u.id = s.target)
UNION
SELECT u.url FROM fetches f JOIN removals m ON m.key = f.raw_key JOIN sightings s ON s.fetch = f.id
JOIN urls u ON u.id IN (s.asked, s.page, s.target)
WHERE NOT EXISTS(SELECT 1 FROM articles a JOIN urls t ON t.url = a.url WHERE t.id = s.target)
"""
_OPTED_OUT_URLS = f"SELECT url FROM optouts WHERE {CONCERNS_US}"  # noqa: S608 - our own constants
_LEFT_FETCHES = """
SELECT s.fetch FROM temp.left_articles l JOIN sightings s ON s.article = l.id
UNION SELECT f.id FROM temp.left_urls l JOIN fetches f ON f.url = l.url
UNION SELECT s.fetch FROM temp.left_url_ids l JOIN sightings s ON s.asked = l.id
UNION SELECT s.fetch FROM temp.left_url_ids l JOIN sightings s ON s.target = l.id
UNION SELECT f.id FROM removals m JOIN fetches f ON f.raw_key = m.key
"""

_LEFT_LINKS = """
INSERT INTO temp.left_links SELECT l.id FROM main.links l LEFT JOIN main.labels origin ON origin.id = l.origin
WHERE is_left_out(origin.text || l.path)
"""

TABLES = ("left_articles", "left_fetches", "left_url_ids", "left_links", "left_urls")
"""Temporary tables of ids, the last one of URLs in all their forms."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How much is left out."""

    articles: int
    fetches: int


def leave_out(db: Database, *, opted_out: bool) -> LeftOut:
    """Fills TABLES and defines the SQL function is_left_out(url), which knows every form of a URL.

    ``opted_out`` keeps articles whose pages stated a wish. A URL that leads to something left out takes with it all
    that was ever found there: better one article too few than one too many.
    """
    forget_left_out(db)
    for name in TABLES[:-1]:
        db.execute(f"CREATE TEMP TABLE {name}(id INTEGER PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE left_urls(url TEXT PRIMARY KEY) WITHOUT ROWID")
    _add_urls(db, _FORGOTTEN_URLS)
    if not opted_out:
        db.execute(f"INSERT OR IGNORE INTO temp.left_articles {OPTED_OUT}")
        _add_urls(db, _OPTED_OUT_URLS)
    _add_urls(db, _LEFT_URLS)
    db.execute(
        "INSERT OR IGNORE INTO temp.left_articles SELECT a.id FROM temp.left_urls l JOIN articles a ON a.url = l.url"
    )
    _add_urls(db, _LEFT_URLS)
    db.execute("INSERT OR IGNORE INTO temp.left_url_ids SELECT u.id FROM temp.left_urls l JOIN urls u ON u.url = l.url")
    db.execute(f"INSERT OR IGNORE INTO temp.left_fetches {_LEFT_FETCHES}")
    left = {row[0] for row in db.execute("SELECT url FROM temp.left_urls")}
    db.conn.create_function("is_left_out", 1, lambda url: url in left or (bool(left and url) and _normal(url) in left))
    db.execute(_LEFT_LINKS)
    counts = (db.execute(f"SELECT count(*) FROM temp.{name}").fetchone()[0] for name in TABLES[:2])  # noqa: S608
    return LeftOut(*counts)


def forget_left_out(db: Database) -> None:
    """Takes the tables and the function away again."""
    for name in TABLES:
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")
    db.conn.create_function("is_left_out", 1, None)


def _add_urls(db: Database, sql: str) -> None:
    """Each URL as it stands and in its normal form."""
    for (url,) in db.execute(sql).fetchall():
        for form in {url, _normal(url)}:
            db.execute("INSERT OR IGNORE INTO temp.left_urls VALUES (?)", (form,))


def _normal(url: str) -> str:
    try:
        return page_url(url)
    except ExtractorError:
        return url
