"""An article's rows from its looks, one look at a time.

``append`` is the only place where versions, sightings, events and list items come from: a crawl calls it for the look
that has just arrived, a rebuild for each stored look in order. So both give the same rows.
"""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from archive import keys, placements
from archive.compare import Current, Text, changes_of, collision, current_version, judge, keep_text, text_of
from archive.diff import count_words
from archive.look import Outcome
from archive.missing import missed_before
from archive.shown import Shown
from extractors import Moment, moment_text

_WEIGHTS = {
    "vanished": 6,
    "headline": 5,
    "correction": 5,
    "flip-flop": 4,
    "quote": 4,
    "number": 4,
    "returned": 4,
    "body": 3,
    "byline": 2,
    "paywalled": 1,
    "dates": 1,
    "cosmetic": 0,
}
_ARTICLE = (
    "id, site, title, authors, published, modified, section, language, canonical_url, state, rules, shown_key, "
    "version_count, latest_version"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a look did to its article; ``outcome`` None means that it decided nothing."""

    outcome: str | None = None
    version: int | None = None
    text_key: str | None = None
    list_items: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """The articles row that a look finds."""

    id: int
    site: str
    title: str
    authors: str
    published: str | None
    modified: str | None
    section: str | None
    language: str | None
    canonical_url: str | None
    state: str
    rules: str
    shown_key: str | None
    version_count: int
    latest_version: int | None


def event_weights() -> dict[str, int]:
    """The kinds of events and how much each matters to a reader; 0 is hidden by default."""
    return dict(_WEIGHTS)


def append(db: Database, article: int, shown: Shown, shorten: keys.Shorten = keys.shorten) -> Effect:
    """Derives one look that comes after all looks of this article so far."""
    state = _State(*db.execute(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (article,)).fetchone())  # noqa: S608
    if shown.what == "text":
        effect = _show_text(db, state, shown, shorten)
    elif shown.what == "confirms":
        effect = _confirm(db, state, shown)
    else:
        effect = Effect()
        if shown.what == "gone" and state.version_count and state.state != "gone":
            _miss(db, state, shown)
    db.execute("UPDATE sightings SET article = ?, version = ? WHERE fetch = ?", (article, effect.version, shown.fetch))
    return effect


def _show_text(db: Database, state: _State, shown: Shown, shorten: keys.Shorten) -> Effect:
    assert shown.article is not None
    text = text_of(shown.article, shorten)
    error = collision(db, text)
    if error is not None:
        return Effect(outcome=Outcome.KEY_COLLISION, error=error)
    current = current_version(db, state.latest_version)
    judgement = judge(db, current, shown.article, text)
    if current is None or judgement == "changed":
        version, text_key = _add_version(db, state, shown, current, text)
    else:
        version, text_key = current.id, current.text_key
        _see(db, version, shown)
    if judgement == "same" and state.shown_key != text.key:
        _event(db, state.id, version, shown, "cosmetic", {"before": state.shown_key, "after": text.key})
    if judgement == "partial":
        _see_beginning(db, state, version, shown)
    else:
        _describe(db, state, version, shown, text)
    db.execute(
        "UPDATE urls SET rules = ? WHERE url = ? AND rules IS NOT ?",
        (shown.article.rules, shown.page, shown.article.rules),
    )
    items = placements.place(db, state.id, shown)
    outcome = {"new": Outcome.NEW, "changed": Outcome.CHANGED}.get(judgement, Outcome.SAME)
    return Effect(outcome=outcome, version=version, text_key=text_key, list_items=items)


def _confirm(db: Database, state: _State, shown: Shown) -> Effect:
    """A 304 shows what the last look at the same raw showed."""
    row = db.execute(
        "SELECT s.version, s.fetch, v.text_key FROM fetches f JOIN sightings s ON s.fetch = f.id "
        "JOIN versions v ON v.id = s.version WHERE f.raw_key = ? AND s.article = ? "
        "ORDER BY f.started_at DESC, f.run DESC, f.seq DESC LIMIT 1",
        (shown.raw_key, state.id),
    ).fetchone()
    if row is None:
        return Effect()
    version, confirmed, text_key = row
    _see(db, version, shown)
    placements.confirm(db, state.id, confirmed, shown)
    if state.state == "gone":
        _change_state(db, state, shown, "live", "returned")
    db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", (shown.at, state.id))
    return Effect(outcome=Outcome.NOT_MODIFIED, version=version, text_key=text_key)


def _add_version(db: Database, state: _State, shown: Shown, current: Current | None, text: Text) -> tuple[int, str]:
    """A new row of the history; a text that was there before comes back under its old key."""
    old_key = _earlier_key(db, state.id, text) if current else None
    if old_key is None:
        keep_text(db, text)
    text_key = old_key or text.key
    words, changes = changes_of(db, current, text) if current else ({"added": 0, "removed": 0}, {})
    kinds = [*changes, *(["flip-flop"] if old_key else [])]
    cursor = db.execute(
        "INSERT INTO versions(article, number, text_key, raw_key, first_seen, last_seen, words_added, words_removed, "
        "kinds, rules, folded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            state.id, state.version_count + 1, text_key, shown.raw_key, shown.at, shown.at, words["added"],
            words["removed"], json.dumps(kinds), shown.article.rules if shown.article else "", text.folded,
        ),
    )  # fmt: skip
    version = int(cursor.lastrowid or 0)
    for kind, detail in changes.items():
        _event(db, state.id, version, shown, kind, detail)
    if old_key:
        _event(db, state.id, version, shown, "flip-flop", {"text_key": old_key})
    db.execute(
        "UPDATE articles SET version_count = ?, latest_version = ?, first_seen = coalesce(first_seen, ?) WHERE id = ?",
        (state.version_count + 1, version, shown.at, state.id),
    )
    return version, text_key


def _earlier_key(db: Database, article: int, text: Text) -> str | None:
    sql = "SELECT text_key FROM versions WHERE article = ? AND folded = ? ORDER BY number LIMIT 1"
    row = db.execute(sql, (article, text.folded)).fetchone()
    return row[0] if row else None


def _see(db: Database, version: int, shown: Shown) -> None:
    db.execute("UPDATE versions SET last_seen = ?, sightings = sightings + 1 WHERE id = ?", (shown.at, version))


def _see_beginning(db: Database, state: _State, version: int, shown: Shown) -> None:
    assert shown.article is not None
    if state.state != "paywalled":
        _event(db, state.id, version, shown, "paywalled", {"words": count_words(shown.article.text)})
    if state.state == "gone":
        _event(db, state.id, version, shown, "returned", {})
    db.execute(
        "UPDATE articles SET state = 'paywalled', last_seen = ?, rules = ? WHERE id = ?",
        (shown.at, shown.article.rules, state.id),
    )


def _describe(db: Database, state: _State, version: int, shown: Shown, text: Text) -> None:
    """Brings the articles row up to the look; what a page no longer says stays as it was last said."""
    article = shown.article
    assert article is not None
    authors = json.dumps(article.authors, ensure_ascii=False) if article.authors else state.authors
    published, modified = _said(article.published, state.published), _said(article.modified, state.modified)
    if state.version_count:
        dates = {"published": (state.published, published), "modified": (state.modified, modified)}
        _metadata_events(db, state.id, version, shown, (state.authors, authors), dates)
    if state.state == "gone":
        _event(db, state.id, version, shown, "returned", {})
    db.execute(
        "UPDATE articles SET title = ?, authors = ?, published = ?, modified = ?, section = ?, language = ?, "
        "canonical_url = ?, state = 'live', rules = ?, shown_key = ?, last_seen = ? WHERE id = ?",
        (
            text.title, authors, published, modified, article.section or state.section,
            article.language or state.language, article.canonical_url or state.canonical_url, article.rules, text.key,
            shown.at, state.id,
        ),
    )  # fmt: skip


def _said(moment: Moment | None, before: str | None) -> str | None:
    return moment_text(moment) or before


def _metadata_events(
    db: Database,
    article: int,
    version: int,
    shown: Shown,
    authors: tuple[str, str],
    dates: dict[str, tuple[str | None, str | None]],
) -> None:
    """Byline and dates are not in the text: a change of what was known of them is an event without a version."""
    before, after = (json.loads(names) for names in authors)
    if before and after != before:
        _event(db, article, version, shown, "byline", {"before": before, "after": after})
    changed = {name: {"before": was, "after": now} for name, (was, now) in dates.items() if was and now != was}
    if changed:
        _event(db, article, version, shown, "dates", dict(changed))


def _miss(db: Database, state: _State, shown: Shown) -> None:
    """A page that is not there has vanished when the look before, as far as it shows anything, missed it too."""
    since = missed_before(db, state.id, shown)
    if since is not None:
        _change_state(db, state, shown, "gone", "vanished", {"since": since})


def _change_state(
    db: Database, state: _State, shown: Shown, name: str, event: str, detail: dict[str, object] | None = None
) -> None:
    _event(db, state.id, state.latest_version, shown, event, detail or {})
    db.execute("UPDATE articles SET state = ? WHERE id = ?", (name, state.id))


def _event(db: Database, article: int, version: int | None, shown: Shown, kind: str, detail: dict[str, object]) -> None:
    db.execute(
        "INSERT INTO events(article, version, at, kind, weight, detail) VALUES (?, ?, ?, ?, ?, ?)",
        (article, version, shown.at, kind, _WEIGHTS[kind], json.dumps(detail, ensure_ascii=False)),
    )
