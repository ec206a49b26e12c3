"""From what the network gave to what the archive takes."""

from dataclasses import replace

from archive import Look, Outcome, text_key
from crawler.config import Manners
from crawler.frontier import Entry
from crawler.pool import Read, outcome_of
from crawler.wire import Failure, Unchanged, Wire
from crawler.wishes import action_for
from extractors import OptOut

_WAS_AN_ARTICLE = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.NOT_MODIFIED, Outcome.QUARANTINED})


def article_look(
    entry: Entry, wire: Wire, read: Read, attempts: int, manners: Manners, wishes: tuple[OptOut, ...] = ()
) -> Look:
    """A look at an article, as far as its page lets itself be kept and the configuration minds that.

    ``wishes`` are those that the host states for the page.
    """
    if read.is_list and entry.last_outcome in _WAS_AN_ARTICLE:
        read = replace(read, block="home page")
    look = page_look(entry, wire, read, attempts)
    look = replace(look, optouts=(*look.optouts, *wishes))
    action = action_for(look.optouts, manners.optouts, manners.agent)
    if action == "keep":
        return look
    asked = ", ".join(f"{optout.signal} {optout.value}" for optout in look.optouts)
    look = replace(look, article=None, optout_action=action, error=f"{action}: {asked}")
    if action == "skip":
        return replace(look, page=None, outcome=Outcome.ROBOTS)
    article = read.reading.article
    counts = (
        (("text_key", text_key(article.title, article.text)), ("words", len(article.text.split()))) if article else ()
    )
    return replace(look, outcome=Outcome.DIGEST_ONLY, record=(*look.record, *counts))


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
        error=read.crash or read.block or note or "; ".join(read.reading.drift) or None,
        record=_secured(wire),
        page=read.page,
        article=None if read.block else read.reading.article,
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


def _secured(wire: Wire) -> tuple[tuple[str, str], ...]:
    """What is recorded of the connection: TLS version and digest of the certificate."""
    found = (("tls", wire.tls), ("certificate_sha256", wire.certificate))
    return tuple((key, value) for key, value in found if value)
