"""Importing files: folders of text dumps and of saved HTML pages."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from archive import keys
from archive.blobs import MAX_BODY
from archive.errors import ArchiveError
from archive.identity import IMPORT_SCHEME, site_of
from archive.look import Look, Outcome
from archive.stats import counts
from archive.store import Archive
from extractors import ExtractorError, Page

MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
"""Suffixes of files that can be imported."""

URL_MAP = "urls.csv"
"""A file of this name in an imported folder names the URLs of the files beside it: columns ``file`` and ``url``."""

_COUNTED = ("fetches", "raws", "articles", "texts", "versions", "events", "headlines")
_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """A file that was not imported: what was found and the cure."""

    file: str
    found: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import added: new rows by table, files that were there already, and files with a problem."""

    run: str
    new: tuple[tuple[str, int], ...]
    skipped: int
    problems: tuple[ImportProblem, ...]

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep import --json`` prints."""
        errors = [{"file": one.file, "found": one.found, "cure": one.cure} for one in self.problems]
        return {"new": dict(self.new), "skipped": self.skipped, "errors": errors}


class _RefusedError(Exception):
    def __init__(self, found: str, cure: str) -> None:
        super().__init__(found)
        self.found = found
        self.cure = cure


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to import; ``url`` None when nobody says where it came from, ``problem`` when it cannot be one."""

    path: Path
    url: str | None = None
    problem: ImportProblem | None = None


def import_paths(
    archive: Archive, paths: Iterable[str | Path], *, extract: bool = True, seen: Callable[[Path], None] | None = None
) -> ImportReport:
    """Imports files and, recursively, folders; ``extract`` False stores bodies and leaves reading them for later.

    A file that is in the archive already under the same name with the same bytes is skipped. ``seen`` is told each
    file when it is done. Raises ArchiveError when the archive itself fails; a bad file is a problem in the report.
    """
    before = counts(archive.db, _COUNTED)
    run = archive.start_run("import")
    intake = _Intake(archive, run, archive.now(), extract)
    sources = _sources(paths)
    while batch := list(islice(sources, _BATCH)):
        with archive.atomic():
            for source in batch:
                intake.take(source)
                if seen is not None:
                    seen(source.path)
    archive.finish_run(run)
    new = tuple((table, count - before[table]) for table, count in counts(archive.db, _COUNTED).items())
    return ImportReport(run=run, new=new, skipped=intake.skipped, problems=tuple(intake.problems))


class _Intake:
    """One import under way."""

    def __init__(self, archive: Archive, run: str, started_at: datetime, extract: bool) -> None:
        self._archive = archive
        self._run = run
        self._started_at = started_at
        self._extract = extract
        self.skipped = 0
        self.problems: list[ImportProblem] = []

    def take(self, source: _Source) -> None:
        if source.problem is not None:
            self.problems.append(source.problem)
            return
        try:
            body = _body(source.path)
            if self._is_known(source.path, body):
                self.skipped += 1
            else:
                self._add(source, body)
        except _RefusedError as refused:
            self.problems.append(ImportProblem(file=str(source.path), found=refused.found, cure=refused.cure))
        except (ExtractorError, ArchiveError) as error:
            cure = f"correct its line in {URL_MAP}" if source.url else "look at the file"
            self.problems.append(ImportProblem(file=str(source.path), found=str(error), cure=cure))

    def _is_known(self, path: Path, body: bytes) -> bool:
        sql = "SELECT 1 FROM fetches f JOIN raws r ON r.key = f.raw_key WHERE f.source = ? AND r.sha256 = ? LIMIT 1"
        return self._archive.db.execute(sql, (path.name, keys.digest(body))).fetchone() is not None

    def _add(self, source: _Source, body: bytes) -> None:
        url = source.url or f"{IMPORT_SCHEME}{keys.raw_key(body)}"
        page = Page(url=url, body=body, media_type=MEDIA_TYPES[source.path.suffix.lower()])
        reading = self._archive.read(page) if self._extract else None
        look = Look(
            url=url,
            site=site_of(url),
            started_at=self._started_at,
            outcome=Outcome.IMPORTED,
            source=source.path.name,
            page=page,
            article=reading.article if reading else None,
            optouts=reading.optouts if reading else (),
        )
        self._archive.add(look, self._run)


def _body(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BODY:
            raise _RefusedError(f"it has more than {MAX_BODY} bytes", "split it")
        body = path.read_bytes()
    except OSError as error:
        raise _RefusedError(f"it cannot be read ({error.strerror})", "check its permissions") from error
    if not body.strip():
        raise _RefusedError("it is empty", "leave it out")
    if b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _RefusedError("it is binary, not text or HTML", "leave it out, or convert it to UTF-8 text")
    return body


def _sources(paths: Iterable[str | Path]) -> Iterator[_Source]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            yield _bad(path, "it does not exist", "check its name")
        elif path.suffix.lower() not in MEDIA_TYPES:
            yield _bad(path, f"its suffix is {path.suffix!r}", f"give files that end in {', '.join(MEDIA_TYPES)}")
        else:
            yield _Source(path)


def _folder(folder: Path) -> Iterator[_Source]:
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in MEDIA_TYPES and path.is_file())
    if not files:
        yield _bad(folder, "it holds no text or HTML file", f"give files that end in {', '.join(MEDIA_TYPES)}")
    urls: dict[Path, str] = {}
    for path in sorted(folder.rglob(URL_MAP)):
        try:
            urls |= _url_map(path)
        except (OSError, ValueError, csv.Error) as error:
            yield _bad(path, f"it cannot be read ({error})", "write it as UTF-8 CSV with the columns file and url")
    for path in files:
        yield _Source(path, urls.get(path))


def _url_map(path: Path) -> dict[Path, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"file", "url"} <= set(rows.fieldnames or ()):
            raise ValueError("its first line does not name the columns file and url")
        return {path.parent / row["file"]: row["url"] for row in rows if row["file"] and row["url"]}


def _bad(path: Path, found: str, cure: str) -> _Source:
    return _Source(path, problem=ImportProblem(file=str(path), found=found, cure=cure))
