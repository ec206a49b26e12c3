"""What the rows of older schemas become."""

from datetime import datetime

from sqlite_utils import Database

from archive.links import Links
from archive.placements import Item, Placing, Seen
from archive.strings import Labels, Phrases
from extractors import ListItem

_MANY = 1000
_HEADLINES = """
SELECT p.*, f.started_at
FROM (SELECT p.article, p.heading, p.kind, p.position, h.title, h.url, h.teaser, h.section, p.when_text, p.when_at,
             p.when_until, p.sightings, p.last_fetch, coalesce((
                 SELECT s.fetch FROM sightings s JOIN fetches f ON f.id = s.fetch
                 WHERE s.article = p.article AND f.started_at = p.first_seen ORDER BY f.run, f.seq LIMIT 1),
                 p.last_fetch) AS first_fetch
      FROM placements_1 p JOIN headlines h ON h.id = p.headline) p JOIN fetches f ON f.id = p.first_fetch
ORDER BY p.last_fetch, p.article, p.heading, p.position
"""

LISTS_BEFORE = """
DROP INDEX placements_headline;
ALTER TABLE placements RENAME TO placements_1;
"""
STATE_BEFORE = """
DROP INDEX frontier_site_next_at;
ALTER TABLE frontier RENAME TO frontier_1;
ALTER TABLE hosts RENAME TO hosts_1;
"""
STATE_AFTER = """
INSERT INTO frontier SELECT *, NULL, NULL FROM frontier_1;
INSERT INTO hosts SELECT *, 0, 0 FROM hosts_1;
DROP TABLE frontier_1;
DROP TABLE hosts_1;
"""
LISTS_AFTER = """
DROP TABLE headlines_fts;
DROP TABLE placements_1;
DROP TABLE headlines;
DROP INDEX fetches_url;
DROP INDEX fetches_outcome;
DROP INDEX fetches_site_outcome;
DROP INDEX raws_base_key;
CREATE INDEX fetches_url ON fetches(url) WHERE kind <> 'article';
CREATE INDEX fetches_outcome ON fetches(outcome, site);
"""


LINKS_BEFORE = """
DROP INDEX links_title;
DROP INDEX placements_article;
DROP INDEX placements_teaser;
ALTER TABLE placements RENAME TO placements_2;
ALTER TABLE links RENAME TO links_2;
CREATE TEMP TABLE link_ids(old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
"""
LINKS_AFTER = """
CREATE TEMP TABLE items_2 AS
    SELECT p.*, CASE WHEN p.when_span % 60000 IS NOT 0 AND p.when_span IS NOT NULL THEN NULL
                     WHEN (f.ms - p.when_at) % 60000 = 0 THEN (f.ms - p.when_at) / 60000 END AS when_ago
    FROM placements_2 p JOIN (
        SELECT id, CAST(strftime('%s', substr(started_at, 1, 19)) AS INTEGER) * 1000
                   + CAST(substr(started_at, 21, 3) AS INTEGER) AS ms FROM fetches) f ON f.id = p.first_fetch;
INSERT INTO spots(list, section, when_text, when_ago, when_span)
    SELECT DISTINCT list, section, when_text, when_ago, when_span FROM items_2;
INSERT INTO placements
    SELECT p.article, l.new, s.id, p.position, p.teaser, CASE WHEN p.when_ago IS NULL THEN p.when_at END,
           p.first_fetch, p.last_fetch, p.sightings
    FROM items_2 p JOIN link_ids l ON l.old = p.link
         JOIN spots s ON s.list = p.list AND s.section IS p.section AND s.when_text IS p.when_text
              AND s.when_ago IS p.when_ago AND s.when_span IS p.when_span
    ORDER BY p.first_fetch, p.article, l.new;
DROP TABLE temp.items_2;
DROP TABLE temp.link_ids;
DROP TABLE placements_2;
DROP TABLE links_2;
"""


def copy_lists(db: Database) -> None:
    """Schema 1 kept whole headlines, and texts and times with each placement."""
    placing = Placing(db)
    for *row, last, first, started_at in db.execute(_HEADLINES):
        article, heading, kind, position, title, url, teaser, section, when_text, at, until, sightings = row
        start, end = (None if moment is None else datetime.fromisoformat(moment) for moment in (at, until))
        item = ListItem(
            title=title, url=url, teaser=teaser, section=section, when_text=when_text, when_at=start, when_until=end
        )
        seen = Seen(first, None if last == first else last, sightings)
        placing.add(article, Item(f"{kind}\n{heading}", position, item), datetime.fromisoformat(started_at), seen)


def copy_links(db: Database) -> None:
    """Schema 2 gave each link a number and kept hashes to find it by; fills ``link_ids``."""
    rows = db.execute(
        "SELECT l.id, t.text, o.text || l.path FROM links_2 l JOIN phrases t ON t.id = l.title "
        "LEFT JOIN labels o ON o.id = l.origin ORDER BY l.id"
    )
    while many := rows.fetchmany(_MANY):
        found = Links(db, Labels(db), Phrases(db)).learn((title, url) for _, title, url in many)
        pairs = [(old, found[title, url]) for old, title, url in many]
        db.conn.executemany("INSERT INTO link_ids VALUES (?, ?)", pairs)
