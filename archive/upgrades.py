"""What the rows of older schemas become."""

from datetime import datetime

from sqlite_utils import Database

from archive.placements import Item, Placing
from extractors import ListItem

_HEADLINES = """
SELECT p.article, p.heading, p.kind, p.position, h.title, h.url, h.teaser, h.section, p.when_text, p.when_at,
       p.when_until, p.sightings, p.last_fetch, coalesce((
           SELECT s.fetch FROM sightings s JOIN fetches f ON f.id = s.fetch
           WHERE s.article = p.article AND f.started_at = p.first_seen ORDER BY f.run, f.seq LIMIT 1), p.last_fetch)
FROM placements_1 p JOIN headlines h ON h.id = p.headline ORDER BY p.last_fetch, p.article, p.heading, p.position
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


def copy_lists(db: Database) -> None:
    """Schema 1 kept whole headlines, and texts and times with each placement."""
    placing = Placing(db)
    for row in db.execute(_HEADLINES):
        article, heading, kind, position, title, url, teaser, section, when_text, at, until, sightings, last, first = (
            row
        )
        start, end = (None if moment is None else datetime.fromisoformat(moment) for moment in (at, until))
        item = ListItem(
            title=title, url=url, teaser=teaser, section=section, when_text=when_text, when_at=start, when_until=end
        )
        placing.add(article, Item(heading, kind, position, item), first, None if last == first else last, sightings)
    placing.write()
