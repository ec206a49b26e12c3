"""Lists that are taken over from an attached archive with the articles that showed them."""

from sqlite_utils import Database

from archive.links import ROOM, Links
from archive.strings import Labels, Phrases

NOTES = ("same_label", "same_phrase", "same_spot", "same_link")
"""Temporary tables of which row of the source is which row here."""


def copy_lists(db: Database) -> None:
    """The items of the articles in ``temp.same_article``, whose looks are in ``temp.taken``."""
    adopted = "source.placements p JOIN temp.same_article a ON a.old = p.article"
    spots, links = f"SELECT p.spot FROM {adopted}", f"SELECT p.link FROM {adopted}"  # noqa: S608 - our own names
    labels = [f"SELECT {column} FROM source.spots WHERE id IN ({spots})" for column in ("list", "section", "when_text")]  # noqa: S608
    labels.append(f"SELECT origin FROM source.links WHERE id IN ({links})")  # noqa: S608
    _unite(db, "label", "text", " UNION ".join(labels), "m.text = s.text")
    phrases = (  # the first row of each text
        "SELECT (SELECT min(o.id) FROM source.phrases o WHERE o.hash = t.hash AND o.text = t.text) "  # noqa: S608
        f"FROM source.phrases t WHERE t.id IN (SELECT title FROM source.links WHERE id IN ({links}) "
        f"UNION SELECT p.teaser FROM {adopted})"
    )
    _unite(db, "phrase", "hash, text", phrases, "m.hash = s.hash AND m.text = s.text")
    its_spots = (
        "(SELECT s.id, list.new AS list, section.new AS section, age.new AS when_text, s.when_ago, s.when_span "
        "FROM source.spots s JOIN temp.same_label list ON list.old = s.list "
        "LEFT JOIN temp.same_label section ON section.old = s.section "
        "LEFT JOIN temp.same_label age ON age.old = s.when_text)"
    )
    columns = "list, section, when_text, when_ago, when_span"
    same = " AND ".join(f"m.{column} IS s.{column}" for column in columns.split(", "))
    _unite(db, "spot", columns, spots, same, its_spots)
    _unite_links(db, links)
    db.execute(
        "INSERT INTO main.placements SELECT a.new, l.new, spot.new, p.position, teaser.new, p.when_at, first.new, "
        "last.new, p.sightings FROM source.placements p "
        "JOIN temp.same_article a ON a.old = p.article JOIN temp.same_link l ON l.old = p.link "
        "JOIN temp.same_spot spot ON spot.old = p.spot LEFT JOIN temp.same_phrase teaser ON teaser.old = p.teaser "
        "JOIN temp.taken first ON first.old = p.first_fetch "
        "LEFT JOIN temp.taken last ON last.old = p.last_fetch ORDER BY a.new, l.new"
    )


def _unite(db: Database, name: str, columns: str, used: str, same: str, source: str | None = None) -> None:
    """Copies the ``used`` rows of a table of strings that are new here, and notes which are the same: ``same_NAME``."""
    source = source or f"source.{name}s"
    db.execute(
        f"INSERT INTO main.{name}s({columns}) SELECT {columns} FROM {source} s WHERE id IN ({used}) "  # noqa: S608
        f"AND NOT EXISTS(SELECT 1 FROM main.{name}s m WHERE {same}) ORDER BY s.id"
    )
    db.execute(
        f"CREATE TEMP TABLE same_{name} AS SELECT s.id AS old, (SELECT min(m.id) FROM main.{name}s m WHERE {same}) "  # noqa: S608
        f"AS new FROM {source} s WHERE s.id IN ({used})"
    )
    db.execute(f"CREATE UNIQUE INDEX temp.same_{name}_old ON same_{name}(old)")


def _unite_links(db: Database, used: str) -> None:
    """The same for links, whose ids say under which title they stand; one whose place here is taken gets another."""
    source = (
        f"(SELECT s.id, (t.new << {ROOM}) | (s.id & {(1 << ROOM) - 1}) AS place, o.new AS origin, s.path "  # noqa: S608
        "FROM source.links s JOIN temp.same_phrase t ON t.old = s.title "
        f"LEFT JOIN temp.same_label o ON o.old = s.origin WHERE s.id IN ({used})) s"
    )
    db.execute(
        f"INSERT OR IGNORE INTO main.links(id, origin, path) SELECT place, origin, path FROM {source} ORDER BY place"  # noqa: S608
    )
    db.execute(
        f"CREATE TEMP TABLE same_link AS SELECT s.id AS old, m.id AS new FROM {source} "  # noqa: S608
        "JOIN main.links m ON m.id = s.place AND m.origin IS s.origin AND m.path IS s.path"
    )
    db.execute("CREATE UNIQUE INDEX temp.same_link_old ON same_link(old)")
    others = db.execute(
        "SELECT l.id, t.text, o.text || l.path FROM source.links l JOIN source.phrases t ON t.id = l.title "  # noqa: S608
        "LEFT JOIN source.labels o ON o.id = l.origin "
        f"WHERE l.id IN ({used}) AND l.id NOT IN (SELECT old FROM temp.same_link)"
    ).fetchall()
    found = Links(db, Labels(db), Phrases(db)).learn((title, url) for _, title, url in others)
    pairs = [(old, found[title, url]) for old, title, url in others]
    db.conn.executemany("INSERT INTO temp.same_link VALUES (?, ?)", pairs)
