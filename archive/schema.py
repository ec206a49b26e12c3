"""The schema as a named, append-only set of migrations, one transaction each."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from sqlite_utils import Database, Migrations

from archive.announced import STATEMENTS
from archive.guards import guard_statements
from archive.placements import sweep_labels
from archive.tables import DERIVED, FACTS, LISTS, STATE, STRINGS, VIEWS
from archive.upgrades import (
    LINKS_AFTER,
    LINKS_BEFORE,
    LISTS_AFTER,
    LISTS_BEFORE,
    STATE_AFTER,
    STATE_BEFORE,
    copy_links,
    copy_lists,
)
from archive.views import INDEXES
from archive.views import VIEWS as QUESTIONS

_VIEW = re.compile(r"CREATE VIEW (\w+)")

APPLICATION_ID = 0x50724B70
"""``PrKp`` in the header of every archive (sqlite.org/fileformat2.html, offset 68)."""

SCHEMA_VERSION = 3
"""The number of migrations, which is the file's ``user_version``."""

TOKENIZERS = {
    # unicode61 alone drops Mn and Mc, which cuts Indic words at their vowel signs
    "unicode61": "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'",
    "trigram": "trigram",
}
"""Full-text tokenizers by name; trigram is for scripts without spaces between words."""

FTS_TABLES = {"texts": ("title", "text"), "phrases": ("text",)}
"""The indexed tables and columns; the index of ``t`` is the table ``t_fts``."""


def migrations(tokenizer: str) -> Migrations:
    """The migrations of an archive that is indexed with one of TOKENIZERS."""
    steps: dict[str, Callable[[Database], None]] = {
        "1_initial": partial(_initial, tokenizer=tokenizer),
        "2_lists_of_strings": _lists_of_strings,
        "3_links_by_title": _links_by_title,
    }
    result = Migrations("presskeep")
    for name, step in steps.items():
        result(name=name)(_numbered(step, int(name.partition("_")[0])))
    return result


@contextmanager
def new_in_memory(tokenizer: str) -> Iterator[Database]:
    """A new archive that is nowhere on disk, to compare with; closed when the context is left."""
    db = Database(memory=True)
    try:
        migrations(tokenizer).apply(db)
        yield db
    finally:
        db.close()


_AUTOMERGE = 8
"""Parts of an index that are merged at once; half of that, FTS5's own number, costs an eighth more of all indexing."""


def fts_statements(table: str, tokenizer: str) -> Iterable[str]:
    """An external-content FTS5 index of a table and the triggers that keep it."""
    columns = FTS_TABLES[table]
    names = ", ".join(columns)
    tokenize = TOKENIZERS[tokenizer].replace("'", "''")
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
    add = f"INSERT INTO {table}_fts(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608 - our own names
    drop = f"INSERT INTO {table}_fts({table}_fts, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
    yield (
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5({names}, content='{table}', content_rowid='id', "
        f"tokenize='{tokenize}')"
    )
    yield _automerge(table)
    yield f"CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN {add} END"
    yield f"CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN {drop} END"
    yield f"CREATE TRIGGER {table}_fts_update AFTER UPDATE OF {names} ON {table} BEGIN {drop} {add} END"


def _automerge(table: str) -> str:
    return f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('automerge', {_AUTOMERGE})"  # noqa: S608 - our own names


def _numbered(step: Callable[[Database], None], number: int) -> Callable[[Database], None]:
    def migrate(db: Database, /) -> None:
        step(db)
        db.execute(f"PRAGMA user_version = {number}")

    return migrate


def tokenizer_of(db: Database) -> str:
    """The name of the tokenizer that a file is indexed with."""
    sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'texts_fts'").fetchone()[0]
    return next(name for name, options in TOKENIZERS.items() if options.replace("'", "''") in sql)


def _run(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def _answer(db: Database) -> None:
    """Roll-ups, views and indexes for questions that people ask often."""
    for statement in (*STATEMENTS, *QUESTIONS.values(), *INDEXES.values()):
        db.execute(statement)


def _initial(db: Database, *, tokenizer: str) -> None:
    """A new file has today's tables at once; the later steps find nothing to do in it."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for part in (FACTS, DERIVED, STRINGS, LISTS, VIEWS, STATE):
        _run(db, part)
    _answer(db)
    for table in FTS_TABLES:
        for statement in fts_statements(table, tokenizer):
            db.execute(statement)
    for statement in guard_statements():
        db.execute(statement)


def _lists_of_strings(db: Database) -> None:
    """Schema 1 held whole headlines and, for each placement, its texts and times."""
    if "headlines" not in db.table_names():
        return
    tokenizer = tokenizer_of(db)
    others = _drop_views(db)
    _run(db, LISTS_BEFORE)
    _run(db, STRINGS)
    _run(db, LISTS)
    for statement in fts_statements("phrases", tokenizer):
        db.execute(statement)
    copy_lists(db)
    _run(db, LISTS_AFTER)
    _run(db, STATE_BEFORE)
    _run(db, STATE)
    _run(db, STATE_AFTER)
    _run(db, VIEWS)
    _answer(db)
    for statement in (_automerge("texts"), *others):
        db.execute(statement)


def _drop_views(db: Database) -> list[str]:
    """Drops all views, which stand in the way of other tables; gives the statements of those that are not ours."""
    ours = {*QUESTIONS, *_VIEW.findall(VIEWS)}
    found = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid").fetchall()
    for name, _ in found:
        quoted = name.replace('"', '""')
        db.execute(f'DROP VIEW "{quoted}"')
    return [sql for name, sql in found if name not in ours]


def _links_by_title(db: Database) -> None:
    """Schema 2 numbered links, and kept with each placement what many have in common."""
    if "hash" not in {row[1] for row in db.execute("PRAGMA table_info(links)")}:
        return
    others = _drop_views(db)
    _run(db, LINKS_BEFORE)
    _run(db, LISTS)
    copy_links(db)
    _run(db, LINKS_AFTER)
    sweep_labels(db)
    _run(db, VIEWS)
    for statement in (*QUESTIONS.values(), *map(_automerge, FTS_TABLES), *others):
        db.execute(statement)
