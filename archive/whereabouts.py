"""Whether each look stands at the article where the facts put it, and putting back those that do not.

Which page a URL showed, and what that page claims, is told by reading it, which :mod:`archive.rebuild` does. All else
in ``sightings`` follows from ``fetches``, and is compared and mended here without reading a page.
"""

from collections.abc import Iterator

from sqlite_utils import Database

from archive.attribution import IS_PAGE, attribute_follower, follow, retarget, url_id
from archive.identity import page_url
from archive.rebuild import discard

_LOST = (
    "SELECT f.id FROM fetches f WHERE f.kind = 'article' "
    "AND NOT EXISTS(SELECT 1 FROM sightings s WHERE s.fetch = f.id) ORDER BY f.started_at, f.run, f.seq"
)
_ASKED = (
    "SELECT s.fetch, f.url, u.url FROM sightings s JOIN fetches f ON f.id = s.fetch "
    "LEFT JOIN urls u ON u.id = s.asked WHERE u.url IS NOT f.url"
)
_FOLLOWING = (
    f"SELECT s.fetch, s.asked, s.page, s.claim, {IS_PAGE} FROM sightings s JOIN fetches f ON f.id = s.fetch "  # noqa: S608
    "ORDER BY s.asked, f.started_at, f.run, f.seq"
)
_TARGETS = (
    "SELECT s.fetch FROM sightings s WHERE s.target IS NOT iif(s.claim IS NULL OR NOT EXISTS("
    "SELECT 1 FROM sightings o WHERE o.claim = s.claim AND o.page = s.claim), s.page, s.claim)"
)
STRAY = (
    "SELECT id, url FROM articles a WHERE NOT EXISTS("
    "SELECT 1 FROM urls u JOIN sightings s ON s.target = u.id WHERE u.url = a.url)"
)
"""Articles that no look leads to."""


def lost(db: Database) -> Iterator[int]:
    """The ``fetches.id`` of looks at articles that stand nowhere."""
    yield from (row[0] for row in db.execute(_LOST))


def misplaced(db: Database) -> Iterator[int]:
    """The ``fetches.id`` of looks that stand at another URL's page or article; one may come more than once."""
    yield from (fetch for fetch, _ in _wrongly_asked(db))
    yield from (fetch for fetch, _ in _strayed(db))
    yield from (row[0] for row in db.execute(_TARGETS))


def mend(db: Database) -> set[int]:
    """Puts lost and misplaced looks where they belong; returns the ids of ``urls`` whose articles to derive anew."""
    asked: set[int] = set()
    changed: set[int] = set()
    for fetch in [*lost(db)]:
        url, *order = db.execute("SELECT url, started_at, run, seq FROM fetches WHERE id = ?", (fetch,)).fetchone()
        changed.add(attribute_follower(db, fetch, url, (order[0], order[1], order[2])))
        asked.add(url_id(db, page_url(url)))
    for fetch, url in [*_wrongly_asked(db)]:
        here = url_id(db, url)
        target = db.execute("SELECT target FROM sightings WHERE fetch = ?", (fetch,)).fetchone()[0]
        db.execute("UPDATE sightings SET asked = ?1, page = ?1, claim = NULL WHERE fetch = ?2", (here, fetch))
        changed |= {target, here}
        asked.add(here)
    asked |= {one for _, one in _strayed(db)}
    astray = "SELECT asked FROM sightings WHERE fetch = ?"
    asked |= {db.execute(astray, row).fetchone()[0] for row in db.execute(_TARGETS).fetchall()}
    claims = {claim for one in asked for claim in follow(db, one)}
    changed |= retarget(db, asked, claims)
    for article, _ in db.execute(STRAY).fetchall():
        discard(db, article)
    known = "SELECT 1 FROM urls WHERE id = ?"
    return {one for one in changed if db.execute(known, (one,)).fetchone()}


def _wrongly_asked(db: Database) -> Iterator[tuple[int, str]]:
    """Looks that stand at another URL than the one asked for, with the latter; most URLs are in their normal form."""
    for fetch, url, stands_at in db.execute(_ASKED):
        asked = page_url(url)
        if asked != stands_at:
            yield fetch, asked


def _strayed(db: Database) -> Iterator[tuple[int, int]]:
    """Looks without a page that do not stand with the look before them at the same URL, and that URL's id."""
    before: tuple[int, int | None] = (0, None)
    at: int | None = None
    for fetch, asked, page, claim, is_page in db.execute(_FOLLOWING):
        if asked != at:
            at, before = asked, (asked, None)
        if is_page:
            before = (page, claim)
        elif (page, claim) != before:
            yield fetch, asked
