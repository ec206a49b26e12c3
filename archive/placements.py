"""The headlines that an article's page promotes: stored once a site, placed on each page that showed them."""

from collections.abc import Iterator

from sqlite_utils import Database

from archive.shown import Shown
from extractors import LinkList, ListItem, moment_text

_Slot = tuple[str, str, str, str | None]
"""What makes an item of an article the same item: heading, kind, title, url."""


def place(db: Database, article: int, site: str, shown: Shown) -> int:
    """Counts one sighting of every item that a look shows; returns how many items are new to the article."""
    if shown.article is None or not shown.article.lists:
        return 0
    placed = _placed(db, article)
    new = 0
    for slot, position, item in _items(shown.article.lists):
        headline = placed.get(slot)
        if headline is None:
            headline = _headline(db, site, item)
            _add(db, (article, *slot[:2], headline), position, item, shown)
            new += 1
        else:
            _see(db, article, slot, headline, shown)
    return new


def confirm(db: Database, article: int, confirmed: int, shown: Shown) -> None:
    """A look without a body shows again the items that the look ``confirmed`` showed."""
    db.execute(
        "UPDATE placements SET last_seen = ?, sightings = sightings + 1, last_fetch = ? "
        "WHERE article = ? AND last_fetch = ?",
        (shown.at, shown.fetch, article, confirmed),
    )


def clear(db: Database, article: int) -> set[int]:
    """Forgets an article's placements and returns the headlines that they used."""
    used = {row[0] for row in db.execute("SELECT headline FROM placements WHERE article = ?", (article,))}
    db.execute("DELETE FROM placements WHERE article = ?", (article,))
    return used


def sweep(db: Database, headlines: set[int]) -> None:
    """Deletes those headlines that no page shows any more."""
    unused = "DELETE FROM headlines WHERE id = ? AND NOT EXISTS(SELECT 1 FROM placements WHERE headline = headlines.id)"
    for headline in headlines:
        db.execute(unused, (headline,))


def _items(lists: tuple[LinkList, ...]) -> Iterator[tuple[_Slot, int, ListItem]]:
    """Each item once, at its first position of those that the page gives it; positions count from 1."""
    seen: set[_Slot] = set()
    for links in lists:
        for position, item in enumerate(links.items, 1):
            slot = (links.heading, links.kind, item.title, item.url)
            if slot not in seen:
                seen.add(slot)
                yield slot, position, item


def _placed(db: Database, article: int) -> dict[_Slot, int]:
    rows = db.execute(
        "SELECT p.heading, p.kind, h.title, h.url, h.id FROM placements p JOIN headlines h ON h.id = p.headline "
        "WHERE p.article = ?",
        (article,),
    )
    return {(heading, kind, title, url): headline for heading, kind, title, url, headline in rows}


def _headline(db: Database, site: str, item: ListItem) -> int:
    values = (site, item.title, item.url, item.teaser, item.section)
    row = db.execute(
        "SELECT id FROM headlines WHERE site = ? AND title = ? AND url IS ? AND teaser IS ? AND section IS ?", values
    ).fetchone()
    if row is not None:
        return int(row[0])
    cursor = db.execute("INSERT INTO headlines(site, title, url, teaser, section) VALUES (?, ?, ?, ?, ?)", values)
    return int(cursor.lastrowid or 0)


def _add(db: Database, place: tuple[int, str, str, int], position: int, item: ListItem, shown: Shown) -> None:
    db.execute(
        "INSERT INTO placements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
        (
            *place, position, item.when_text, moment_text(item.when_at),
            moment_text(item.when_until), shown.at, shown.at, shown.fetch,
        ),
    )  # fmt: skip


def _see(db: Database, article: int, slot: _Slot, headline: int, shown: Shown) -> None:
    db.execute(
        "UPDATE placements SET last_seen = ?, sightings = sightings + 1, last_fetch = ? "
        "WHERE article = ? AND heading = ? AND kind = ? AND headline = ?",
        (shown.at, shown.fetch, article, slot[0], slot[1], headline),
    )
