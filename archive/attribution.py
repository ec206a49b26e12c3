"""Which article each look belongs to, as rows of ``sightings``.

A look's page is the URL that answered within the site. A look without a page (a failure, a 304) follows the look
before it at the same URL. A page that claims a canonical URL belongs to that one's article as soon as some look has
found there a page that names itself. This depends on the set of looks only, not on the order in which they came.
"""

from collections.abc import Iterable

from sqlite_utils import Database

from archive.identity import Identity, page_url
from archive.shown import READABLE_MARKS

_ORDER = "f.started_at, f.run, f.seq"
IS_PAGE = f"(f.raw_key IS NOT NULL AND f.outcome IN ({READABLE_MARKS}))"
"""Whether a look, as ``f`` of ``fetches``, has a page that says where its URL leads."""


def url_id(db: Database, url: str) -> int:
    """The row id of a URL in its normal form."""
    row = db.execute("SELECT id FROM urls WHERE url = ?", (url,)).fetchone()
    if row is not None:
        return int(row[0])
    return int(db.execute("INSERT INTO urls(url) VALUES (?)", (url,)).lastrowid or 0)


def attribute(db: Database, fetch: int, identity: Identity) -> int:
    """Writes the sighting of a look with a page; returns the target, the URL whose article it belongs to."""
    asked, page = url_id(db, identity.asked), url_id(db, identity.page)
    claim = None if identity.claim is None else url_id(db, identity.claim)
    return _insert(db, fetch, asked, page, claim)


def attribute_follower(db: Database, fetch: int, url: str, before: tuple[str, str, int]) -> int:
    """The same for a look without a page; ``before`` is its start, run and number."""
    asked = url_id(db, page_url(url))
    row = db.execute(
        "SELECT s.page, s.claim FROM sightings s JOIN fetches f ON f.id = s.fetch "  # noqa: S608
        f"WHERE s.asked = ? AND {IS_PAGE} "
        f"AND ({_ORDER}) < (?, ?, ?) ORDER BY f.started_at DESC, f.run DESC, f.seq DESC LIMIT 1",
        (asked, *before),
    ).fetchone()
    page, claim = row or (asked, None)
    return _insert(db, fetch, asked, page, claim)


def is_late(db: Database, fetch: int, order: tuple[str, str, int]) -> bool:
    """Whether a later look at the same URL or of the same article is stored already."""
    newest = db.execute("SELECT max(started_at) FROM fetches").fetchone()[0]
    if newest is None or order[0] > newest:
        return False
    row = db.execute(
        "SELECT 1 FROM sightings mine JOIN sightings s ON s.asked = mine.asked OR s.target = mine.target "  # noqa: S608
        f"JOIN fetches f ON f.id = s.fetch WHERE mine.fetch = ? AND ({_ORDER}) > (?, ?, ?) LIMIT 1",
        (fetch, *order),
    ).fetchone()
    return row is not None


def joins(db: Database, fetch: int) -> set[int]:
    """The claim of this look when it makes other pages join its article: the first page there that names itself."""
    row = db.execute(
        "SELECT claim FROM sightings s WHERE fetch = ? AND claim = page AND EXISTS("
        "SELECT 1 FROM sightings o WHERE o.claim = s.claim AND o.page IS NOT s.claim AND o.target IS NOT s.claim)",
        (fetch,),
    ).fetchone()
    return set() if row is None else {row[0]}


def reclaim(db: Database, fetch: int, page: int, claim: int | None) -> None:
    """Corrects a sighting after its page was read again."""
    db.execute("UPDATE sightings SET page = ?, claim = ? WHERE fetch = ?", (page, claim, fetch))


def follow(db: Database, asked: int) -> set[int]:
    """Lets the looks without a page at one URL follow the look before them again; returns the claims concerned."""
    rows = db.execute(
        f"SELECT s.fetch, s.page, s.claim, {IS_PAGE} FROM sightings s JOIN fetches f ON f.id = s.fetch "  # noqa: S608
        f"WHERE s.asked = ? ORDER BY {_ORDER}",
        (asked,),
    ).fetchall()
    page, claim = asked, None
    claims: set[int] = set()
    for fetch, its_page, its_claim, is_page in rows:
        if is_page:
            page, claim = its_page, its_claim
        elif (its_page, its_claim) != (page, claim):
            reclaim(db, fetch, page, claim)
            claims |= {its_claim, claim} - {None}
    return claims


def retarget(db: Database, asked: Iterable[int], claims: Iterable[int]) -> set[int]:
    """Decides again for the looks at these URLs and with these claims; returns the targets that gained or lost one."""
    changed: set[int] = set()
    for column, values in (("asked", asked), ("claim", claims)):
        for value in values:
            sql = f"SELECT fetch, page, claim, target FROM sightings WHERE {column} = ?"  # noqa: S608
            for fetch, page, claim, target in db.execute(sql, (value,)).fetchall():
                decided = _target(db, page, claim)
                if decided != target:
                    db.execute("UPDATE sightings SET target = ? WHERE fetch = ?", (decided, fetch))
                    changed |= {target, decided}
    return changed


def _insert(db: Database, fetch: int, asked: int, page: int, claim: int | None) -> int:
    target = _target(db, page, claim)
    db.execute(
        "INSERT INTO sightings(fetch, asked, page, claim, target) VALUES (?, ?, ?, ?, ?)",
        (fetch, asked, page, claim, target),
    )
    return target


def _target(db: Database, page: int, claim: int | None) -> int:
    if claim is None or claim == page:
        return page
    named = db.execute("SELECT 1 FROM sightings WHERE claim = ? AND page = ? LIMIT 1", (claim, claim)).fetchone()
    return page if named is None else claim
