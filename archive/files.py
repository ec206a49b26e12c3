"""Importing files: text dumps, saved HTML pages and WARC files, one by one or in folders."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from archive import keys
from archive.blobs import MAX_BODY
from archive.identity import IMPORT_SCHEME, page_url, site_of
from archive.importing.intake import Intake, Offer
from archive.importing.report import ImportProblem, ImportReport
from archive.importing.warc import SUFFIXES, WarcFile
from archive.look import Look, Outcome
from archive.reextract import ReadMany
from archive.shown import DEFAULT_MEDIA_TYPE
from archive.stats import counts
from archive.store import Archive
from extractors import ExtractorError, Page

MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
"""Suffixes of files that can be imported; ``.gz`` may follow."""

URL_MAP = "urls.csv"
"""A file of this name in an imported folder names the URLs of the files beside it: columns ``file`` and ``url``,
and, where it is known, ``first_seen``: when the page was fetched, in place of the time of the import."""

_ENDS = f"give files that end in {', '.join((*MEDIA_TYPES, *SUFFIXES))}, or in .gz after one of these"
_CURES = {".wacz": "unzip it, and give its folder archive/", ".arc": "convert it to WARC first"}
_PACKED = ".gz"
_RIGHTS = "check its permissions"
_AS_CSV = "write it as UTF-8 CSV with the columns file and url, and first_seen as UTC times"
_LINE = f"correct its line in {URL_MAP}"
_COUNTED = ("fetches", "raws", "articles", "texts", "versions", "events", "headlines")


class _RefusedError(Exception):
    def __init__(self, found: str, cure: str) -> None:
        super().__init__(found)
        self.found = found
        self.cure = cure


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to import; ``url`` and ``seen_at`` are None when nobody says where and when it was fetched.

    ``problem`` tells that it cannot be one.
    """

    path: Path
    url: str | None = None
    seen_at: datetime | None = None
    problem: ImportProblem | None = None


def import_paths(
    archive: Archive,
    paths: Iterable[str | Path],
    *,
    extract: bool = True,
    read_pages: ReadMany | None = None,
    seen: Callable[[Path], object] = lambda _path: None,
    on_progress: Callable[[Path, int], object] = lambda _path, _bytes: None,
) -> ImportReport:
    """Imports files (text, HTML, WARC) and, recursively, folders; ``extract`` False stores pages and reads them later.

    A file that is in the archive already, with the same bytes under its name or URL, is skipped, and so is a record of
    a WARC that was imported from there; an import that was ended goes on so. ``read_pages`` reads many pages in their
    order; ``seen`` is told each file when it is done, ``on_progress`` how many bytes of it are. Raises ArchiveError
    when the archive itself fails; a bad file or record is a problem in the report.
    """
    before = counts(archive.db, _COUNTED)
    run = archive.start_run("import")

    def note(offer: Offer) -> None:
        on_progress(offer.path, offer.at)
        if offer.last:
            seen(offer.path)

    reader = read_pages or partial(map, archive.read)
    intake = Intake(archive, run, reader if extract else None, note)
    files = _Files(archive, intake, archive.now(), extract)
    with nullcontext() if extract else archive.storing_unread():
        intake.take(offer for source in _sources(paths) for offer in files.offers(source))
    archive.finish_run(run)
    new = tuple((table, count - before[table]) for table, count in counts(archive.db, _COUNTED).items())
    return ImportReport(run=run, new=new, skipped=intake.skipped, problems=tuple(intake.problems))


class _Files:
    """What the files of one import offer."""

    def __init__(self, archive: Archive, intake: Intake, started_at: datetime, extract: bool) -> None:
        self._archive = archive
        self._intake = intake
        self._started_at = started_at
        self._extract = extract

    def offers(self, source: _Source) -> Iterator[Offer]:
        path = source.path
        if source.problem is not None:
            yield Offer(path=path, place=str(path), problem=source.problem, last=True)
        elif is_warc(path):
            try:
                yield from WarcFile(self._archive, self._intake, path, extract=self._extract).offers()
            except OSError as error:
                problem = ImportProblem(file=str(path), found=f"it cannot be read ({error.strerror})", cure=_RIGHTS)
                yield Offer(path=path, place=str(path), problem=problem)
            yield Offer(path=path, place=str(path), at=_size(path), last=True)
        else:
            yield self._file(source)

    def _file(self, source: _Source) -> Offer:
        path = source.path
        try:
            body = _body(path)
        except _RefusedError as refused:
            problem = ImportProblem(file=str(path), found=refused.found, cure=refused.cure)
            return Offer(path=path, place=str(path), problem=problem, last=True)
        if self._is_known(source, body) or self._is_clean_text(source, body):
            return Offer(path=path, place=str(path), at=len(body), known=True, last=True)
        url = source.url or f"{IMPORT_SCHEME}{keys.raw_key(body)}"
        page = Page(url=url, body=body, media_type=_media_type(path) or DEFAULT_MEDIA_TYPE, fetched_at=source.seen_at)
        try:
            site = site_of(url)
        except ExtractorError as error:
            problem = ImportProblem(file=str(path), found=str(error), cure=_LINE)
            return Offer(path=path, place=str(path), problem=problem, last=True)
        look = Look(
            url=url,
            site=site,
            started_at=source.seen_at or self._started_at,
            outcome=Outcome.IMPORTED,
            source=path.name,
            page=page,
        )
        return Offer(
            path=path, place=str(path), at=len(body), look=look, wants_reading=self._extract, last=True,
            cure=_LINE if source.url else "look at the file",
        )  # fmt: skip

    def _is_known(self, source: _Source, body: bytes) -> bool:
        """Whether it was imported under this name, or seen at its URL: as a look of today it would undo later edits."""
        sql = (
            "SELECT 1 FROM fetches f JOIN raws r ON r.key = f.raw_key "
            "WHERE f.raw_key = ? AND r.sha256 = ? AND (f.source = ? OR f.url = ?) LIMIT 1"
        )
        values = (keys.raw_key(body), keys.digest(body), source.path.name, source.url)
        return self._archive.db.execute(sql, values).fetchone() is not None

    def _is_clean_text(self, source: _Source, body: bytes) -> bool:
        """Whether it is a text of its URL's article as it was exported: the bytes that the text's key hashes."""
        if source.url is None:
            return False
        sql = (
            "SELECT 1 FROM texts t JOIN versions v ON v.text_key = t.key JOIN articles a ON a.id = v.article "
            "JOIN urls u ON u.url = a.url WHERE t.key = ? AND t.sha256 = ? AND a.url = ? LIMIT 1"
        )
        try:
            values = (keys.raw_key(body), keys.digest(body), page_url(source.url))
        except ExtractorError:
            return False
        return self._archive.db.execute(sql, values).fetchone() is not None


def is_warc(path: Path) -> bool:
    """Whether a file is read as WARC, by its name."""
    return path.name.lower().endswith(SUFFIXES)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _body(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BODY:
            raise _RefusedError(f"it has more than {MAX_BODY} bytes", "split it")
        body = _unpacked(path) if path.suffix.lower() == _PACKED else path.read_bytes()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _RefusedError(f"its gzip is damaged ({error})", "get a whole copy of the file") from error
    except OSError as error:
        raise _RefusedError(f"it cannot be read ({error.strerror})", _RIGHTS) from error
    if not body.strip():
        raise _RefusedError("it is empty", "leave it out")
    if b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _RefusedError("it is binary, not text or HTML", "leave it out, or convert it to UTF-8 text")
    return body


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) as file:
        body = file.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise _RefusedError(f"it unpacks to more than {MAX_BODY} bytes", "split it")
    return body


def _sources(paths: Iterable[str | Path]) -> Iterator[_Source]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            yield _bad(path, "it does not exist", "check its name")
        elif not _is_taken(path):
            yield _bad(path, f"its suffix is {path.suffix!r}", _CURES.get(path.suffix.lower(), _ENDS))
        else:
            yield _Source(path)


def _folder(folder: Path) -> Iterator[_Source]:
    files = sorted(path for path in folder.rglob("*") if _is_taken(path) and path.is_file())
    if not files:
        yield _bad(folder, "it holds no text, HTML or WARC file", _ENDS)
    urls: dict[Path, tuple[str, datetime | None]] = {}
    unknown: set[Path] = set()
    for path in sorted(folder.rglob(URL_MAP)):
        try:
            urls |= _url_map(path)
        except (OSError, ValueError, csv.Error) as error:
            yield _bad(path, f"it cannot be read ({error}), so the files beside it were left alone", _AS_CSV)
            unknown.add(path.parent)
    for path in files:
        if path.parent in unknown:
            continue
        yield _Source(path, *urls.get(path, (None, None)))


def _is_taken(path: Path) -> bool:
    return _media_type(path) is not None or is_warc(path)


def _media_type(path: Path) -> str | None:
    return MEDIA_TYPES.get(Path(path.name.lower().removesuffix(_PACKED)).suffix)


def _url_map(path: Path) -> dict[Path, tuple[str, datetime | None]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"file", "url"} <= set(rows.fieldnames or ()):
            raise ValueError("its first line does not name the columns file and url")
        told = [(row["file"], row["url"], row.get("first_seen")) for row in rows if row["file"] and row["url"]]
    return {path.parent / name: (url, _time(name, seen)) for name, url, seen in told}


def _time(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"first_seen of {name} is {text!r}, which is no time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bad(path: Path, found: str, cure: str) -> _Source:
    return _Source(path, problem=ImportProblem(file=str(path), found=found, cure=cure))
