"""Reading an archive: rows in, frozen records out."""

import difflib
import json
from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from archive.errors import UnknownArticle
from archive.identity import page_url
from archive.rows import ArticleRow, Event, Headline, LookRow, StoredItem, StoredText
from archive.version import Version
from extractors import ExtractorError, moment_text, parse_moment

_ARTICLE = (
    "a.id, a.key, a.url, a.site, a.canonical_url, a.title, a.authors, a.published, a.modified, a.section, a.language, "
    "a.first_seen, a.last_seen, a.version_count, a.state, a.rules"
)
_NEAR = 3


def articles(db: Database, *, site: str | None = None, limit: int | None = None) -> Iterator[ArticleRow]:
    """Articles, the latest seen first; streams."""
    where = "" if site is None else "WHERE a.site = :site"
    sql = f"SELECT {_ARTICLE} FROM articles a {where} ORDER BY a.last_seen DESC, a.id DESC LIMIT :limit"  # noqa: S608
    for row in db.execute(sql, {"site": site, "limit": -1 if limit is None else limit}):
        yield _article(row)


def article(db: Database, name: str) -> ArticleRow:
    """The article of a URL (any that led to it), of its own key, or of the key of one of its texts or raws."""
    for where, value in _ways(name):
        row = db.execute(f"SELECT {_ARTICLE} FROM articles a WHERE {where} LIMIT 1", (value,)).fetchone()  # noqa: S608
        if row is not None:
            return _article(row)
    raise UnknownArticle(_removed(db, name) or f"{name!r} is no article of this archive{_near(db, name)}")


def versions(db: Database, url: str, *, kinds: tuple[str, ...] = (), min_words: int = 0) -> list[Version]:
    """The history of an article, the first version first, or those versions of it with such events and words."""
    found = article(db, url)
    rows = db.execute(
        "SELECT number, text_key, raw_key, first_seen, last_seen, sightings, kinds, words_added, words_removed, rules "
        "FROM versions v WHERE article = :article AND words_added + words_removed >= :words AND (:kinds = '[]' OR "
        "EXISTS(SELECT 1 FROM events e WHERE e.version = v.id AND e.kind IN (SELECT value FROM json_each(:kinds)))) "
        "ORDER BY number",
        {"article": found.id, "words": min_words, "kinds": json.dumps(kinds)},
    )
    return [
        Version(
            article=found.url,
            number=number,
            text_key=text_key,
            raw_key=raw_key,
            first_seen=datetime.fromisoformat(first_seen),
            last_seen=datetime.fromisoformat(last_seen),
            sightings=sightings,
            kinds=tuple(json.loads(kinds)),
            words_added=added,
            words_removed=removed,
            rules=rules,
        )
        for number, text_key, raw_key, first_seen, last_seen, sightings, kinds, added, removed, rules in rows.fetchall()
    ]


def text(db: Database, key: str) -> StoredText:
    """A text by its key."""
    row = db.execute("SELECT key, sha256, title, text, words FROM texts WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise UnknownArticle(_removed(db, key) or f"{key!r} is the key of no text in this archive")
    return StoredText(**dict(zip(StoredText.__slots__, row, strict=True)))


def lists(db: Database, url: str, *, at: datetime | None = None) -> list[StoredItem]:
    """The headlines that an article's page promoted: all, or those whose sightings span ``at``."""
    when = moment_text(at)
    rows = db.execute(
        "SELECT heading, kind, position, title, url, teaser, section, when_text, when_at, when_until, first_seen, "
        "last_seen, sightings FROM list_items WHERE article = :article "
        "AND (:at IS NULL OR (first_seen <= :at AND :at <= last_seen)) ORDER BY first_seen, heading, kind, position",
        {"article": article(db, url).id, "at": when},
    )
    return [_item(row) for row in rows.fetchall()]


def headlines(
    db: Database, *, site: str | None = None, since: datetime | None = None, kinds: tuple[str, ...] = ()
) -> Iterator[Headline]:
    """The headlines beside all articles, page by page; streams. ``since`` asks for those seen then or later."""
    # CROSS JOIN: article by article, or SQLite would sort all of them before it gives the first
    rows = db.execute(
        "SELECT a.site, i.title, i.url, a.url, i.heading, i.kind, i.position, i.first_seen, i.last_seen, i.sightings "
        "FROM articles a CROSS JOIN list_items i ON i.article = a.id WHERE (:site IS NULL OR a.site = :site) "
        "AND (:since IS NULL OR i.last_seen >= :since) "
        "AND (:kinds = '[]' OR i.kind IN (SELECT value FROM json_each(:kinds))) "
        "ORDER BY a.id, i.first_seen, i.heading, i.kind, i.position",
        {"site": site, "since": moment_text(since), "kinds": json.dumps(kinds)},
    )
    for row in rows:
        values = dict(zip(Headline.__slots__, row, strict=True))
        seen = {name: datetime.fromisoformat(str(values[name])) for name in ("first_seen", "last_seen")}
        yield Headline(**values | seen)


def events(
    db: Database, *, url: str | None = None, since: datetime | None = None, kinds: tuple[str, ...] = ()
) -> Iterator[Event]:
    """What happened, in order of time; streams. ``kinds`` empty means all that are not hidden by a weight of 0."""
    rows = db.execute(
        "SELECT e.id, a.url, e.at, e.kind, e.weight, v.number, e.detail FROM events e "
        "JOIN articles a ON a.id = e.article "
        "LEFT JOIN versions v ON v.id = e.version WHERE (:article IS NULL OR e.article = :article) "
        "AND (:since IS NULL OR e.at >= :since) AND CASE :kinds WHEN '[]' THEN e.weight > 0 "
        "ELSE e.kind IN (SELECT value FROM json_each(:kinds)) END "
        "ORDER BY e.at, e.id",
        {
            "article": None if url is None else article(db, url).id,
            "since": moment_text(since),
            "kinds": json.dumps(kinds),
        },
    )
    for number, address, at, kind, weight, version, detail in rows:
        yield Event(
            id=number,
            article=address,
            at=datetime.fromisoformat(at),
            kind=kind,
            weight=weight,
            version=version,
            detail=detail,
        )


def looks(db: Database, url: str) -> list[LookRow]:
    """Every look at an article, failures included, in order; for a URL without an article, the looks at that URL."""
    rows = db.execute(
        "SELECT f.id, f.run, f.url, f.final_url, f.started_at, f.outcome, f.status, f.raw_key, f.error, f.source, "
        "v.number FROM sightings s JOIN fetches f ON f.id = s.fetch LEFT JOIN versions v ON v.id = s.version "
        "WHERE s.target IN (SELECT target FROM sightings JOIN urls ON urls.id = asked WHERE urls.url = :url "
        "UNION SELECT id FROM urls WHERE url = :url) ORDER BY f.started_at, f.run, f.seq",
        {"url": _normal(url)},
    )
    return [_look(row) for row in rows.fetchall()]


def host_file(db: Database, url: str) -> str | None:
    """The raw of the last look at a file such as robots.txt, None when that look found none."""
    row = db.execute(
        "SELECT raw_key FROM fetches WHERE url = ? AND kind <> 'article' ORDER BY started_at DESC, id DESC LIMIT 1",
        (url,),
    ).fetchone()
    return row[0] if row else None


def last_raw_key(db: Database, url: str) -> str | None:
    """The raw of the last look at a URL that had one."""
    row = db.execute(
        "SELECT f.raw_key FROM urls u JOIN sightings s ON s.asked = u.id JOIN fetches f ON f.id = s.fetch "
        "WHERE u.url = ? AND f.raw_key IS NOT NULL ORDER BY f.started_at DESC, f.run DESC, f.seq DESC LIMIT 1",
        (_normal(url),),
    ).fetchone()
    return row[0] if row else None


def _ways(name: str) -> Iterator[tuple[str, str]]:
    url = _normal(name)
    yield "a.url = ?", url
    yield (
        "a.id IN (SELECT s.article FROM urls u JOIN sightings s ON s.asked = u.id OR s.page = u.id WHERE u.url = ?)",
        url,
    )
    yield "a.key = ?", name
    yield "a.id IN (SELECT article FROM versions WHERE text_key = ?)", name
    yield "a.id IN (SELECT s.article FROM fetches f JOIN sightings s ON s.fetch = f.id WHERE f.raw_key = ?)", name


def _normal(name: str) -> str:
    try:
        return page_url(name)
    except ExtractorError:
        return name


def _removed(db: Database, name: str) -> str | None:
    """What is left to say of an article, body or text that was taken down."""
    row = db.execute(
        "SELECT m.at, m.reason FROM removals m WHERE m.key = :name OR m.key IN (SELECT f.raw_key FROM urls u "
        "JOIN sightings s ON s.asked = u.id OR s.target = u.id JOIN fetches f ON f.id = s.fetch WHERE u.url = :url) "
        "ORDER BY m.at DESC LIMIT 1",
        {"name": name, "url": _normal(name)},
    ).fetchone()
    return None if row is None else f"{name!r} was removed from this archive on {row[0][:10]}: {row[1]}"


def _near(db: Database, name: str) -> str:
    """The cure: URLs that look like it, or where to find them."""
    part = name.rstrip("/").rsplit("/", 1)[-1][:40]
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = db.execute("SELECT url FROM articles WHERE url LIKE ? ESCAPE '\\' LIMIT 50", (f"%{escaped}%",)).fetchall()
    if not rows:
        rows = db.execute("SELECT url FROM articles ORDER BY last_seen DESC LIMIT 1000").fetchall()
    near = difflib.get_close_matches(name, [row[0] for row in rows], _NEAR, 0.6)
    return f"; near it: {', '.join(near)}" if near else "; search for it, or look it up in the table articles"


def _article(row: tuple[object, ...]) -> ArticleRow:
    values = dict(zip(ArticleRow.__slots__, row, strict=True))
    values["authors"] = tuple(json.loads(str(values["authors"])))
    for name in ("published", "modified", "first_seen", "last_seen"):
        moment = values[name]
        values[name] = parse_moment(None if moment is None else str(moment))
    return ArticleRow(**values)  # type: ignore[arg-type]


def _item(row: tuple[object, ...]) -> StoredItem:
    values = dict(zip(StoredItem.__slots__, row, strict=True))
    for name in ("when_at", "when_until", "first_seen", "last_seen"):
        moment = values[name]
        values[name] = parse_moment(None if moment is None else str(moment))
    return StoredItem(**values)  # type: ignore[arg-type]


def _look(row: tuple[object, ...]) -> LookRow:
    values = dict(zip(LookRow.__slots__, row, strict=True))
    values["started_at"] = parse_moment(str(values["started_at"]))
    return LookRow(**values)  # type: ignore[arg-type]
