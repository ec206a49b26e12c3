"""The headlines that an article's page promotes: each string and each link stored once, placed where it was shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from archive.shown import Shown
from archive.strings import Labels, phrase_id, short_hash, split_url
from extractors import LinkList, ListItem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_FIND = """
SELECT t.id, l.id, p.link FROM phrases t
LEFT JOIN links l ON l.title = t.id AND l.hash = ?3 AND l.origin IS ?4 AND l.path IS ?5
LEFT JOIN placements p ON p.link = l.id AND p.article = ?6 AND p.heading = ?7 AND p.kind = ?8
WHERE t.hash = ?1 AND t.text = ?2
"""
_SEE = (
    "UPDATE placements SET last_fetch = ?, sightings = sightings + 1 "
    "WHERE link = ? AND article = ? AND heading = ? AND kind = ?"
)
_ADD = "INSERT INTO placements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; positions count from 1. It is the same while heading, kind, title and URL are."""

    heading: str
    kind: str
    position: int
    item: ListItem

    @property
    def labels(self) -> set[str]:
        """The short strings that it is stored with."""
        found = {self.heading, self.kind, split_url(self.item.url)[0], self.item.section, self.item.when_text}
        return {text for text in found if text is not None}


@dataclass(frozen=True, slots=True)
class Used:
    """Links and phrases that placements used before they were forgotten."""

    links: set[int] = field(default_factory=set)
    phrases: set[int] = field(default_factory=set)


class Placing:
    """Collects placements of one look, or of many; nothing stands there before :meth:`write`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._labels = Labels(db)
        self._new: list[tuple[int | None, ...]] = []
        self._seen: list[tuple[int, ...]] = []

    def know(self, items: list[Item]) -> None:
        """Looks up what many items need in one step."""
        self._labels.know({text for item in items for text in item.labels})

    def see(self, article: int, item: Item, fetch: int) -> bool:
        """Counts a sighting; whether the item is new to the article."""
        where = (article, self._labels[item.heading], self._labels[item.kind])
        link, placed = self._link(item.item, where)
        if placed:
            self._seen.append((fetch, link, *where))
        else:
            self._place(link, where, item, (fetch, None, 1))
        return not placed

    def add(self, article: int, item: Item, first: int, last: int | None, sightings: int) -> None:
        """Places an item that is known not to stand there, with the fetches that showed it first and last."""
        where = (article, self._labels[item.heading], self._labels[item.kind])
        self._place(self._link(item.item, where)[0], where, item, (first, last, sightings))

    def write(self) -> int:
        """Stores all; returns how many placements are new."""
        self._db.conn.executemany(_SEE, self._seen)
        self._db.conn.executemany(_ADD, self._new)
        return len(self._new)

    def _link(self, item: ListItem, where: tuple[int, int, int]) -> tuple[int, bool]:
        """The link of an item, made when it is new, and whether it stands there already."""
        origin, path = split_url(item.url)
        target = (short_hash(item.url or "", 2), None if origin is None else self._labels[origin], path)
        row = self._db.execute(_FIND, (short_hash(item.title, 4), item.title, *target, *where)).fetchone()
        phrase, link, placed = row or (None, None, None)
        if link is None:
            values = (phrase_id(self._db, item.title) if phrase is None else phrase, *target)
            sql = "INSERT INTO links(title, hash, origin, path) VALUES (?, ?, ?, ?)"
            link = self._db.execute(sql, values).lastrowid
        return int(link or 0), placed is not None

    def _place(self, link: int, where: tuple[int, int, int], placed: Item, seen: tuple[int, int | None, int]) -> None:
        item = placed.item
        teaser = None if item.teaser is None else phrase_id(self._db, item.teaser)
        section, when = (None if text is None else self._labels[text] for text in (item.section, item.when_text))
        self._new.append((link, *where, placed.position, teaser, section, when, *_interval(item), *seen))


def place(db: Database, article: int, shown: Shown) -> int:
    """Counts one sighting of every item that a look shows; returns how many items are new to the article."""
    if shown.article is None or not shown.article.lists:
        return 0
    items = list(_items(shown.article.lists))
    placing = Placing(db)
    placing.know(items)
    for item in items:
        placing.see(article, item, shown.fetch)
    return placing.write()


def confirm(db: Database, article: int, confirmed: int, shown: Shown) -> None:
    """A look without a body shows again the items that the look ``confirmed`` showed."""
    db.execute(
        "UPDATE placements SET last_fetch = ?, sightings = sightings + 1 "
        "WHERE article = ? AND coalesce(last_fetch, first_fetch) = ?",
        (shown.fetch, article, confirmed),
    )


def clear(db: Database, article: int) -> Used:
    """Forgets an article's placements and returns what they used."""
    rows = db.execute("SELECT link, teaser FROM placements WHERE article = ?", (article,)).fetchall()
    db.execute("DELETE FROM placements WHERE article = ?", (article,))
    return Used({link for link, _ in rows}, {teaser for _, teaser in rows if teaser is not None})


def sweep(db: Database, used: Used) -> None:
    """Deletes those links and phrases that no page shows any more."""
    phrases = set(used.phrases)
    unused = "DELETE FROM links WHERE id = ? AND NOT EXISTS(SELECT 1 FROM placements WHERE link = links.id)"
    for link in used.links:
        phrases |= {row[0] for row in db.execute("SELECT title FROM links WHERE id = ?", (link,))}
        db.execute(unused, (link,))
    unused = (
        "DELETE FROM phrases WHERE id = ? AND NOT EXISTS(SELECT 1 FROM links WHERE title = phrases.id) "
        "AND NOT EXISTS(SELECT 1 FROM placements WHERE teaser = phrases.id)"
    )
    for phrase in phrases:
        db.execute(unused, (phrase,))


def sweep_labels(db: Database) -> None:
    """Deletes the labels that nothing uses; reads all placements, so it is for takedowns only."""
    db.execute(
        "DELETE FROM labels WHERE id NOT IN (SELECT heading FROM placements UNION SELECT kind FROM placements "
        "UNION SELECT section FROM placements WHERE section IS NOT NULL "
        "UNION SELECT when_text FROM placements WHERE when_text IS NOT NULL "
        "UNION SELECT origin FROM links WHERE origin IS NOT NULL)"
    )


def _items(lists: tuple[LinkList, ...]) -> Iterator[Item]:
    """Each item once, at its first position of those that the page gives it."""
    seen: set[tuple[str, str, str, str | None]] = set()
    for links in lists:
        for position, item in enumerate(links.items, 1):
            slot = (links.heading, links.kind, item.title, item.url)
            if slot not in seen:
                seen.add(slot)
                yield Item(links.heading, links.kind, position, item)


def _interval(item: ListItem) -> tuple[int | None, int | None]:
    """When the item appeared: the start in milliseconds since 1970, and the length in milliseconds."""
    if item.when_at is None:
        return None, None
    start = _milliseconds(item.when_at)
    return start, None if item.when_until is None else _milliseconds(item.when_until) - start


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
