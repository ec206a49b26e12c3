"""What an attached archive derived from looks that were just taken from it: copied where it still holds.

An article is copied when no URL of it is known here, all its bodies and texts are what their digests say, and each of
its looks was read under today's rules; then a rebuild would give the same rows. Every other one is derived anew.
"""

from collections.abc import Iterable

from sqlite_utils import Database

from archive import keys
from archive.adopt_lists import NOTES, copy_lists
from archive.attribution import follow, retarget
from archive.look import Outcome
from archive.rebuild import Desk, rebuild
from archive.shown import READABLE_MARKS, rules_now

_CHUNK = 200
_ARTICLE = (
    "canonical_url, title, authors, published, modified, section, language, first_seen, last_seen, version_count, "
    "state, rules, shown_key"
)
_VERSION = (
    "number, text_key, raw_key, first_seen, last_seen, sightings, words_added, words_removed, kinds, rules, folded"
)


def adopt(desk: Desk, restored: Iterable[str]) -> None:
    """Derives the looks of ``temp.taken``, and those that show a body of ``restored`` again."""
    db = desk.db
    for table in ("touched", "same_url", "same_article", "same_version", *NOTES):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
    _mark(db)
    _mark_older_rules(desk)
    _mark_false_texts(desk)
    _urls(db)
    _copy_articles(db)
    _copy_sightings(db)
    copy_lists(db)
    targets = _attribute(db)
    for key in restored:
        sql = "SELECT s.target FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE f.raw_key = ?"
        targets |= {row[0] for row in db.execute(sql, (key,))}
    queue = sorted(targets)
    for start in range(0, len(queue), _CHUNK):
        rebuild(desk, queue[start : start + _CHUNK])


def _mark(db: Database) -> None:
    """``touched``: the source's targets with a look, a URL, a body or a text about which we know something else."""
    db.execute("CREATE TEMP TABLE touched(target INTEGER PRIMARY KEY)")
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT s.target FROM source.sightings s JOIN source.fetches f ON f.id = s.fetch "
        "LEFT JOIN temp.taken t ON t.old = s.fetch LEFT JOIN main.raw_bodies b ON b.key = f.raw_key "
        "WHERE t.old IS NULL OR f.raw_key IN (SELECT key FROM temp.clash) "
        "OR (f.raw_key IS NOT NULL AND b.key IS NULL)"
    )
    for column in ("asked", "page", "claim", "target"):
        db.execute(
            "INSERT OR IGNORE INTO touched SELECT s.target FROM source.sightings s JOIN source.urls u "  # noqa: S608
            f"ON u.id = s.{column} JOIN main.urls m ON m.url = u.url"
        )
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT s.target FROM source.sightings s "
        "JOIN source.versions v ON v.id = s.version "
        "JOIN source.texts x ON x.key = v.text_key JOIN main.texts m ON m.key = x.key WHERE m.sha256 <> x.sha256"
    )


def _mark_older_rules(desk: Desk) -> None:
    """The source's targets that were not read, every look of them, under the one digest that holds for all today."""
    if desk.rules is None:
        desk.db.execute("INSERT OR IGNORE INTO temp.touched SELECT target FROM source.sightings")
        return
    desk.db.execute(
        "INSERT OR IGNORE INTO temp.touched SELECT u.id FROM source.articles a JOIN source.urls u ON u.url = a.url "
        "JOIN source.versions v ON v.article = a.id WHERE v.rules IS NOT a.rules"
    )
    looks = desk.db.execute(
        "SELECT s.target, coalesce(f.final_url, f.url), f.started_at, f.record, a.rules FROM source.sightings s "  # noqa: S608
        "JOIN source.fetches f ON f.id = s.fetch JOIN source.urls u ON u.id = s.page "
        "LEFT JOIN source.articles a ON a.id = s.article "
        f"WHERE f.raw_key IS NOT NULL AND f.outcome IN ({READABLE_MARKS}) AND u.rules IS a.rules "
        "AND s.target NOT IN (SELECT target FROM temp.touched)"
    )
    others = [(target,) for target, *look, rules in looks if rules != rules_now(desk.rules, *look)]
    desk.db.conn.executemany("INSERT OR IGNORE INTO temp.touched VALUES (?)", others)
    desk.db.execute(
        "INSERT OR IGNORE INTO temp.touched SELECT s.target FROM source.sightings s "  # noqa: S608
        "JOIN source.fetches f ON f.id = s.fetch JOIN source.urls u ON u.id = s.page "
        "LEFT JOIN source.articles a ON a.id = s.article "
        f"WHERE f.raw_key IS NOT NULL AND (f.outcome = '{Outcome.EXTRACT_CRASH}' "
        f"OR (f.outcome IN ({READABLE_MARKS}) AND u.rules IS NOT a.rules))"
    )


def _mark_false_texts(desk: Desk) -> None:
    """The source's targets with a text that is not what its digest and its key say."""
    texts = desk.db.execute(
        "SELECT x.key, x.sha256, x.title, x.text FROM source.texts x "
        "WHERE NOT EXISTS(SELECT 1 FROM main.texts m WHERE m.key = x.key)"
    )
    false = [
        (key,)
        for key, sha256, title, text in texts
        if keys.digest(keys.text_bytes(title, text)) != sha256 or desk.shorten(sha256) != key
    ]
    desk.db.conn.executemany(
        "INSERT OR IGNORE INTO temp.touched SELECT u.id FROM source.versions v JOIN source.articles a "
        "ON a.id = v.article JOIN source.urls u ON u.url = a.url WHERE v.text_key = ?",
        false,
    )


def _urls(db: Database) -> None:
    db.execute(
        "INSERT INTO main.urls(url, base_key, rules) SELECT url, (SELECT m.key FROM main.raws m JOIN main.raw_bodies y "
        "USING (key) WHERE m.key = u.base_key AND m.base_key IS NULL), rules FROM source.urls u "
        "WHERE NOT EXISTS(SELECT 1 FROM main.urls m WHERE m.url = u.url) ORDER BY u.id"
    )
    db.execute(
        "CREATE TEMP TABLE same_url AS SELECT u.id AS old, m.id AS new FROM source.urls u JOIN main.urls m USING (url)"
    )
    db.execute("CREATE UNIQUE INDEX temp.same_url_old ON same_url(old)")


def _copy_articles(db: Database) -> None:
    db.execute(
        f"INSERT INTO main.articles(key, url, site, {_ARTICLE}) SELECT a.key, a.url, a.site, {_ARTICLE} "  # noqa: S608
        "FROM source.articles a WHERE a.url NOT IN (SELECT u.url FROM source.urls u JOIN temp.touched t "
        "ON t.target = u.id) ORDER BY a.id"
    )
    db.execute(
        "CREATE TEMP TABLE same_article AS SELECT a.id AS old, m.id AS new FROM source.articles a "
        "JOIN source.urls u ON u.url = a.url JOIN main.articles m ON m.url = a.url "
        "WHERE u.id NOT IN (SELECT target FROM temp.touched)"
    )
    db.execute("CREATE UNIQUE INDEX temp.same_article_old ON same_article(old)")
    db.execute(
        "INSERT INTO main.texts(key, sha256, title, text, words) SELECT key, sha256, title, text, words "
        "FROM source.texts x WHERE key IN (SELECT text_key FROM source.versions v JOIN temp.same_article a "
        "ON a.old = v.article) AND NOT EXISTS(SELECT 1 FROM main.texts m WHERE m.key = x.key) ORDER BY x.id"
    )
    db.execute(
        f"INSERT INTO main.versions(article, {_VERSION}) SELECT a.new, {_VERSION} FROM source.versions v "  # noqa: S608
        "JOIN temp.same_article a ON a.old = v.article ORDER BY v.id"
    )
    db.execute(
        "CREATE TEMP TABLE same_version AS SELECT v.id AS old, m.id AS new FROM source.versions v "
        "JOIN temp.same_article a ON a.old = v.article "
        "JOIN main.versions m ON m.article = a.new AND m.number = v.number"
    )
    db.execute("CREATE UNIQUE INDEX temp.same_version_old ON same_version(old)")
    db.execute(
        "UPDATE main.articles SET latest_version = (SELECT v.id FROM main.versions v WHERE v.article = articles.id "
        "ORDER BY v.number DESC LIMIT 1) WHERE id IN (SELECT new FROM temp.same_article)"
    )


def _copy_sightings(db: Database) -> None:
    """All new looks get their place; those of touched articles get article and version when they are derived."""
    db.execute(
        "INSERT INTO main.sightings(fetch, article, version, asked, page, claim, target) "
        "SELECT t.new, a.new, v.new, asked.new, page.new, claim.new, target.new FROM temp.taken t "
        "JOIN source.sightings s ON s.fetch = t.old LEFT JOIN temp.same_article a ON a.old = s.article "
        "LEFT JOIN temp.same_version v ON v.old = s.version JOIN temp.same_url asked ON asked.old = s.asked "
        "JOIN temp.same_url page ON page.old = s.page LEFT JOIN temp.same_url claim ON claim.old = s.claim "
        "JOIN temp.same_url target ON target.old = s.target ORDER BY t.new"
    )
    db.execute(
        "INSERT INTO main.events(article, version, at, kind, weight, detail) "
        "SELECT a.new, v.new, e.at, e.kind, e.weight, e.detail FROM source.events e "
        "JOIN temp.same_article a ON a.old = e.article LEFT JOIN temp.same_version v ON v.old = e.version ORDER BY e.id"
    )


def _attribute(db: Database) -> set[int]:
    """Settles which articles the new looks at known URLs belong to; returns the targets to derive anew."""
    rows = db.execute(
        "SELECT m.asked, m.claim, m.target FROM temp.touched o JOIN source.sightings s ON s.target = o.target "
        "JOIN temp.taken t ON t.old = s.fetch JOIN main.sightings m ON m.fetch = t.new"
    ).fetchall()
    asked = {row[0] for row in rows}
    claims = {row[1] for row in rows} - {None}
    for one in asked:
        claims |= follow(db, one)
    return {row[2] for row in rows} | retarget(db, asked, claims)
