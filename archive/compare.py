"""How the text of a look relates to the version before it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sqlite_utils import Database

from archive import keys
from archive.diff import TextDiff, count_words, diff_texts
from archive.fold import fold
from archive.substance import substance
from extractors import Article

_ELLIPSES = ("…", "...", "[…]", "[...]")
Judgement = Literal["new", "same", "partial", "changed"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be compared, with its digests."""

    title: str
    text: str
    key: str
    sha256: str

    @property
    def folded(self) -> str:
        """The digest of its folded form, in which texts are compared."""
        digest = _folded_digest if len(self.text) <= _REMEMBERED else _folded_digest.__wrapped__
        return digest(self.title, self.text)


_REMEMBERED = 100_000
"""Characters up to which a text is kept in memory with its digest."""


@lru_cache(maxsize=16)
def _folded_digest(title: str, text: str) -> str:
    return keys.digest(f"{fold(title)}\n\n{fold(text)}".encode())[:32]


@dataclass(frozen=True, slots=True)
class Current:
    """The version that is compared against."""

    id: int
    number: int
    text_key: str
    folded: str


def text_of(article: Article, shorten: keys.Shorten) -> Text:
    """The text of an article with its keys."""
    sha256 = keys.digest(keys.text_bytes(article.title, article.text))
    return Text(article.title, article.text, shorten(sha256), sha256)


def current_version(db: Database, version: int | None) -> Current | None:
    """A version by its row id, as far as comparing needs it."""
    sql = "SELECT id, number, text_key, folded FROM versions WHERE id = ?"
    row = version and db.execute(sql, (version,)).fetchone()
    return Current(*row) if row else None


def judge(db: Database, current: Current | None, article: Article, text: Text) -> Judgement:
    """How a text relates to the version before it."""
    if current is None:
        return "new"
    if text.key == current.text_key or text.folded == current.folded:
        return "same"
    return "partial" if _is_beginning(db, current, article) else "changed"


def _is_beginning(db: Database, current: Current, article: Article) -> bool:
    """Whether a text that says that it is cut off is a beginning of the current one."""
    cut = article.text.rstrip().endswith(_ELLIPSES)
    if not (article.paywalled or cut):
        return False
    stored = db.execute("SELECT text FROM texts WHERE key = ?", (current.text_key,)).fetchone()[0]
    part, whole = fold(article.text), fold(stored)
    return len(part) < len(whole) and whole.startswith(part)


def collision(db: Database, text: Text) -> str | None:
    row = db.execute("SELECT sha256 FROM texts WHERE key = ? AND sha256 IS NOT ?", (text.key, text.sha256)).fetchone()
    return f"texts {row[0]} and {text.sha256} share the key {text.key}; the first one is kept" if row else None


def removed_text(db: Database, article: Article, shorten: keys.Shorten) -> Text | None:
    """The text of an article when a takedown names it."""
    if db.execute("SELECT 1 FROM main.removals LIMIT 1").fetchone() is None:
        return None  # as in most archives: the digest is not needed
    text = text_of(article, shorten)
    sql = "SELECT 1 FROM main.removals WHERE key = ? AND sha256 = ?"
    return text if db.execute(sql, (text.key, text.sha256)).fetchone() else None


def keep_text(db: Database, text: Text) -> None:
    if db.execute("SELECT 1 FROM texts WHERE key = ?", (text.key,)).fetchone() is None:
        db.execute(
            "INSERT INTO texts(key, sha256, title, text, words) VALUES (?, ?, ?, ?, ?)",
            (text.key, text.sha256, text.title, text.text, count_words(text.text)),
        )


def changes_of(db: Database, current: Current, text: Text) -> tuple[dict[str, int], dict[str, dict[str, object]]]:
    """What a new version changed: words in all, and an event's detail for each kind."""
    title, body = db.execute("SELECT title, text FROM texts WHERE key = ?", (current.text_key,)).fetchone()
    words = diff_texts((title, body), (text.title, text.text))
    counts = {"added": words.words_added, "removed": words.words_removed}
    changes: dict[str, dict[str, object]] = {}
    if fold(title) != fold(text.title):
        changes["headline"] = {"before": title, "after": text.title}
    if fold(body) != fold(text.text):
        changes["body"] = {f"words_{kind}": _words(words, kind) for kind in ("added", "removed")}
    return counts, changes | substance(f"{title}\n\n{body}", f"{text.title}\n\n{text.text}")


def _words(words: TextDiff, kind: str) -> int:
    """The words of the body that have this fate."""
    return sum(count_words(run.text) for block in words.blocks for run in block.runs if run.kind == kind)
