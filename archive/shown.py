"""What a look shows, alike for one that arrives and for one replayed from its fetch row and its stored body."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.apart import read_apart
from archive.errors import DamagedBody
from archive.identity import identify, sent_home
from archive.look import Outcome, http_outcome
from extractors import Article, Page, Reading, moment_text

Reader = Callable[[Page], Reading]
"""Reads a page under today's rules; the same page gives the same reading."""

RulesOf = Callable[[str, datetime | None, str], str]
"""The rules digest that a reader gives a page with this final URL, fetch time and media type; reads no page."""

READABLE = frozenset(
    {Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.IMPORTED, Outcome.NO_ARTICLE, Outcome.EXTRACT_CRASH}
)
"""Outcomes whose body is read when a look is replayed; what crashed a reader is tried again."""

SENT_HOME = READABLE | {Outcome.QUARANTINED}
"""Outcomes of a look that may have found the home page in place of an article."""

READABLE_MARKS = ", ".join(f"'{outcome}'" for outcome in sorted(READABLE))
"""The same as an SQL list."""

GONE = frozenset({http_outcome(404), http_outcome(410)})

DEFAULT_MEDIA_TYPE = "text/html"
"""What a look's page is unless its record says otherwise."""

What = Literal["text", "confirms", "gone", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One look as derivation sees it. ``order`` sorts looks; ``claim`` is the canonical URL that its page claims."""

    fetch: int
    order: str
    at: str
    site: str
    what: What
    raw_key: str | None = None
    article: Article | None = None
    page: str | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """The columns of ``fetches`` that a replay needs."""

    id: int
    run: str
    seq: int
    url: str
    site: str
    started_at: str
    outcome: str
    status: int | None
    final_url: str | None
    raw_key: str | None
    record: str


FETCH_COLUMNS = ", ".join(f"f.{name}" for name in FetchRow.__slots__)


def order_of(started_at: str, run: str, seq: int) -> str:
    """The order of looks everywhere: by start, then run, then number in the run."""
    return f"{started_at} {run} {seq:010d}"


def what_is_shown(outcome: str | None, article: Article | None, *, sent_home: bool = False) -> What:
    """``outcome`` None means that the archive is to decide."""
    if outcome == Outcome.NOT_MODIFIED:
        return "confirms"
    if outcome in GONE or (sent_home and (outcome is None or outcome in SENT_HOME)):
        return "gone"
    if article is not None and (outcome is None or outcome in READABLE):
        return "text"
    return "nothing"


def page_record(page: Page, started_at: datetime) -> dict[str, object]:
    """What ``fetches.record`` must hold of a page beside the other columns, so that :func:`replay_page` is exact."""
    record: dict[str, object] = {"headers": [list(header) for header in page.headers]}
    if page.media_type != DEFAULT_MEDIA_TYPE:
        record["media_type"] = page.media_type
    if page.charset is not None:
        record["charset"] = page.charset
    if page.fetched_at is None or moment_text(page.fetched_at) != moment_text(started_at):
        record["fetched_at"] = moment_text(page.fetched_at)
    return record


def rules_now(rules: RulesOf, final_url: str, started_at: str, record: str) -> str:
    """The digest under which the page of a stored look would be read today, by columns of its fetch row."""
    told = json.loads(record)
    return rules(final_url, _fetched_at(told, started_at), told.get("media_type", DEFAULT_MEDIA_TYPE))


def _fetched_at(record: Mapping[str, str | None], started_at: str) -> datetime | None:
    told = record.get("fetched_at", started_at)
    return None if told is None else datetime.fromisoformat(told)


def replay_page(row: FetchRow, body: bytes) -> Page:
    """The page of a fetch row and its body, as it was read at first."""
    record = json.loads(row.record)
    return Page(
        url=row.url,
        body=body,
        final_url=row.final_url or row.url,
        status=row.status or 200,
        headers=tuple((name, value) for name, value in record.get("headers", ())),
        media_type=record.get("media_type", DEFAULT_MEDIA_TYPE),
        charset=record.get("charset"),
        fetched_at=_fetched_at(record, row.started_at),
    )


def page_to_read(row: FetchRow, read_body: Callable[[str], bytes]) -> Page | None:
    """The page of a look that is read again; None for a look without one and for a body that is gone or damaged."""
    if row.raw_key is None or row.outcome not in READABLE:
        return None
    try:
        return replay_page(row, read_body(row.raw_key))
    except DamagedBody:
        return None


def replay(row: FetchRow, reader: Reader, read_body: Callable[[str], bytes]) -> Shown:
    """What a stored look shows under today's rules. A body that was removed or is damaged shows nothing."""
    page = page_to_read(row, read_body)
    if page is None:
        return shown_by(row, None, None)
    reading = read_apart(page, reader) if row.outcome == Outcome.EXTRACT_CRASH else reader(page)
    return shown_by(row, page, reading.article if reading else None)


def shown_by(row: FetchRow, page: Page | None, article: Article | None) -> Shown:
    """What a stored look shows, given its page and what was read from it."""
    order = order_of(row.started_at, row.run, row.seq)
    if page is None:
        home = row.outcome == Outcome.QUARANTINED and sent_home(row.url, row.final_url or row.url)
        what = what_is_shown(row.outcome, None, sent_home=home and row.raw_key is not None)
        return Shown(fetch=row.id, order=order, at=row.started_at, site=row.site, what=what, raw_key=row.raw_key)
    identity = identify(page, article)
    return Shown(
        fetch=row.id,
        order=order,
        at=row.started_at,
        site=row.site,
        what=what_is_shown(row.outcome, article, sent_home=identity.sent_home),
        raw_key=row.raw_key,
        article=article,
        page=identity.page,
        claim=identity.claim,
    )
