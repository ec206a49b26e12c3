"""From what the network gave to what the archive takes."""

from archive import Look, Outcome
from crawler.frontier import Entry
from crawler.pool import Read, outcome_of
from crawler.wire import Failure, Unchanged, Wire


def page_look(entry: Entry, wire: Wire, read: Read, attempts: int, *, note: str = "") -> Look:
    """A look that gave a page, with its article if there is one; ``note`` says what is odd about it."""
    return Look(
        url=entry.url,
        site=entry.site,
        started_at=wire.fetched_at,
        kind=entry.kind,
        outcome=outcome_of(read),
        status=wire.status,
        final_url=wire.final_url,
        ms=wire.ms,
        bytes=len(wire.content),
        attempts=attempts,
        etag=wire.header("etag"),
        last_modified=wire.header("last-modified"),
        error=read.crash or note or "; ".join(read.reading.drift) or None,
        record=(("tls", wire.tls),) if wire.tls else (),
        page=read.page,
        article=read.reading.article,
        optouts=read.reading.optouts,
    )


def unchanged_look(entry: Entry, unchanged: Unchanged, attempts: int) -> Look:
    """A look that the server answered with 304."""
    headers = dict(unchanged.headers)
    return Look(
        url=entry.url,
        site=entry.site,
        started_at=unchanged.fetched_at,
        kind=entry.kind,
        outcome=Outcome.NOT_MODIFIED,
        status=304,
        final_url=unchanged.final_url,
        ms=unchanged.ms,
        attempts=attempts,
        etag=headers.get("etag") or entry.etag,
        last_modified=headers.get("last-modified") or entry.last_modified,
    )


def failure_look(entry: Entry, failure: Failure, attempts: int) -> Look:
    """A look that gave nothing to read."""
    return Look(
        url=entry.url,
        site=entry.site,
        started_at=failure.at,
        kind=entry.kind,
        outcome=failure.outcome,
        status=failure.status,
        final_url=failure.final_url,
        ms=failure.ms,
        bytes=failure.bytes,
        attempts=attempts,
        error=failure.detail or None,
        record=(("headers", [list(header) for header in failure.headers]),) if failure.headers else (),
    )
