"""The schema as a named, append-only set of migrations, one transaction each."""

from collections.abc import Callable, Iterable
from functools import partial

from sqlite_utils import Database, Migrations

from archive.guards import guard_statements
from archive.tables import DERIVED, FACTS, STATE, VIEWS

APPLICATION_ID = 0x50724B70
"""``PrKp`` in the header of every archive (sqlite.org/fileformat2.html, offset 68)."""

SCHEMA_VERSION = 1
"""The number of migrations, which is the file's ``user_version``."""

TOKENIZERS = {
    # unicode61 alone drops Mn and Mc, which cuts Indic words at their vowel signs
    "unicode61": "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'",
    "trigram": "trigram",
}
"""Full-text tokenizers by name; trigram is for scripts without spaces between words."""

FTS_TABLES = {"texts": ("title", "text"), "headlines": ("title", "teaser")}
"""The indexed tables and columns; the index of ``t`` is the table ``t_fts``."""


def migrations(tokenizer: str) -> Migrations:
    """The migrations of an archive that is indexed with one of TOKENIZERS."""
    steps: dict[str, Callable[[Database], None]] = {"1_initial": partial(_initial, tokenizer=tokenizer)}
    result = Migrations("presskeep")
    for name, step in steps.items():
        result(name=name)(_numbered(step, int(name.partition("_")[0])))
    return result


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
    yield f"CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN {add} END"
    yield f"CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN {drop} END"
    yield f"CREATE TRIGGER {table}_fts_update AFTER UPDATE OF {names} ON {table} BEGIN {drop} {add} END"


def _numbered(step: Callable[[Database], None], number: int) -> Callable[[Database], None]:
    def migrate(db: Database, /) -> None:
        step(db)
        db.execute(f"PRAGMA user_version = {number}")

    return migrate


def _initial(db: Database, *, tokenizer: str) -> None:
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for part in (FACTS, DERIVED, VIEWS, STATE):
        for statement in part.split(";\n"):
            if statement.strip():
                db.execute(statement)
    for table in FTS_TABLES:
        for statement in fts_statements(table, tokenizer):
            db.execute(statement)
    for statement in guard_statements():
        db.execute(statement)
