"""Full-text indexes against the tables that they index, also in a file that cannot be written.

FTS5 has a check of its own, but it is an INSERT. So the table is indexed once more, in a temporary file, and the two
indexes are compared word by word; both come sorted, so that nothing is kept in memory.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice

from sqlite_utils import Database

from archive.schema import FTS_TABLES

_Word = tuple[str, int, int, int]
_MOST = 1000


def damaged_rows(db: Database, table: str) -> Generator[int, None, None]:
    """The ids of rows whose words the index does not hold, or holds although they are not there: at most 1,000."""
    names = ", ".join(FTS_TABLES[table])
    _drop(db)
    db.execute(f"CREATE VIRTUAL TABLE temp.fresh USING fts5({names}, content='', tokenize='{_tokenize(db, table)}')")
    try:
        db.execute(f"INSERT INTO temp.fresh(rowid, {names}) SELECT id, {names} FROM main.{table}")  # noqa: S608
        db.execute("CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab('temp', 'fresh', 'instance')")
        db.execute(f"CREATE VIRTUAL TABLE temp.kept_words USING fts5vocab('main', '{table}_fts', 'instance')")
        with closing(_words(db, table, "fresh")) as fresh, closing(_words(db, table, "kept")) as kept:
            yield from islice(_rows(_differences(fresh, kept)), _MOST)
    finally:
        _drop(db)


def _rows(words: Iterator[_Word]) -> Iterator[int]:
    """Each row once."""
    found: set[int] = set()
    for _, row, _, _ in words:
        if row not in found:
            found.add(row)
            yield row


def _tokenize(db: Database, table: str) -> str:
    """The tokenizer of an index, still quoted as in the statement that made it."""
    sql: str = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (f"{table}_fts",)).fetchone()[0]
    return sql.partition("tokenize='")[2].rpartition("'")[0]


def _drop(db: Database) -> None:
    for name in ("kept_words", "fresh_words", "fresh"):
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _words(db: Database, table: str, which: str) -> Generator[_Word, None, None]:
    """Every place of every word, in the order of word, row, column and place."""
    columns = {name: number for number, name in enumerate(FTS_TABLES[table])}
    rows = db.execute(f"SELECT term, doc, col, offset FROM temp.{which}_words")  # noqa: S608 - our own names
    try:
        for term, row, column, offset in rows:
            yield term, row, columns[column], offset
    finally:
        rows.close()


def _differences(fresh: Iterator[_Word], kept: Iterator[_Word]) -> Iterator[_Word]:
    """What one of two sorted sequences has and the other has not."""
    a, b = next(fresh, None), next(kept, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(fresh, None), next(kept, None)
        elif b is None or (a is not None and a < b):
            assert a is not None
            yield a
            a = next(fresh, None)
        else:
            yield b
            b = next(kept, None)
