"""Views that answer a question each. Their names and columns are a contract for people's SQL, as the tables' are."""

_HEADLINES = """
CREATE VIEW headlines AS
    SELECT a.site, i.title, i.url, a.url AS page, i.heading, i.kind, i.position, i.first_seen, i.last_seen, i.sightings,
           i.article
    FROM list_items i JOIN articles a ON a.id = i.article
"""

_COVERAGE = """
CREATE VIEW coverage AS
WITH RECURSIVE days(day, site, last) AS (
    SELECT min(day), site, max(day) FROM coverage_days WHERE source_looks > 0 GROUP BY site
    UNION ALL
    SELECT date(day, '+1 day'), site, last FROM days WHERE day < last)
SELECT day, site, expected, archived, failed, opted_out, waiting, source_looks, source_failures,
       CASE WHEN source_looks > 0 AND source_looks = source_failures THEN 'outage'
            WHEN expected > 0 THEN 'normal'
            WHEN source_looks > 0 THEN 'quiet'
            ELSE 'unwatched' END AS state
FROM (SELECT day, site, expected, archived, failed, opted_out, waiting, source_looks, source_failures
      FROM coverage_days WHERE expected + source_looks > 0
      UNION ALL
      SELECT day, site, 0, 0, 0, 0, 0, 0, 0 FROM days
      WHERE NOT EXISTS(SELECT 1 FROM coverage_days c
                       WHERE c.day = days.day AND c.site = days.site AND c.expected + c.source_looks > 0))
"""

VIEWS: dict[str, str] = {"headlines": _HEADLINES.strip(), "coverage": _COVERAGE.strip()}
"""The statement that makes each view, by its name.

``headlines``: which headline a site's page promoted, where and when; ``page`` is the page that showed it, ``url`` where
the headline leads, ``article`` the id of the page's article.

``coverage``: for each day and site how many articles its feeds and sitemaps announced as published that day (found that
day, where they state no date), and what became of them: ``archived``; ``failed``, by every look so far; ``opted_out``,
kept out by robots.txt or by their own wish; ``waiting`` for a first look. ``state`` tells why a day has few:
``outage``, no feed or sitemap of the site could be read that day; ``unwatched``, none was asked; ``quiet``, they were
read and announced nothing; else ``normal``.
"""

_FAILED = (
    "(outcome NOT IN ('new', 'changed', 'same', 'not-modified', 'digest-only', 'imported') "
    "AND NOT (kind = 'robots' AND outcome IN ('http-404', 'http-410'))) "
    "OR (kind IN ('feed', 'sitemap', 'listing') AND error IS NOT NULL)"
)
"""The condition of the view ``failures``, word for word: only then SQLite sees that the index holds its rows."""

INDEXES: dict[str, str] = {
    "fetches_failures": f"CREATE INDEX fetches_failures ON fetches(started_at, outcome, site) WHERE {_FAILED}",
    "versions_edits": "CREATE INDEX versions_edits ON versions(first_seen) WHERE number > 1",
}
"""The indexes that keep the views and the feeds of edits quick, by name.

What ``coverage`` reads is rolled up in ``archive/announced.py``.
"""
