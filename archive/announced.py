"""What feeds and sitemaps announced and what became of it, rolled up by day and site as facts arrive.

Triggers keep the two tables, so that every way into the archive (a crawl, an import, a merge) does, and a page about
years of news costs no scan of all looks. Both follow from ``discoveries`` and ``fetches`` alone: COMPUTED gives them
again.
"""

from archive.look import Outcome

ARCHIVED, OPTED_OUT, FAILED, WAITING = 1, 2, 3, 4
"""Fates of an announced article, the best first: what any look so far came to."""

_GOOD = (Outcome.CHANGED, Outcome.IMPORTED, Outcome.NEW, Outcome.NOT_MODIFIED, Outcome.SAME)
_KEPT_OUT = (Outcome.DIGEST_ONLY, Outcome.ROBOTS)
_SOURCES = "('feed', 'sitemap')"


def _in(outcomes: tuple[Outcome, ...]) -> str:
    return f"IN ({', '.join(repr(str(outcome)) for outcome in outcomes)})"


def _fate(row: str) -> str:
    return (
        f"CASE WHEN {row}.outcome {_in(_GOOD)} THEN {ARCHIVED} "
        f"WHEN {row}.outcome {_in(_KEPT_OUT)} THEN {OPTED_OUT} ELSE {FAILED} END"
    )


def _unread(row: str) -> str:
    """A source that answered and could not be read has an error beside its outcome."""
    return f"({row}.error IS NOT NULL OR NOT {row}.outcome {_in(_GOOD)})"


def _sums(row: str, sign: str) -> str:
    """The columns of ``coverage_days`` that one announced article counts in."""
    fates = {"archived": ARCHIVED, "failed": FAILED, "opted_out": OPTED_OUT, "waiting": WAITING}
    counts = ", ".join(f"{name} = {name} {sign} ({row}.fate = {fate})" for name, fate in fates.items())
    return (
        f"UPDATE coverage_days SET expected = expected {sign} 1, {counts} WHERE day = {row}.day AND site = {row}.site;"  # noqa: S608
    )


_DAY = "INSERT INTO coverage_days(day, site) VALUES ({}) ON CONFLICT DO NOTHING;"

TABLES = (
    """
CREATE TABLE announced(
    url TEXT NOT NULL, site TEXT NOT NULL, day TEXT, is_stated INTEGER NOT NULL DEFAULT 0,
    fate INTEGER NOT NULL DEFAULT 4, PRIMARY KEY(url, site)) WITHOUT ROWID
""",
    """
CREATE TABLE coverage_days(
    day TEXT NOT NULL, site TEXT NOT NULL, expected INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, opted_out INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,
    source_looks INTEGER NOT NULL DEFAULT 0, source_failures INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(day, site)) WITHOUT ROWID
""",
)
"""``announced``: each URL of an article that was announced or looked at, once a site, on the first day that a feed or
sitemap states for it, else (``is_stated`` 0) on the day it was found first; ``day`` is NULL until it is announced.
``coverage_days``: counts of those announced, and of looks at feeds and sitemaps."""

TRIGGERS = (
    f"""
CREATE TRIGGER announced_found AFTER INSERT ON discoveries WHEN NEW.kind IN {_SOURCES} BEGIN
    INSERT INTO announced(url, site, day, is_stated)
    VALUES (NEW.url, NEW.site, substr(coalesce(NEW.published, NEW.at), 1, 10), NEW.published IS NOT NULL)
    ON CONFLICT(url, site) DO UPDATE SET day = excluded.day, is_stated = excluded.is_stated
    WHERE announced.day IS NULL OR (excluded.is_stated, announced.day) > (announced.is_stated, excluded.day);
END
""",  # noqa: S608
    f"""
CREATE TRIGGER announced_seen AFTER INSERT ON fetches WHEN NEW.kind = 'article' BEGIN
    INSERT INTO announced(url, site, fate) VALUES (NEW.url, NEW.site, {_fate("NEW")})
    ON CONFLICT(url, site) DO UPDATE SET fate = excluded.fate WHERE announced.fate > excluded.fate;
END
""",  # noqa: S608
    f"""
CREATE TRIGGER coverage_days_asked AFTER INSERT ON fetches WHEN NEW.kind IN {_SOURCES} BEGIN
    {_DAY.format("substr(NEW.started_at, 1, 10), NEW.site")}
    UPDATE coverage_days SET source_looks = source_looks + 1, source_failures = source_failures + {_unread("NEW")}
    WHERE day = substr(NEW.started_at, 1, 10) AND site = NEW.site;
END
""",  # noqa: S608
    f"""
CREATE TRIGGER coverage_days_counted AFTER INSERT ON announced WHEN NEW.day IS NOT NULL BEGIN
    {_DAY.format("NEW.day, NEW.site")}
    {_sums("NEW", "+")}
END
""",
    f"""
CREATE TRIGGER coverage_days_moved AFTER UPDATE OF day, fate ON announced WHEN NEW.day IS NOT NULL BEGIN
    {_DAY.format("NEW.day, NEW.site")}
    {_sums("OLD", "-")}
    {_sums("NEW", "+")}
END
""",
)

COMPUTED = {
    "announced": f"""
SELECT url, site, coalesce(min(stated), min(found)) AS day, max(stated IS NOT NULL) AS is_stated, min(fate) AS fate
FROM (SELECT url, site, substr(published, 1, 10) AS stated, substr(at, 1, 10) AS found, {WAITING} AS fate
      FROM discoveries WHERE kind IN {_SOURCES}
      UNION ALL
      SELECT url, site, NULL, NULL, {_fate("fetches")} FROM fetches WHERE kind = 'article')
GROUP BY url, site
""",  # noqa: S608
    "coverage_days": f"""
SELECT day, site, sum(expected) AS expected, sum(archived) AS archived, sum(failed) AS failed,
       sum(opted_out) AS opted_out, sum(waiting) AS waiting, sum(source_looks) AS source_looks,
       sum(source_failures) AS source_failures
FROM (SELECT day, site, count(*) AS expected, sum(fate = {ARCHIVED}) AS archived, sum(fate = {FAILED}) AS failed,
             sum(fate = {OPTED_OUT}) AS opted_out, sum(fate = {WAITING}) AS waiting, 0 AS source_looks,
             0 AS source_failures
      FROM announced WHERE day IS NOT NULL GROUP BY day, site
      UNION ALL
      SELECT substr(started_at, 1, 10) AS day, site, 0, 0, 0, 0, 0, count(*), sum({_unread("fetches")})
      FROM fetches WHERE kind IN {_SOURCES} GROUP BY 1, site)
GROUP BY day, site
""",  # noqa: S608
}
"""Each table from the facts, the first one first: what fills them, and what they are checked against. A day whose
articles all went to other days is left in ``coverage_days`` with zeros."""

FILL = {table: f"INSERT INTO {table} {query.strip()}" for table, query in COMPUTED.items()}

STATEMENTS = (*TABLES, *FILL.values(), *TRIGGERS)
"""What gives an archive the roll-up. It is filled before its triggers stand, which would count everything twice."""

CURE = "; ".join(
    (
        "DELETE FROM coverage_days", "DELETE FROM announced", FILL["announced"],
        "DELETE FROM coverage_days", FILL["coverage_days"],
    )
)  # fmt: skip
"""SQL for the sqlite3 shell that rolls both up anew, whatever the triggers count meanwhile."""
