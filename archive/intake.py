"""Bodies of another archive: none is believed before it was read and gave its digest.

A body that cannot be believed costs its page alone: its digest is taken over, its frame is not, and it is named.
"""

from collections.abc import Callable, Iterator

from sqlite_utils import Database

from archive.blobs import Bodies
from archive.errors import DamagedBody
from archive.keys import Shorten

_FREE = "NOT EXISTS(SELECT 1 FROM main.removals r WHERE r.key = s.key)"
_UNKNOWN = "NOT EXISTS(SELECT 1 FROM main.raws m WHERE m.key = s.key)"
_PLAIN = "NOT EXISTS(SELECT 1 FROM temp.clash c WHERE c.key = s.key)"
_BASE_IS_HERE = (
    "EXISTS(SELECT 1 FROM source.raws b JOIN main.raws m USING (key) JOIN main.raw_bodies y USING (key) "
    "WHERE b.key = s.base_key AND m.sha256 = b.sha256 AND m.base_key IS NULL)"
)
_WHOLE_COPY = "merge a whole copy"


class Intake:
    """The bodies of the attached ``source``; ``problem`` takes what was found and its cure."""

    def __init__(
        self, db: Database, bodies: Bodies, source: Bodies, shorten: Shorten, problem: Callable[[str, str], None]
    ) -> None:
        self._db = db
        self._bodies = bodies
        self._source = source
        self._shorten = shorten
        self._problem = problem

    def take(self) -> list[str]:
        """Takes over bodies; returns the keys of those that were missing or damaged here and are restored.

        Leaves ``temp.clash``: keys that mean another body here, or that are not the key of their digest.
        """
        for table in ("clash", "incoming"):
            self._db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        self._clashes()
        restored = self._mend()
        self._add()
        return restored

    def _clashes(self) -> None:
        self._db.execute(
            "CREATE TEMP TABLE clash AS SELECT s.key, 'bodies ' || m.sha256 || ' and ' || s.sha256 || "
            "' share the key ' || s.key || '; the first one is kept' AS found "
            "FROM source.raws s JOIN main.raws m USING (key) WHERE m.sha256 <> s.sha256"
        )
        lies = [
            (key, f"the body {sha256} is filed under {key}, which is not its key")
            for key, sha256 in self._db.execute("SELECT key, sha256 FROM source.raws")
            if self._shorten(sha256) != key
        ]
        self._db.conn.executemany("INSERT INTO temp.clash VALUES (?, ?)", lies)
        for (found,) in self._db.execute("SELECT found FROM temp.clash ORDER BY key").fetchall():
            self._problem(found, "its looks are kept as key-collision; keep this archive beside the merged one")

    def _mend(self) -> list[str]:
        """Restores bodies that are known here and missing or damaged; an equal frame would be damaged alike."""
        rows = self._db.execute(
            "SELECT s.key, o.key FROM source.raws s JOIN source.raw_bodies y USING (key) JOIN main.raws m USING (key) "  # noqa: S608
            f"LEFT JOIN main.raw_bodies o USING (key) WHERE m.sha256 = s.sha256 AND {_FREE} AND {_PLAIN} "
            "AND (o.key IS NULL OR o.body <> y.body OR m.base_key IS NOT s.base_key) ORDER BY s.base_key, s.key"
        ).fetchall()
        mended: list[str] = []
        for key, here in rows:
            if here is not None and self._reads(key):
                continue
            try:
                body = self._source.read(key)
            except DamagedBody as error:
                self._problem(str(error), _WHOLE_COPY)
                continue
            self._bodies.store_again(key, body, None)
            mended.append(key)
        leaning = [
            row[0] for key in mended for row in self._db.execute("SELECT key FROM raws WHERE base_key = ?", (key,))
        ]
        return [*mended, *leaning]

    def _reads(self, key: str) -> bool:
        try:
            self._bodies.read(key)
        except DamagedBody:
            return False
        return True

    def _add(self) -> None:
        """Adds the raws that are new here: as they lie when their base is here too, else whole, else without a body."""
        self._db.execute("CREATE TEMP TABLE incoming(key TEXT PRIMARY KEY, size INTEGER NOT NULL)")
        self._db.conn.executemany("INSERT INTO temp.incoming VALUES (?, ?)", self._believed())
        self._db.execute(
            "INSERT INTO main.raws SELECT s.key, s.sha256, coalesce(i.size, s.size), 0, NULL FROM source.raws s "  # noqa: S608
            f"LEFT JOIN temp.incoming i USING (key) WHERE {_UNKNOWN} AND {_PLAIN}"
        )
        for where in ("s.base_key IS NULL", f"s.base_key IS NOT NULL AND {_BASE_IS_HERE}"):
            self._db.execute(
                "INSERT INTO main.raw_bodies(key, body) SELECT y.key, y.body FROM temp.incoming i "  # noqa: S608
                f"JOIN source.raws s USING (key) JOIN source.raw_bodies y USING (key) WHERE {where}"
            )
            self._db.execute(
                "UPDATE main.raws SET (stored_size, base_key) = (SELECT length(y.body), s.base_key FROM source.raws s "  # noqa: S608
                "JOIN source.raw_bodies y USING (key) WHERE s.key = raws.key) WHERE key IN (SELECT i.key "
                f"FROM temp.incoming i JOIN source.raws s USING (key) WHERE {where})"
            )
        alone = self._db.execute(
            "SELECT key FROM temp.incoming i WHERE NOT EXISTS(SELECT 1 FROM main.raw_bodies o WHERE o.key = i.key)"
        )
        for (key,) in alone.fetchall():
            self._bodies.store_again(key, self._source.read(key), None)

    def _believed(self) -> Iterator[tuple[str, int]]:
        """The keys and sizes of new bodies that give their digest; a base is followed by those that lean on it."""
        rows = self._db.execute(
            "SELECT s.key, s.size FROM source.raws s JOIN source.raw_bodies y USING (key) "  # noqa: S608
            f"WHERE {_FREE} AND {_UNKNOWN} AND {_PLAIN} "
            "ORDER BY coalesce(s.base_key, s.key), s.base_key IS NOT NULL"
        )
        for key, stated in rows.fetchall():
            try:
                size = len(self._source.read(key))
            except DamagedBody as error:
                self._problem(str(error), _WHOLE_COPY)
                continue
            if size != stated:
                self._problem(f"body {key} has {size} bytes, and the archive says {stated}", "none is needed here")
            yield key, size
