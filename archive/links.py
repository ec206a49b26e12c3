"""Links of lists: a title with a URL, each stored once, and found without an index of its own.

The row id of a link is the row of its title, then ROOM bits that its URL gives (schema ``links``). So the links of a
title lie side by side, and which row a link would have is known before it is looked for. Of two URLs of one title that
give the same bits (1 in 1,048,576), the second goes under a further row of the same title.
"""

import json
from collections.abc import Iterable

from sqlite_utils import Database

from archive.strings import Labels, Phrases, short_hash, split_url

ROOM = 20
"""Bits of a link's row id that its URL gives."""

_Target = tuple[int | None, str | None]


def link_id(title: int, url: str | None) -> int:
    """The row that a link has, unless another one has it, given the row of its title."""
    return title << ROOM | short_hash(url or "", 3) & ((1 << ROOM) - 1)


def title_of(link: int) -> int:
    """The row of a link's title."""
    return link >> ROOM


def under(title: str) -> str:
    """SQL for "the link ``l`` has the title whose row the expression gives", which the row ids of links answer."""
    return f"l.id BETWEEN {title} << {ROOM} AND ({title} << {ROOM}) + {(1 << ROOM) - 1}"


class Links:
    """The row ids of links, made where they are new."""

    def __init__(self, db: Database, labels: Labels, phrases: Phrases) -> None:
        self._db = db
        self._labels = labels
        self._phrases = phrases

    def learn(self, wanted: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str | None], int]:
        """The row of each title with its URL."""
        pairs = dict.fromkeys(wanted)
        parts = {url: split_url(url) for _, url in pairs}
        self._phrases.learn({title for title, _ in pairs})
        self._labels.learn([beginning for beginning, _ in parts.values() if beginning is not None])
        places = {(title, url): [link_id(row, url) for row in self._phrases.ids(title)] for title, url in pairs}
        taken = self._taken([place for several in places.values() for place in several])
        found: dict[tuple[str, str | None], int] = {}
        new: list[tuple[int, int | None, str | None]] = []
        for (title, url), several in places.items():
            beginning, path = parts[url]
            target: _Target = (None if beginning is None else self._labels[beginning], path)
            link = next((place for place in several if taken.get(place) == target), None)
            if link is None:
                link = next((place for place in several if place not in taken), None)
                if link is None:
                    link = link_id(self._phrases.again(title), url)
                taken[link] = target
                new.append((link, *target))
            found[title, url] = link
        if new:
            self._db.conn.executemany("INSERT INTO links(id, origin, path) VALUES (?, ?, ?)", new)
        return found

    def _taken(self, places: list[int]) -> dict[int, _Target]:
        sql = "SELECT id, origin, path FROM links WHERE id IN (SELECT value FROM json_each(?))"
        return {row: (origin, path) for row, origin, path in self._db.execute(sql, (json.dumps(places),))}
