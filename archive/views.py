"""Views that answer a question each. Their names and columns are a contract for people's SQL, as the tables' are."""

from archive.look import Outcome

_GOOD = (Outcome.CHANGED, Outcome.IMPORTED, Outcome.NEW, Outcome.NOT_MODIFIED, Outcome.SAME)
_OPTED_OUT = (Outcome.DIGEST_ONLY, Outcome.ROBOTS)


def _quoted(outcomes: tuple[Outcome, ...]) -> str:
    return ", ".join(f"'{outcome}'" for outcome in outcomes)


_HEADLINES = """
CREATE VIEW headlines AS
    SELECT a.site, i.title, i.url, a.url AS page, i.heading, i.kind, i.position, i.first_seen, i.last_seen, i.sightings
    FROM list_items i JOIN articles a ON a.id = i.article
"""

# `announced` and `judged` walk the index discoveries_announced in the order of URLs and look each URL up in
# fetches_url_outcome; `asked` walks fetches_sources. No table is read but discoveries' and fetches' indexes.
_COVERAGE = f"""
CREATE VIEW coverage AS
WITH RECURSIVE
    judged AS (
        SELECT site, substr(coalesce(min(published), min(at)), 1, 10) AS day,
               CASE WHEN EXISTS(SELECT 1 FROM fetches f WHERE f.url = d.url AND f.kind = 'article'
                                AND f.outcome IN ({_quoted(_GOOD)})) THEN 1
                    WHEN EXISTS(SELECT 1 FROM fetches f WHERE f.url = d.url AND f.kind = 'article'
                                AND f.outcome IN ({_quoted(_OPTED_OUT)})) THEN 2
                    WHEN EXISTS(SELECT 1 FROM fetches f WHERE f.url = d.url AND f.kind = 'article') THEN 3
               END AS fate
        FROM discoveries d WHERE kind IN ('feed', 'sitemap') GROUP BY url, site),
    announced AS (
        SELECT day, site, count(*) AS expected, sum(fate IS 1) AS archived, sum(fate IS 3) AS failed,
               sum(fate IS 2) AS opted_out, sum(fate IS NULL) AS waiting, 0 AS source_looks, 0 AS source_failures
        FROM judged GROUP BY day, site),
    asked AS (
        SELECT substr(started_at, 1, 10) AS day, site, count(*) AS looks,
               sum(error IS NOT NULL OR outcome NOT IN ({_quoted(_GOOD)})) AS failures
        FROM fetches WHERE kind IN ('feed', 'sitemap') GROUP BY site, day),
    days(day, site, last) AS (
        SELECT min(day), site, max(day) FROM asked GROUP BY site
        UNION ALL
        SELECT date(day, '+1 day'), site, last FROM days WHERE day < last)
SELECT day, site, sum(expected) AS expected, sum(archived) AS archived, sum(failed) AS failed,
       sum(opted_out) AS opted_out, sum(waiting) AS waiting, sum(source_looks) AS source_looks,
       sum(source_failures) AS source_failures,
       CASE WHEN sum(source_looks) = 0 AND sum(expected) = 0 THEN 'unwatched'
            WHEN sum(source_looks) > 0 AND sum(source_looks) = sum(source_failures) THEN 'outage'
            WHEN sum(expected) = 0 THEN 'quiet'
            ELSE 'normal' END AS state
FROM (SELECT * FROM announced
      UNION ALL SELECT day, site, 0, 0, 0, 0, 0, looks, failures FROM asked
      UNION ALL SELECT day, site, 0, 0, 0, 0, 0, 0, 0 FROM days)
GROUP BY day, site
"""  # noqa: S608 - constants of this module

VIEWS: dict[str, str] = {"headlines": _HEADLINES.strip(), "coverage": _COVERAGE.strip()}
"""The statement that makes each view, by its name.

``headlines``: which headline a site's page promoted, where and when; ``page`` is the page that showed it, ``url`` where
the headline leads. ``coverage``: for each day and site how many articles its feeds and sitemaps announced as published
that day (found that day, where they state no date), and what became of them: ``archived``; ``failed``, by every look
so far; ``opted_out``, kept out by robots.txt or by their own wish; ``waiting`` for a first look. ``state`` tells why a
day has few: ``outage``, no feed or sitemap of the site could be read that day; ``unwatched``, none was asked;
``quiet``, they were read and announced nothing; else ``normal``.
"""

INDEXES: dict[str, str] = {
    "discoveries_announced": "CREATE INDEX discoveries_announced ON discoveries(url, site, published, at, kind) "
    "WHERE kind IN ('feed', 'sitemap')",
    "fetches_url_outcome": "CREATE INDEX fetches_url_outcome ON fetches(url, kind, outcome)",
    "fetches_sources": "CREATE INDEX fetches_sources ON fetches(site, started_at, outcome, error, kind) "
    "WHERE kind IN ('feed', 'sitemap')",
    "placements_last_seen": "CREATE INDEX placements_last_seen ON placements(last_seen)",
}
"""The indexes that keep the views quick, by name."""
