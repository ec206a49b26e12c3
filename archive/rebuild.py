"""Deriving whole articles anew from their stored looks, under today's rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from archive import keys, placements
from archive.attribution import follow, reclaim, retarget, url_id
from archive.compare import removed_text
from archive.derive import append
from archive.shown import FETCH_COLUMNS, FetchRow, Reader, RulesOf, Shown, replay


@dataclass(frozen=True, slots=True)
class Desk:
    """What derivation works with: the file, the reader of pages, the bodies, how keys are made, and the reader's rules.

    ``rules`` None means that only reading a page tells under which rules it is read.
    """

    db: Database
    reader: Reader
    read_body: Callable[[str], bytes]
    shorten: keys.Shorten = keys.shorten
    rules: RulesOf | None = None


@dataclass(frozen=True, slots=True)
class _Pile:
    """Looks that were read again in this rebuild; each is read once, so that looks moving about come to rest."""

    desk: Desk
    shown: dict[int, Shown] = field(default_factory=dict)

    def read(self, row: FetchRow) -> Shown:
        if row.id not in self.shown:
            self.shown[row.id] = replay(row, self.desk.reader, self.desk.read_body)
        return self.shown[row.id]


def rebuild(
    desk: Desk,
    targets: Iterable[int],
    shown: dict[int, Shown] | None = None,
    before: Callable[[int], object] = lambda _target: None,
) -> None:
    """Derives the articles of these URL rows anew, and those that gain or lose looks by it.

    ``shown`` holds looks that were read again already, by fetch; ``before`` is told of each URL row just before what
    was derived for it is taken back.
    """
    pile = _Pile(desk, shown or {})
    queue = set(targets)
    while queue:
        target = queue.pop()
        moved = _reread(pile, target)
        if moved:
            queue |= moved | {target}
        else:
            before(target)
            _derive(pile, target)


def create_article(db: Database, target: int, site: str) -> int:
    """The articles row of a URL, made when its first text is seen; earlier looks there become looks of it."""
    first = db.execute(
        "SELECT f.site FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE s.target = ? "
        "ORDER BY f.started_at, f.run, f.seq LIMIT 1",
        (target,),
    ).fetchone()
    url = db.execute("SELECT url FROM urls WHERE id = ?", (target,)).fetchone()[0]
    values = (keys.url_key(url), url, first[0] if first else site)
    article = int(db.execute("INSERT INTO articles(key, url, site) VALUES (?, ?, ?)", values).lastrowid or 0)
    db.execute("UPDATE sightings SET article = ? WHERE target = ?", (article, target))
    return article


def article_of(db: Database, target: int) -> int | None:
    """The article of a URL row, if one is known there."""
    row = db.execute("SELECT a.id FROM urls u JOIN articles a ON a.url = u.url WHERE u.id = ?", (target,)).fetchone()
    return row[0] if row else None


def _without_removed(desk: Desk, shown: Shown) -> Shown:
    """A look at a text that was taken down shows nothing, whatever body it is read from."""
    if shown.article is None or removed_text(desk.db, shown.article, desk.shorten) is None:
        return shown
    return replace(shown, what="nothing", article=None)


def discard(db: Database, article: int) -> None:
    """Takes an article back that no look leads to, with all that was derived for it."""
    texts, used = _clear(db, None, article)
    db.execute("DELETE FROM articles WHERE id = ?", (article,))
    _sweep_texts(db, texts)
    placements.sweep(db, used)


def looks_at(db: Database, target: int) -> list[FetchRow]:
    """The looks of a URL row in order."""
    rows = db.execute(
        f"SELECT {FETCH_COLUMNS} FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE s.target = ? "  # noqa: S608
        "ORDER BY f.started_at, f.run, f.seq",
        (target,),
    )
    names = FetchRow.__slots__
    return [FetchRow(**dict(zip(names, row, strict=True))) for row in rows.fetchall()]


def _reread(pile: _Pile, target: int) -> set[int]:
    """Reads the looks of a target again; returns the targets to derive when some look belongs elsewhere now."""
    db = pile.desk.db
    asked: set[int] = set()
    claims: set[int] = set()
    for row in looks_at(db, target):
        shown = pile.read(row)
        if shown.page is None:
            continue
        its_asked, *before = db.execute(
            "SELECT asked, page, claim FROM sightings WHERE fetch = ?", (row.id,)
        ).fetchone()
        page, claim = url_id(db, shown.page), None if shown.claim is None else url_id(db, shown.claim)
        if [page, claim] != before:
            reclaim(db, row.id, page, claim)
            asked.add(its_asked)
            claims |= {one for one in (before[1], claim) if one is not None}
    for one in asked:
        claims |= follow(db, one)
    return retarget(db, asked, claims)


def _derive(pile: _Pile, target: int) -> None:
    db = pile.desk.db
    looks = [_without_removed(pile.desk, pile.read(row)) for row in looks_at(db, target)]
    article = article_of(db, target)
    texts, used = _clear(db, target, article)
    if any(shown.what == "text" for shown in looks):
        article = article or create_article(db, target, looks[0].site)
        db.execute("UPDATE articles SET site = ? WHERE id = ?", (looks[0].site, article))
        for shown in looks:
            append(db, article, shown, pile.desk.shorten)
    elif article is not None:
        db.execute("DELETE FROM articles WHERE id = ?", (article,))
    _sweep_texts(db, texts)
    placements.sweep(db, used)


def _clear(db: Database, target: int | None, article: int | None) -> tuple[set[str], placements.Used]:
    """Takes back all that was derived for an article but its row id; returns what it used."""
    db.execute("UPDATE sightings SET article = NULL, version = NULL WHERE target = ? OR article = ?", (target, article))
    if article is None:
        return set(), placements.Used()
    texts = {row[0] for row in db.execute("SELECT text_key FROM versions WHERE article = ?", (article,))}
    used = placements.clear(db, article)
    db.execute("DELETE FROM versions WHERE article = ?", (article,))
    db.execute("DELETE FROM events WHERE article = ?", (article,))
    db.execute(
        "UPDATE articles SET canonical_url = NULL, title = '', authors = '[]', published = NULL, modified = NULL, "
        "section = NULL, language = NULL, first_seen = NULL, last_seen = NULL, version_count = 0, "
        "latest_version = NULL, state = 'live', rules = '', shown_key = NULL WHERE id = ?",
        (article,),
    )
    return texts, used


def _sweep_texts(db: Database, texts: set[str]) -> None:
    """Deletes those texts that no version has any more: readings under older rules, not the newspaper's words."""
    unused = "DELETE FROM texts WHERE key = ? AND NOT EXISTS(SELECT 1 FROM versions WHERE text_key = texts.key)"
    for key in texts:
        db.execute(unused, (key,))
