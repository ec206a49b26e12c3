"""The archive as a library sees it."""

import platform
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import keys
from archive.answers import Answers
from archive.blobs import Bodies
from archive.defaults import now, read, rules_digest
from archive.defaults import software as default_software
from archive.errors import ArchiveError
from archive.evidence import EvidenceReport, write_evidence
from archive.exporting.export import ExportReport, ExportRequest, export
from archive.facts import insert_discoveries
from archive.functions import register
from archive.identity import site_of
from archive.look import Discovery, Look, Saved
from archive.merge import MergeReport, merge
from archive.opening import open_archive
from archive.publish import PublishReport, publish
from archive.published import Mark
from archive.rebuild import Desk, rebuild
from archive.reextract import ReadMany, Reextraction, Scope
from archive.removal import Removal, erase_unread, forget, scrub, scrub_is_due
from archive.rereading import ReextractReport
from archive.roots import check_open, run_root
from archive.shown import Reader, RulesOf
from archive.transactions import Transactions
from archive.trouble import named
from archive.verify import Seen, VerifyReport, unwatched, verify
from archive.writer import Writer
from extractors import Article, Page, Reading, moment_text


class _NotReally(Exception):
    """Takes a rehearsal back."""

    def __init__(self, removal: Removal) -> None:
        super().__init__()
        self.removal = removal


def _take_back(removal: Removal) -> None:
    raise _NotReally(replace(removal, dry_run=True))


class Archive(Answers):
    """One SQLite file of looks and what follows from them. A context manager; used in the thread that made it.

    Opens or creates ``path`` for writing and holds its lock until closed (raises ArchiveBusy when another process
    has it), or opens it ``read_only`` beside a writer. ``tokenizer`` None takes the file's own. ``clock`` gives aware
    times, ``reader`` reads a page again when an article is derived anew, ``rules`` names its digest for a page without
    reading it (known for the default reader), ``shorten`` makes keys of digests. A takedown that was interrupted is
    finished when the file is opened for writing.
    Raises NotAnArchive, NewerArchive or another ArchiveError for a file that cannot be used.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        read_only: bool = False,
        tokenizer: str | None = None,
        software: str | None = None,
        clock: Callable[[], datetime] = now,
        reader: Reader | None = None,
        rules: RulesOf | None = None,
        shorten: keys.Shorten = keys.shorten,
    ) -> None:
        self._opened = open_archive(Path(path), read_only=read_only, tokenizer=tokenizer)
        bodies = Bodies(self._opened.db, shorten)
        super().__init__(self._opened.db, Path(path), bodies, clock)
        register(self._opened.db.conn)
        self._read_only = read_only
        self._transactions = Transactions(self._opened.db, self.path, read_only=read_only)
        self._software = software or default_software()
        if reader is None:
            reader, rules = read, rules or rules_digest
        self._desk = Desk(self._opened.db, reader, self._bodies.read, shorten, rules)
        self._writer = Writer(self._opened.db, self._desk, self._bodies)
        self._library_run: str | None = None
        if not read_only and scrub_is_due(self.db):
            with suppress(ArchiveError, sqlite3.OperationalError):  # a reader, or a full disk: it stays due
                scrub(self.db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finishes the run that :meth:`save` began, closes the file and gives the lock back."""
        try:
            if self._library_run is not None:
                self.finish_run(self._library_run)
        finally:
            self._library_run = None
            self._opened.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction: all of it is committed, or nothing. The write lock is taken at once.

        Within another one it is a part that is taken back alone when it fails. Raises ArchiveUnwritable when the disk
        refuses.
        """
        with self._transactions.atomic():
            yield

    def start_run(self, command: str, *, config_digest: str = "") -> str:
        """Opens a run, which every look belongs to; returns its ULID."""
        now = self._clock()
        run = keys.new_ulid(now)
        with self.atomic():
            self.db.execute(
                "INSERT INTO runs(id, command, started_at, software, config_digest, machine) VALUES (?, ?, ?, ?, ?, ?)",
                (run, command, moment_text(now), self._software, config_digest, platform.node()),
            )
        return run

    def finish_run(self, run: str) -> None:
        """Notes when a run ended and seals its facts with their root; what the first call noted stays."""
        with self.atomic():
            sql = "UPDATE runs SET finished_at = ? WHERE id = ? AND finished_at IS NULL"
            if self.db.execute(sql, (moment_text(self._clock()), run)).rowcount:
                self.db.execute("UPDATE runs SET root = ? WHERE id = ?", (run_root(self.db, run), run))

    def add(self, look: Look, run: str) -> Saved:
        """Stores one look and derives what follows from it; inside or outside :meth:`atomic`.

        Raises URLError for a URL that names no page, ValueError for a look that contradicts itself or whose time has
        no zone, ArchiveError for a run that is finished; then nothing is written. Any other error inside
        :meth:`atomic` costs the whole transaction, unless an :meth:`atomic` of its own is put around this.
        """
        self._writer.check(look)
        check_open(self.db, run)
        with self._transactions.step():
            return self._writer.add(look, run)

    def save(self, page: Page, article: Article | None, *, site: str | None = None) -> Saved:
        """Stores a page that you have, with the article that you read from it; ``site`` is its domain by default."""
        look = Look(
            url=page.url,
            site=site or site_of(page.url),
            started_at=page.fetched_at or self._clock(),
            bytes=len(page.body),
            page=page,
            article=article,
        )
        self._writer.check(look)
        with self.atomic():
            run = self._library_run
            if run is None or not self.db.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone():
                run = self.start_run("library")  # the first one, or the last was taken back with what was around it
            saved = self._writer.add(look, run)
        self._library_run = run
        return saved

    @contextmanager
    def storing_unread(self) -> Iterator[None]:
        """Looks come with pages that nobody read: they are stored quickly, and wait for :meth:`reextract`.

        Bodies that come whole are compressed in a fifth of the time, and take some 10 % more space.
        """
        self._writer.unread = self._bodies.quick = True
        try:
            yield
        finally:
            self._writer.unread = self._bodies.quick = False

    def discover(self, discoveries: Iterable[Discovery], run: str) -> int:
        """Records where URLs were found, each once unless its publication time changes; returns how many are new."""
        with self.atomic():
            check_open(self.db, run)
            return insert_discoveries(self.db, discoveries, run, self._clock())

    def site(self, name: str, home: str | None) -> None:
        """Names a site, or changes its home page."""
        with self.atomic():
            sql = "INSERT INTO sites VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET home = excluded.home"
            self.db.execute(sql, (name, home))

    def now(self) -> datetime:
        """The time by the archive's clock."""
        return self._clock()

    def read(self, page: Page) -> Reading:
        """Reads a page as the archive does when it derives an article anew."""
        return self._desk.reader(page)

    def rebuild(self, targets: Iterable[int]) -> None:
        """Derives articles anew from their stored looks under today's rules; ``targets`` are ids of ``urls``."""
        with self.atomic():
            rebuild(self._desk, targets)

    def reextract(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        dry_run: bool = False,
        read_pages: ReadMany | None = None,
        on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> ReextractReport:
        """Derives articles anew under today's rules: all, those of a site, or those seen since a time.

        ``dry_run`` undoes each step again. ``read_pages`` reads many pages in their order, None for one that it cannot
        read, whose article then stays as it is; ``on_progress`` is told how many looks of how many are done.
        """
        scope = Scope(site=site, since=moment_text(since), dry_run=dry_run)
        work = Reextraction(self._desk, self.atomic, scope, on_progress)
        report = work.run(read_pages)
        if work.removed and not dry_run:
            with self.atomic():
                self.db.execute("PRAGMA secure_delete = ON")
                erase_unread(self._desk, self._bodies, work.removed)
            with named(self.path):
                scrub(self.db)
        return report

    def merge(self, paths: Iterable[str | Path], *, seen: Callable[[Path], None] | None = None) -> MergeReport:
        """Unites the facts of other archives with this one's, a transaction each; ``seen`` is told each when done.

        All are checked before anything is written; raises the family of ArchiveError for one that cannot be read.
        """
        return merge(self, self._desk, self._bodies, [Path(path) for path in paths], seen)

    def forget(self, name: str, reason: str, *, dry_run: bool = False) -> Removal:
        """Removes the bodies behind a URL or key, and all read from them alone, for good; raises UnknownArticle.

        Raises ArchiveError inside :meth:`atomic`, where no byte can leave the file.
        """
        if self.db.conn.in_transaction and not dry_run:
            raise ArchiveError(f"{self.path}: a takedown rewrites the whole file; do it outside of a transaction")
        at = moment_text(self._clock())
        assert at is not None
        try:
            with self.atomic():
                self.db.execute("PRAGMA secure_delete = ON")
                done = forget(self._desk, self._bodies, name, reason, at)
                if dry_run:
                    _take_back(done)
        except _NotReally as planned:
            return planned.removal
        with named(self.path):
            scrub(self.db)
        return done

    def verify(self, *, deep: bool = False, seen: Seen | None = None) -> VerifyReport:
        """Computes everything again that can be, and says what is wrong; ``deep`` needs an archive open for writing."""
        if deep and (self._read_only or self.db.conn.in_transaction):
            found = "was opened read-only" if self._read_only else "is in a transaction"
            raise ArchiveError(f"{self.path} {found}; open it for writing to derive its articles anew")
        return verify(self.db, self._desk, deep=deep, seen=seen or unwatched)

    def evidence(self, url: str, path: Path) -> EvidenceReport:
        """Writes one article, with all that proves it, to a zip that checks itself; raises UnknownArticle."""
        return write_evidence(self.db, self._bodies.read, url, path, self._software)

    def publish(
        self, path: str | Path, *, raws: bool = False, opted_out: bool = False, replace: bool = False
    ) -> PublishReport:
        """Writes a copy for the public, without what tells of machines and people; raises ArchiveError.

        ``raws`` adds the bodies of pages, ``opted_out`` the articles whose pages ask not to be kept, found or mined.
        A file at ``path`` is kept unless ``replace`` is set.
        """
        at = moment_text(self._clock())
        assert at is not None
        mark = Mark(at=at, software=self._software, raws=raws, opted_out=opted_out)
        return publish(self.db, self.path, Path(path), mark, replace=replace)

    def export(
        self,
        path: str | Path,
        request: ExportRequest = ExportRequest(),  # noqa: B008 - frozen
        *,
        on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> ExportReport:
        """Writes versions of articles to a new folder, whole or not at all; raises QueryError or ArchiveError.

        ``on_progress`` is told how many versions of how many are written.
        """
        return export(self.db, self._bodies.read, Path(path), request, software=self._software, on_progress=on_progress)
