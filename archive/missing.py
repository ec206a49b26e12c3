"""Whether a page was missed before: one look that finds nothing may be a fault of the site, two are a removal."""

from sqlite_utils import Database

from archive.identity import sent_home
from archive.shown import GONE, SENT_HOME, Shown


def missed_before(db: Database, article: int, shown: Shown) -> str | None:
    """When the look before this one missed the page, if it did; looks that show nothing at all are passed over.

    One look that is told twice, as by an archive and by the import of its WARC, has one time and is no second look.
    """
    at, run, seq = shown.order.rsplit(" ", 2)
    rows = db.execute(
        "SELECT f.started_at, f.outcome, f.url, f.final_url, f.raw_key, s.version FROM sightings s "
        "JOIN fetches f ON f.id = s.fetch WHERE s.article = ? AND (f.started_at, f.run, f.seq) < (?, ?, ?) "
        "ORDER BY f.started_at DESC, f.run DESC, f.seq DESC",
        (article, at, run, int(seq)),
    )
    for looked_at, outcome, url, final_url, raw_key, version in rows:
        if version is not None:
            return None
        if looked_at == at:
            continue
        if outcome in GONE or (outcome in SENT_HOME and raw_key is not None and sent_home(url, final_url or url)):
            return str(looked_at)
    return None
