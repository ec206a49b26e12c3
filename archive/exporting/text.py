"""Texts and page bodies as files: ``clean/NNN_<key>.txt`` and ``raw/NNN_<key>.html``, numbered alike.

Each folder has a ``urls.csv`` beside its files, in the form that ``presskeep import`` reads.
"""

from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

from archive import keys
from archive.errors import DamagedBody
from archive.exporting.columns import VERSIONS
from archive.exporting.job import Job, Written
from archive.exporting.tables import CsvFile
from archive.shown import DEFAULT_MEDIA_TYPE

if TYPE_CHECKING:
    from sqlite_utils import Database

URL_MAP = "urls.csv"
_SUFFIXES = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "txt"}
_OTHER = "bin"
_CLEAN = ("file", "url", "site", "number", "text_key", "sha256", "first_seen", "last_seen")
_RAW = ("file", "url", "site", "number", "raw_key", "sha256", "media_type", "charset", "first_seen")
_LEAST_DIGITS = 3
_MEDIA = (
    "SELECT json_extract(record, '$.media_type'), json_extract(record, '$.charset') "
    "FROM fetches WHERE raw_key = ? AND outcome <> 'not-modified' ORDER BY started_at, run, seq LIMIT 1"
)


def write_text(job: Job) -> Written:
    """Two files a version, or one without raw bodies. A body that cannot be read is left out and noted."""
    digits = max(_LEAST_DIGITS, len(str(max(job.chosen.versions - 1, 0))))
    with ExitStack() as stack:
        clean = _index(job, stack, "clean", _CLEAN)
        raw = _index(job, stack, "raw", _RAW) if job.raw else None
        for number, version in enumerate(VERSIONS.records(job.db, job.chosen.window)):
            name = f"{number:0{digits}}_{version['text_key']}.txt"
            job.out.write(f"clean/{name}", keys.text_bytes(version["title"], version["text"]))
            clean.row([name, *(version[column] for column in _CLEAN[1:])])
            if raw is not None:
                _write_raw(job, raw, f"{number:0{digits}}", version)
            job.seen(number + 1)
    files = [("clean/NNN_<text_key>.txt", "title, empty line, text: exactly the bytes that the key digests", None)]
    files.append((f"clean/{URL_MAP}", "the URL of each file beside it", None))
    if job.raw:
        files.append(("raw/NNN_<raw_key>.html", "page bodies as they came, decoded; .txt and .bin by media type", None))
        files.append((f"raw/{URL_MAP}", "the URL of each file beside it; charset as the server said", None))
    return Written(tuple(files))


def _index(job: Job, stack: ExitStack, name: str, columns: tuple[str, ...]) -> CsvFile:
    opened: AbstractContextManager[Any] = job.out.open(f"{name}/{URL_MAP}")
    index = CsvFile(stack.enter_context(opened))
    index.row(columns)
    return index


def _write_raw(job: Job, index: CsvFile, number: str, version: dict[str, Any]) -> None:
    key = version["raw_key"]
    try:
        body = job.read(key)
    except DamagedBody:
        job.damaged.append(key)
        return
    media_type, charset = _media(job.db, key)
    name = f"{number}_{key}.{_SUFFIXES.get(media_type, _OTHER)}"
    job.out.write(f"raw/{name}", body)
    told = (version["url"], version["site"], version["number"], key, keys.digest(body), media_type, charset)
    index.row([name, *told, version["first_seen"]])


def _media(db: "Database", key: str) -> tuple[str, str | None]:
    """What the server said of a body when it came first; "" when nothing is known."""
    row = db.execute(_MEDIA, (key,)).fetchone()
    return (row[0] or DEFAULT_MEDIA_TYPE, row[1]) if row else ("", None)
