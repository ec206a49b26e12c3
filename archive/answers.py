"""What an archive answers: articles and their history, texts, lists, events, search, and how it is doing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlite_utils import Database

from archive import queries
from archive.blobs import Bodies
from archive.coverage import DayCoverage, coverage
from archive.diff import TextDiff, diff_texts
from archive.errors import UnknownArticle
from archive.happened import Happening, happening
from archive.health import SiteHealth, health
from archive.roots import DayRoot, day_root
from archive.rows import ArticleRow, Event, Headline, Hit, LookRow, SearchCount, Stats, StoredItem, StoredText
from archive.search import Where, search
from archive.search import count as search_count
from archive.stats import stats
from archive.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Two versions of an article and what became of the words between them."""

    article: str
    old: Version
    new: Version
    words: TextDiff


class Answers:
    """An open archive to those who ask; nothing here writes."""

    def __init__(self, db: Database, path: Path, bodies: Bodies, clock: Callable[[], datetime]) -> None:
        self.path = path
        self._db = db
        self._bodies = bodies
        self._clock = clock

    @property
    def db(self) -> Database:
        """The open file, for SQL of one's own."""
        return self._db

    def articles(self, *, site: str | None = None, limit: int | None = None) -> Iterator[ArticleRow]:
        """Articles, the latest seen first; streams."""
        return queries.articles(self.db, site=site, limit=limit)

    def article(self, name: str) -> ArticleRow:
        """The article of a URL, or of the key of an article, text or raw; raises UnknownArticle."""
        return queries.article(self.db, name)

    def versions(self, url: str, *, kinds: tuple[str, ...] = (), min_words: int = 0) -> list[Version]:
        """The history of an article, the first version first; raises UnknownArticle.

        ``kinds`` keeps versions that came with one of these events or saw one; ``min_words`` those that differ from
        the one before by so many words, added and removed together.
        """
        return queries.versions(self.db, url, kinds=kinds, min_words=min_words)

    def text(self, key: str) -> StoredText:
        """The text of a key; raises UnknownArticle."""
        return queries.text(self.db, key)

    def raw(self, key: str) -> bytes:
        """The body of a key, checked against its digest; raises UnknownArticle or DamagedBody."""
        if self.db.execute("SELECT 1 FROM raws WHERE key = ?", (key,)).fetchone() is None:
            raise UnknownArticle(f"{key!r} is the key of no body in this archive")
        return self._bodies.read(key)

    def lists(self, url: str, *, at: datetime | None = None) -> list[StoredItem]:
        """The headlines that an article's page promoted, all or those at one time; raises UnknownArticle."""
        return queries.lists(self.db, url, at=at)

    def headlines(
        self, *, site: str | None = None, since: datetime | None = None, kinds: tuple[str, ...] = ()
    ) -> Iterator[Headline]:
        """The headlines that pages promoted beside their articles, of all articles or those of a site; streams.

        ``since`` keeps those seen then or later, ``kinds`` those in lists such as ``recent`` or ``most-read``.
        """
        return queries.headlines(self.db, site=site, since=since, kinds=kinds)

    def events(
        self, *, url: str | None = None, since: datetime | None = None, kinds: tuple[str, ...] = ()
    ) -> Iterator[Event]:
        """What happened to articles, in order of time; streams.

        ``kinds`` are keys of :func:`event_weights`; none means all that are not hidden by a weight of 0.
        """
        return queries.events(self.db, url=url, since=since, kinds=kinds)

    def happening(self, fetch: int) -> Happening | None:
        """What the look of that ``fetches.id`` meant for its article; None for one that led to no article."""
        return happening(self.db, fetch)

    def looks(self, url: str) -> list[LookRow]:
        """Every look at an article or URL, failures included, in order."""
        return queries.looks(self.db, url)

    def last_raw_key(self, url: str) -> str | None:
        """The raw of the last look at a URL that had one."""
        return queries.last_raw_key(self.db, url)

    def host_file(self, url: str) -> bytes | None:
        """The body that the last look at a file such as robots.txt found, None when there was none."""
        key = queries.host_file(self.db, url)
        return None if key is None else self._bodies.read(key)

    def search(self, query: str, *, site: str | None = None, where: Where = "text", limit: int = 20) -> list[Hit]:
        """The best hits for a full-text query, one for each article; raises QueryError."""
        return search(self.db, query, site=site, where=where, limit=limit)

    def search_count(self, query: str, *, site: str | None = None) -> SearchCount:
        """How many articles say it, and how many pages only promote it beside theirs; raises QueryError."""
        return search_count(self.db, query, site=site)

    def diff(self, url: str, m: int | None = None, n: int | None = None) -> Diff:
        """The words between versions ``m`` and ``n``: by default the last two; with ``m`` only, it and the last one.

        Raises UnknownArticle for a URL or a version that is not there.
        """
        history = self.versions(url)
        new = _numbered(history, n if n is not None else len(history))
        old = _numbered(history, m if m is not None else max(new.number - 1, 1))
        before, after = self.text(old.text_key), self.text(new.text_key)
        words = diff_texts((before.title, before.text), (after.title, after.text))
        return Diff(article=new.article, old=old, new=new, words=words)

    def day_root(self, day: date) -> DayRoot:
        """The root over the runs that finished on a UTC day, to be time-stamped elsewhere; raises ArchiveError."""
        return day_root(self.db, day)

    def coverage(self, sites: Iterable[str] = (), *, since: date | None = None) -> Iterator[DayCoverage]:
        """What feeds and sitemaps announced and what became of it, by site and day; of all sites when none is named."""
        return coverage(self.db, tuple(sites), None if since is None else since.isoformat())

    def health(self) -> list[SiteHealth]:
        """How each site has been doing in the last 7 days (growth: 30), by name."""
        return health(self.db, self._clock())

    def stats(self) -> Stats:
        """Counts of the whole archive and of each site."""
        return stats(self.db, self.path)


def _numbered(history: list[Version], number: int) -> Version:
    for one in history:
        if one.number == number:
            return one
    raise UnknownArticle(f"{history[0].article} has no version {number}; it has 1 to {len(history)}")
