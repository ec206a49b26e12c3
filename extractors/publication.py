"""When an article was published and last changed: by what its page states, then by what it shows."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from extractors import jsonld
from extractors.article import Moment
from extractors.dates import day_of, moment
from extractors.sources import Sources
from extractors.when_calendar import MONTHS
from extractors.when_dates import stated_days

_PUBLISHED_METAS: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "dc.date.issued", "dcterms.issued",
    "dc.date", "dcterms.date", "dcterms.created", "date", "article.published", "article:published",
    "citation_publication_date", "cxenseparse:recs:publishtime", "published_time", "publication_date", "rbpubdate",
    "published", "published-date", "published_date", "publication-date", "w-published-date", "release_date",
)  # fmt: skip
_MODIFIED_METAS: Final = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "lastmod", "last-modified",
)  # fmt: skip
_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|cat)(?!er)(?!.*(?:expir|modif|updat))|pub[-_.]?date|date[-_.]pub|^(?:citation_(?:online_)?)?date[.:_]?"
    r"(?:available|issued)?$",
    re.MULTILINE,
)
_MODIFIED_NAME = re.compile(r"(?:modif|updat)(?!er|.*by$)", re.MULTILINE)
"""Names of meta elements that few systems use; asked when no other tells."""
_ZONES: Final = timedelta(days=1)  # by which one moment's days can differ between zones
_MINUTE: Final = timedelta(minutes=1)
_CHANGED = re.compile(r"updat|modif", re.IGNORECASE)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d|[a-z]{3,9}(?=[/-]))[/-]?(\d\d)(?=\D|$)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A day where the page gives no time or no zone."""

    published: Moment | None
    modified: Moment | None


def read_dates(found: Sources, headline: str) -> Dates:
    """The dates of the article with this headline. A change that only lines tell is never before the publication."""
    modified = _stated(found, lambda: _changes(found), lambda: found.times.modified)
    published = _published(found, headline, modified)
    return Dates(published=published, modified=modified or _updated(found, headline, published))


def _changes(found: Sources) -> Iterator[str]:
    for thing in found.articles:
        yield from jsonld.strings(thing.get("dateModified"))
    yield from found.all_metas(_MODIFIED_METAS)
    for thing in found.pages:
        yield from jsonld.strings(thing.get("dateModified"))
    yield from found.metas_named(_MODIFIED_NAME)


def _publications(found: Sources) -> Iterator[str]:
    for thing in found.articles:
        yield from jsonld.strings(thing.get("datePublished"))
    yield from found.all_metas(_PUBLISHED_METAS)
    for thing in found.things:
        yield from jsonld.strings(thing.get("datePublished"))
    yield from found.metas_named(_PUBLISHED_NAME)


def _stated(found: Sources, texts: Callable[[], Iterable[str]], marks: Callable[[], Iterable[str]]) -> Moment | None:
    """The first moment of the texts; of a bare day, the moment on that day that a later text or a mark gives."""
    known = _first_moment(found, texts())
    if known is None or isinstance(known, datetime):
        return known
    others = (_moment(found, text) for source in (texts, marks) for text in source())
    return next((other for other in others if isinstance(other, datetime) and other.date() == known), known)


def address_day(url: str) -> str | None:
    """The day in the path of an address, such as "/2026/03/04/" or "/2026/mar/04/", as "2026-03-04"."""
    found = _URL_DAY.search(urlsplit(url).path)
    if found is None:
        return None
    month = found[2] if found[2].isdecimal() else f"{MONTHS.get(found[2].lower(), 0):02}"
    return f"{found[1]}-{month}-{found[3]}"


def _published(found: Sources, headline: str, modified: Moment | None) -> Moment | None:
    address = address_day(found.url)
    in_address = [address] if address else []
    stated = _stated(found, lambda: _publications(found), lambda: found.times.published)
    if stated is not None:
        local = _in_local_zone(found, stated, _first_moment(found, in_address)) if in_address else stated
        return _shown(found, headline, modified, local)
    return _first_moment(
        found,
        in_address,
        _sure(found),
        _timed(found, found.datelines(headline).dates.published),
        _marked(found),
        _near(found, headline, "modified"),
        _stray(found),
        [
            text
            for thing in found.things
            for text in jsonld.strings(thing.get("dateCreated") or thing.get("uploadDate"))
        ],
        [text for thing in found.articles for text in jsonld.strings(thing.get("dateModified"))],
        _changed(found),
    )


def _shown(found: Sources, headline: str, modified: Moment | None, stated: Moment) -> Moment:
    """The date that the page shows under its headline, where it is older and ``stated`` is no news page's own.

    Many systems state as both dates the one on which the page was last built. A news page with both alike was not
    edited yet.
    """
    if modified is None or day_of(modified) > day_of(stated) or found.is_news:
        return stated
    shown = found.datelines(headline).dates.plain
    return shown if shown is not None and day_of(shown) < day_of(stated) - _ZONES else stated


def _in_local_zone(found: Sources, stated: Moment, address: Moment | None) -> Moment:
    """``stated`` in the zone that the page writes the same moment in elsewhere, where its address has another day."""
    if not isinstance(stated, datetime) or stated.utcoffset() or address is None or address == stated.date():
        return stated
    others = (_moment(found, text) for text in (*found.all_metas(_PUBLISHED_METAS), *found.times.published))
    same = (known for known in others if isinstance(known, datetime) and abs(known - stated) < _MINUTE)
    return next((known for known in same if known.utcoffset()), stated)


def _timed(found: Sources, day: Moment | None) -> Iterable[str]:
    """A day that lines tell, with its time where a mark of the page has both."""
    if day is not None:
        yield from (text for text in found.times.published if (known := _moment(found, text)) and day_of(known) == day)
        yield day.isoformat()


def _near(found: Sources, headline: str, which: Literal["published", "modified"]) -> Iterable[str]:
    known = getattr(found.datelines(headline).dates, which)
    yield from [known.isoformat()] if known else []


def _updated(found: Sources, headline: str, published: Moment | None) -> Moment | None:
    """What lines and marks already read say of a change; a page that states its dates elsewhere is not searched."""
    if not found.searched:
        return None
    known = _first_moment(found, _near(found, headline, "modified"), found.times.modified)
    if known is None and _CHANGED.search(found.names):
        known = _first_moment(found, found.named_dates.modified)
    return None if known and published and day_of(known) < day_of(published) else known


def _changed(found: Sources) -> Iterable[str]:
    yield from found.times.modified
    yield from found.named_dates.modified


def _sure(found: Sources) -> Iterable[str]:
    yield from found.times.sure


def _marked(found: Sources) -> Iterable[str]:
    """A generator: the marks are only looked for when nothing before them knows."""
    yield from _readings(found, found.times.published)
    yield from _readings(found, _first_dated(found.named_dates.published))


def _readings(found: Sources, texts: Iterable[str]) -> Iterable[str]:
    """The texts, and the days inside them."""
    for text in texts:
        yield text
        days = stated_days(text, found.doc.head.language, lambda: found.doc.lines.month_first)
        yield from (day.isoformat() for _, day in days)


def _first_dated(texts: Iterable[str]) -> Iterable[str]:
    """The texts up to the first with a year: what follows is of something else, also where that date is unclear."""
    for text in texts:
        yield text
        if _YEAR.search(text):
            return


def _stray(found: Sources) -> Iterable[str]:
    yield from (day.isoformat() for day in found.stray_dates if day)


def _first_moment(found: Sources, *sources: Iterable[str]) -> Moment | None:
    return next((known for source in sources for text in source if (known := _moment(found, text)) is not None), None)


def _moment(found: Sources, text: str) -> Moment | None:
    return moment(text, found.doc.head.language)
