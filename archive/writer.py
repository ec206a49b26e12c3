"""One look in: its facts, and through derivation all that follows from them."""

from dataclasses import replace

from sqlite_utils import Database

from archive import keys
from archive.attribution import attribute, attribute_follower, follow, is_late, joins, retarget
from archive.blobs import Bodies
from archive.compare import current_version, judge, removed_text, text_of
from archive.derive import Effect, append
from archive.errors import DamagedBody, KeyCollision, RemovedBody
from archive.facts import Entry, ensure_site, insert_fetch, next_seq
from archive.identity import Identity, identify, page_url
from archive.look import Look, Outcome, Saved
from archive.rebuild import Desk, article_of, create_article, rebuild
from archive.shown import READABLE, Shown, order_of, what_is_shown
from extractors import Article, Page, moment_text


class Writer:
    """Writes looks into one archive; every call is one step of the caller's transaction.

    ``unread`` tells that nobody read the pages of these looks: what they change is derived when they are read.
    """

    def __init__(self, db: Database, desk: Desk, bodies: Bodies) -> None:
        self._db = db
        self._desk = desk
        self._bodies = bodies
        self.unread = False

    def check(self, look: Look) -> None:
        """Raises URLError for an unusable URL and ValueError for a look that contradicts itself or has no time zone."""
        moment_text(look.started_at)
        if look.page is not None and look.page.url != look.url:
            raise ValueError(f"the look at {look.url} carries the page of {look.page.url}; give both the same URL")
        if look.page is None and look.outcome is None:
            raise ValueError(f"the look at {look.url} has neither a page nor an outcome; give one")
        if look.kind == "article":
            page_url(look.url)

    def add(self, look: Look, run: str) -> Saved:
        """Stores a look that was checked, of a run that is open."""
        entry = self._entry(look, run)
        ensure_site(self._db, look.site)
        if look.kind == "article":
            return self._add_article(entry)
        return self._add_other(entry)

    def _entry(self, look: Look, run: str) -> Entry:
        fetch = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM fetches").fetchone()[0]
        at = moment_text(look.started_at)
        assert at is not None
        return Entry(fetch, run, next_seq(self._db, "fetches", run), at, look, look.outcome, look.error)

    def _add_article(self, entry: Entry) -> Saved:
        page, identity = entry.look.page, None
        if page is not None:
            identity = identify(page, entry.look.article)
            if identity.sent_home and entry.outcome is None:
                entry = replace(entry, outcome=Outcome.NO_ARTICLE, error="redirected to the home page")
            entry = self._keep_body(entry, page, identity)
        elif entry.outcome == Outcome.NOT_MODIFIED:
            entry = replace(entry, raw_key=self._confirmed_raw(entry))
        target = self._attribute(entry, identity)
        shown = _shown(entry, identity)
        if _is_stale(self._db, shown, target):
            rebuild(self._desk, {target})
            target = _target_of(self._db, entry.fetch)
        late = is_late(self._db, entry.fetch, entry.order)
        effect = self._judge_late(entry, shown, target) if late else self._append(shown, target)
        entry = _decided(entry, effect)
        insert_fetch(self._db, entry)
        self._settle(entry, target, late=late)
        if self.unread and identity is not None:
            self._db.execute("UPDATE urls SET rules = '' WHERE url = ?", (identity.page,))
        return self._saved(entry, effect)

    def _add_other(self, entry: Entry) -> Saved:
        """Feeds, sitemaps and listings leave the digest of their body; robots.txt is kept whole."""
        page = entry.look.page
        if page is not None:
            entry = replace(entry, sha256=keys.digest(page.body))
            if entry.look.kind == "robots":
                entry = self._kept(entry, page.body, None)
            entry = replace(entry, outcome=entry.outcome or self._compared(entry))
        entry = _decided(entry, Effect())
        insert_fetch(self._db, entry)
        return Saved(
            fetch=entry.fetch, outcome=str(entry.outcome), raw_key=entry.raw_key, stored_bytes=entry.stored_bytes
        )

    def _compared(self, entry: Entry) -> str:
        row = self._db.execute(
            "SELECT json_extract(record, '$.sha256') FROM fetches WHERE url = ? AND kind = ? "
            "AND json_extract(record, '$.sha256') IS NOT NULL ORDER BY id DESC LIMIT 1",
            (entry.look.url, entry.look.kind),
        ).fetchone()
        if row is None:
            return Outcome.NEW
        return Outcome.SAME if row[0] == entry.sha256 else Outcome.CHANGED

    def _keep_body(self, entry: Entry, page: Page, identity: Identity) -> Entry:
        """Stores the body of a page as a delta against the first one at its URL."""
        if entry.outcome == Outcome.DIGEST_ONLY:
            return self._kept(entry, page.body, None, only_digest=True)
        article = entry.look.article
        text = None if article is None else removed_text(self._db, article, self._desk.shorten)
        if text is not None:
            error = f"text {text.key} was removed from this archive and is not kept again"
            return replace(entry, outcome=Outcome.DIGEST_ONLY, error=error, sha256=keys.digest(page.body))
        row = self._db.execute("SELECT base_key FROM urls WHERE url = ?", (identity.page,)).fetchone()
        return self._kept(entry, page.body, row[0] if row else None, url=identity.page)

    def _kept(
        self, entry: Entry, body: bytes, base: str | None, url: str | None = None, *, only_digest: bool = False
    ) -> Entry:
        try:
            kept = self._bodies.note(body) if only_digest else self._bodies.keep(body, base)
        except KeyCollision as error:
            return replace(entry, outcome=Outcome.KEY_COLLISION, error=str(error))
        except RemovedBody as error:
            return replace(entry, outcome=Outcome.DIGEST_ONLY, error=str(error), sha256=keys.digest(body))
        except DamagedBody as error:
            return replace(entry, outcome=Outcome.TOO_LARGE, error=str(error))
        if url is not None and kept.base != base:
            sql = "INSERT INTO urls(url, base_key) VALUES (?, ?) ON CONFLICT(url) DO UPDATE SET base_key = ?2"
            self._db.execute(sql, (url, kept.base))
        return replace(entry, raw_key=kept.key, stored_bytes=kept.stored_bytes)

    def _confirmed_raw(self, entry: Entry) -> str | None:
        """The raw that the last look with a body at this URL stored: what a 304 confirms."""
        marks = ", ".join("?" * len(READABLE))
        row = self._db.execute(
            "SELECT f.raw_key FROM urls u JOIN sightings s ON s.asked = u.id JOIN fetches f ON f.id = s.fetch "  # noqa: S608
            f"WHERE u.url = ? AND f.raw_key IS NOT NULL AND f.outcome IN ({marks}) "
            "ORDER BY f.started_at DESC, f.run DESC, f.seq DESC LIMIT 1",
            (page_url(entry.look.url), *READABLE),
        ).fetchone()
        return row[0] if row else None

    def _attribute(self, entry: Entry, identity: Identity | None) -> int:
        """A page whose body is not kept or not read says nothing about where its URL leads."""
        if identity is not None and entry.raw_key is not None and (entry.outcome is None or entry.outcome in READABLE):
            return attribute(self._db, entry.fetch, identity)
        return attribute_follower(self._db, entry.fetch, entry.look.url, entry.order)

    def _append(self, shown: Shown, target: int) -> Effect:
        article = article_of(self._db, target)
        if article is None and shown.what == "text":
            article = create_article(self._db, target, shown.site)
        return Effect() if article is None else append(self._db, article, shown, self._desk.shorten)

    def _judge_late(self, entry: Entry, shown: Shown, target: int) -> Effect:
        """What a look is that other looks came before: compared with the version shown just before its own time."""
        if shown.what != "text" or shown.article is None:
            return Effect()
        row = self._db.execute(
            "SELECT s.version FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE s.target = ? "
            "AND s.version IS NOT NULL AND (f.started_at, f.run, f.seq) < (?, ?, ?) "
            "ORDER BY f.started_at DESC, f.run DESC, f.seq DESC LIMIT 1",
            (target, *entry.order),
        ).fetchone()
        current = current_version(self._db, row[0] if row else None)
        judgement = judge(self._db, current, shown.article, text_of(shown.article, self._desk.shorten))
        return Effect(outcome=_outcome_of(judgement))

    def _settle(self, entry: Entry, target: int, *, late: bool) -> None:
        """Derives anew what a look changes besides the end of its own article."""
        claims = joins(self._db, entry.fetch)
        asked: set[int] = set()
        if late:
            asked = {self._db.execute("SELECT asked FROM sightings WHERE fetch = ?", (entry.fetch,)).fetchone()[0]}
            claims |= follow(self._db, *asked)
        changed = retarget(self._db, asked, claims) | ({target} if late else set())
        if self.unread:
            changed = {one for one in changed if article_of(self._db, one) is not None}
        if changed:
            rebuild(self._desk, changed)

    def _saved(self, entry: Entry, effect: Effect) -> Saved:
        row = self._db.execute(
            "SELECT s.article, s.version, v.text_key FROM sightings s LEFT JOIN versions v ON v.id = s.version "
            "WHERE s.fetch = ?",
            (entry.fetch,),
        ).fetchone()
        return Saved(
            fetch=entry.fetch,
            outcome=str(entry.outcome),
            raw_key=entry.raw_key,
            article=row[0],
            version=row[1],
            text_key=row[2],
            list_items=effect.list_items,
            stored_bytes=entry.stored_bytes,
        )


def _shown(entry: Entry, identity: Identity | None) -> Shown:
    readable = identity is not None and entry.raw_key is not None
    article: Article | None = entry.look.article if readable else None
    sent_home = identity is not None and identity.sent_home
    return Shown(
        fetch=entry.fetch,
        order=order_of(*entry.order),
        at=entry.at,
        site=entry.look.site,
        what=what_is_shown(entry.outcome, article, sent_home=sent_home),
        raw_key=entry.raw_key,
        article=article,
        page=identity.page if identity else None,
        claim=identity.claim if identity else None,
    )


def _is_stale(db: Database, shown: Shown, target: int) -> bool:
    """Whether earlier looks must be read again first: they were read under other rules, or gave no article."""
    if shown.what != "text" or shown.article is None:
        return False
    if article_of(db, target) is None:
        sql = "SELECT 1 FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE s.target = ? AND f.raw_key IS NOT NULL"
        return db.execute(sql, (target,)).fetchone() is not None
    row = db.execute("SELECT rules FROM urls WHERE url = ?", (shown.page,)).fetchone()
    return row is not None and row[0] not in (None, shown.article.rules)


def _decided(entry: Entry, effect: Effect) -> Entry:
    """The entry with its final outcome: as given, else as derived, else that there is no article."""
    if effect.outcome == Outcome.KEY_COLLISION:
        return replace(entry, outcome=effect.outcome, error=effect.error)
    return replace(entry, outcome=entry.outcome or effect.outcome or Outcome.NO_ARTICLE)


def _outcome_of(judgement: str) -> str:
    return {"new": Outcome.NEW, "changed": Outcome.CHANGED}.get(judgement, Outcome.SAME)


def _target_of(db: Database, fetch: int) -> int:
    return int(db.execute("SELECT target FROM sightings WHERE fetch = ?", (fetch,)).fetchone()[0])
