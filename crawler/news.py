"""What an event of a crawl is to those who asked to be told: its topics, who wants it, and the message."""

from datetime import UTC, datetime

from archive import Happening, Outcome, http_outcome
from crawler.events import Event, Fetched, SiteFinished
from crawler.frontier import GONE
from crawler.hooks import Hook
from extractors import moment_text

BLOCKED = frozenset({Outcome.QUARANTINED, Outcome.BREAKER, *map(http_outcome, (401, 403, 429, 451))})
"""Outcomes that say that a site does not want us, or not now."""

_READ = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.SAME})
_NEWS: dict[str, tuple[str, ...]] = {Outcome.NEW: ("new",), Outcome.CHANGED: ("edit",)}


def topics_of(event: Event) -> tuple[str, ...]:
    """What an event may be told as."""
    if isinstance(event, SiteFinished):
        return ("failed-site",) if event.failed else ()
    if not isinstance(event, Fetched) or event.kind == "robots":
        return ()
    blocked = ("blocked",) if event.outcome in BLOCKED else ()
    if event.kind != "article":
        return blocked
    news = _NEWS.get(event.outcome, ())
    vanished = ("vanished",) if event.outcome in GONE or event.outcome == Outcome.NO_ARTICLE else ()
    drift = ("drift",) if event.outcome in _READ and event.detail else ()
    return (*news, *vanished, *drift, *blocked)


def wants(hook: Hook, topic: str, site: str, happened: Happening | None) -> bool:
    """Whether a hook asked for this."""
    if topic not in hook.on or (hook.sites and site not in hook.sites):
        return False
    if topic != "edit":
        return True
    if happened is None:
        return not hook.kinds and not hook.min_words
    words = happened.words_added + happened.words_removed
    return words >= hook.min_words and (not hook.kinds or not set(hook.kinds).isdisjoint(happened.kinds))


def message(topic: str, event: Event, happened: Happening | None) -> dict[str, object]:
    """The JSON document of a hook: always the same keys, null where they do not apply."""
    fetched = event if isinstance(event, Fetched) else None
    detail = event.failed if isinstance(event, SiteFinished) else fetched.detail if fetched else ""
    shows = happened if happened is not None and happened.version is not None else None
    return {
        "event": topic,
        "text": _sentence(topic, event.site, happened, detail or (fetched.url if fetched else "")),
        "at": happened.at if happened else moment_text(datetime.now(UTC)),
        "site": event.site,
        "url": happened.article if happened else fetched.url if fetched else None,
        "title": happened.title if happened else None,
        "outcome": fetched.outcome if fetched else None,
        "detail": detail or None,
        "version": shows.version if shows else None,
        "text_key": shows.text_key if shows else None,
        "before_key": shows.before_key if shows else None,
        "kinds": list(shows.kinds) if shows else [],
        "words_added": shows.words_added if shows else None,
        "words_removed": shows.words_removed if shows else None,
    }


def _sentence(topic: str, site: str, happened: Happening | None, otherwise: str) -> str:
    if happened is None:
        return f"{site}: {topic}: {otherwise}"
    words = f" (+{happened.words_added} -{happened.words_removed} words)" if topic == "edit" else ""
    return f"{site}: {topic}: {happened.title}{words} {happened.article}"
