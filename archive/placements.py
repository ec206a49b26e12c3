"""The headlines that an article's page promotes: each string and each link stored once, placed where it was shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

from archive.links import Links, title_of, under
from archive.shown import Shown
from archive.strings import Labels, Phrases
from extractors import LinkList, ListItem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MINUTE = 60_000  # milliseconds

_THERE = """
SELECT p.link, s.list, p.spot FROM placements p JOIN spots s ON s.id = p.spot
WHERE p.article = ? AND p.link IN (SELECT value FROM json_each(?))
"""
_SPOT = """
SELECT id FROM spots WHERE list = ? AND section IS ? AND when_text IS ? AND when_ago IS ? AND when_span IS ?
"""
_ADD_SPOT = "INSERT INTO spots(list, section, when_text, when_ago, when_span) VALUES (?, ?, ?, ?, ?)"
_SEE = "UPDATE placements SET last_fetch = ?, sightings = sightings + 1 WHERE article = ? AND link = ? AND spot = ?"
_ADD = "INSERT INTO placements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Item(NamedTuple):
    """An item of a list, which its kind, a line feed and its heading name; positions count from 1.

    It is the same while its list, its title and its URL are.
    """

    list: str
    position: int
    item: ListItem

    @property
    def link(self) -> tuple[str, str | None]:
        """Its title and its URL."""
        return self.item.title, self.item.url


class Seen(NamedTuple):
    """The looks that showed an item first and last (None while that is the first), and how many did."""

    first: int
    last: int | None = None
    sightings: int = 1


@dataclass(frozen=True, slots=True)
class Used:
    """Links and phrases that placements used before they were forgotten."""

    links: set[int] = field(default_factory=set)
    phrases: set[int] = field(default_factory=set)


class Placing:
    """Makes rows of items; strings that many looks share are looked up once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._labels = Labels(db)
        self._phrases = Phrases(db)
        self._links = Links(db, self._labels, self._phrases)
        self._spots: dict[tuple[int | None, ...], int] = {}

    def see(self, article: int, items: list[Item], fetch: int, at: datetime) -> int:
        """Counts a sighting of each item by a look that began at ``at``; returns how many are new to the article."""
        links = self._learn(items)
        there = self._there(article, list(set(links.values())))
        again, new = [], []
        for item in items:
            link = links[item.link]
            spot = there.get((link, self._labels[item.list]))
            if spot is None:
                new.append(self._row(article, link, item, at, Seen(fetch)))
            else:
                again.append((fetch, article, link, spot))
        self._db.conn.executemany(_SEE, again)
        self._db.conn.executemany(_ADD, new)
        return len(new)

    def add(self, article: int, item: Item, at: datetime, seen: Seen) -> None:
        """Places an item that is known not to stand there; ``at`` is when the first look that showed it began."""
        self._db.execute(_ADD, self._row(article, self._learn([item])[item.link], item, at, seen))

    def _learn(self, items: list[Item]) -> dict[tuple[str, str | None], int]:
        texts = [text for one in items for text in (one.list, one.item.section, one.item.when_text) if text is not None]
        self._labels.learn(texts)
        self._phrases.learn([one.item.teaser for one in items if one.item.teaser is not None])
        return self._links.learn(one.link for one in items)

    def _there(self, article: int, links: list[int]) -> dict[tuple[int, int], int]:
        """The spots of an article's items with these links, by link and list."""
        rows = self._db.execute(_THERE, (article, json.dumps(links)))
        return {(link, its_list): spot for link, its_list, spot in rows}

    def _row(self, article: int, link: int, placed: Item, at: datetime, seen: Seen) -> tuple[int | None, ...]:
        item = placed.item
        ago, when_at, span = _when(item, at)
        section, when = (None if text is None else self._labels[text] for text in (item.section, item.when_text))
        spot = self._spot((self._labels[placed.list], section, when, ago, span))
        teaser = None if item.teaser is None else self._phrases[item.teaser]
        return article, link, spot, placed.position, teaser, when_at, *seen

    def _spot(self, values: tuple[int | None, ...]) -> int:
        if values not in self._spots:
            row = self._db.execute(_SPOT, values).fetchone()
            self._spots[values] = int(row[0] if row else self._db.execute(_ADD_SPOT, values).lastrowid or 0)
        return self._spots[values]


def place(db: Database, article: int, shown: Shown) -> int:
    """Counts one sighting of every item that a look shows; returns how many items are new to the article."""
    if shown.article is None or not shown.article.lists:
        return 0
    at = datetime.fromisoformat(shown.at)
    return Placing(db).see(article, list(_items(shown.article.lists)), shown.fetch, at)


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
    unused = "DELETE FROM links WHERE id = ? AND NOT EXISTS(SELECT 1 FROM placements WHERE link = links.id)"
    db.conn.executemany(unused, [(link,) for link in used.links])
    unused = (
        f"DELETE FROM phrases WHERE id = ? AND NOT EXISTS(SELECT 1 FROM links l WHERE {under('phrases.id')}) "  # noqa: S608
        "AND NOT EXISTS(SELECT 1 FROM placements WHERE teaser = phrases.id)"
    )
    db.conn.executemany(unused, [(phrase,) for phrase in used.phrases | {title_of(link) for link in used.links}])


def sweep_labels(db: Database) -> None:
    """Deletes the spots and labels that nothing uses; reads all placements, so it is for takedowns only."""
    db.execute("DELETE FROM spots WHERE id NOT IN (SELECT spot FROM placements)")
    db.execute(
        "DELETE FROM labels WHERE id NOT IN (SELECT list FROM spots "
        "UNION SELECT section FROM spots WHERE section IS NOT NULL "
        "UNION SELECT when_text FROM spots WHERE when_text IS NOT NULL "
        "UNION SELECT origin FROM links WHERE origin IS NOT NULL)"
    )


def _items(lists: tuple[LinkList, ...]) -> Iterator[Item]:
    """Each item once, at its first position of those that the page gives it."""
    seen: set[tuple[str, str, str | None]] = set()
    for links in lists:
        label = f"{links.kind}\n{links.heading}"
        for position, item in enumerate(links.items, 1):
            slot = (label, item.title, item.url)
            if slot not in seen:
                seen.add(slot)
                yield Item(label, position, item)


def _when(item: ListItem, at: datetime) -> tuple[int | None, int | None, int | None]:
    """When an item appeared: minutes before a look, or milliseconds since 1970; and how long that may have lasted."""
    if item.when_at is None:
        return None, None, None
    start = _milliseconds(item.when_at)
    span = None if item.when_until is None else _milliseconds(item.when_until) - start
    ago, rest = divmod(_milliseconds(at) - start, _MINUTE)
    return (None, start, span) if rest or (span or 0) % _MINUTE else (ago, None, span)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
