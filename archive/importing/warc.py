"""WARC files as looks: those of presskeep as they were, those of others by what the standard says.

Of a foreign file, a response with status 200 and HTML is a page to read; every other response is a look with an outcome
by its status or type. Requests, conversions, continuations and metadata of others tell of no look and are passed over.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive import keys
from archive.exporting.records import LOOK_TYPE
from archive.identity import site_of
from archive.importing.intake import Intake, Offer, stored_unread, wants_reading
from archive.importing.members import Members
from archive.importing.records import LIMIT, Fault, Record, digest_fits, read_records, sha256_of
from archive.importing.report import ImportProblem
from archive.importing.responses import MEND, SkippedError, check_digests, described, is_page, page_of, response_in
from archive.importing.told import parse_told, told_look
from archive.look import Look, Outcome
from archive.store import Archive
from extractors import ExtractorError, moment_text

SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
"""Ends of the names of files that are read as WARC; how they are packed is seen from their bytes."""

_LOOKS = frozenset({"response", "resource", "revisit"})
_REMEMBERED = 100_000  # names of bodies of one file, for revisits of a body that is still on its way
_HOLLOW = "import the WARC that holds it first, then this one again"


@dataclass(frozen=True, slots=True)
class _Told:
    """A row that waits for the record with its body."""

    row: dict[str, Any]
    where: str
    body_id: str


class WarcFile:
    """One file to import. ``extract`` False leaves pages unread."""

    def __init__(self, archive: Archive, intake: Intake, path: Path, *, extract: bool) -> None:
        self._archive = archive
        self._intake = intake
        self._path = path
        self._extract = extract
        self._told: _Told | None = None
        self._digests: OrderedDict[str, str] = OrderedDict()
        self._last = (b"", keys.raw_key(b""))
        self._looks = 0

    def offers(self) -> Iterator[Offer]:
        """Every look and every problem of the file, in its order. Raises OSError when it cannot be read."""
        records = 0
        with self._path.open("rb") as file:
            members = Members(file)
            for found in read_records(members, LIMIT):
                records += isinstance(found, Record)
                for offer in self._of(found):
                    yield replace(offer, at=members.read_so_far)
        yield from self._unfinished()
        if not records:
            yield self._problem("0", "no WARC record could be read", "give a WARC file")
        elif not self._looks:
            yield self._problem("0", f"its {records} records hold no response", "give the WARC with the responses")

    def _of(self, found: Record | Fault) -> Iterator[Offer]:
        if isinstance(found, Fault):
            yield self._problem(found.where, found.found, MEND)
            return
        try:
            told = self._told
            if told is not None and found.get("warc-record-id") == told.body_id:
                self._told = None
                yield self._offer(found, self._known_or(found, told.row), decides=False)
                return
            yield from self._unfinished()
            if found.get("content-type").partition(";")[0].strip().lower() == LOOK_TYPE:
                yield from self._row(found)
            elif found.get("warc-type").lower() in _LOOKS and is_page(found):
                yield self._offer(found, self._foreign(found), decides=True)
        except SkippedError as skipped:
            yield self._problem(found.where, str(skipped), skipped.cure)
        except (ValueError, ExtractorError, OverflowError) as error:
            yield self._problem(found.where, str(error), MEND)

    def _unfinished(self) -> Iterator[Offer]:
        if self._told is not None:
            told, self._told = self._told, None
            yield self._problem(told.where, f"the record {told.body_id} with its page does not follow it", MEND)

    def _row(self, record: Record) -> Iterator[Offer]:
        """A look of a presskeep archive: with its body in the next record, or without one."""
        check_digests(record, record.block)
        row = parse_told(record.block)
        body_id = record.get("warc-refers-to")
        if body_id:
            self._told = _Told(row, record.where, body_id)
            return
        yield self._offer(record, told_look(row, None, self._source(record)), decides=False)

    def _known_or(self, record: Record, row: dict[str, Any]) -> Look:
        """The look of a row with the body in this record; bodies of looks that are known are not unpacked."""
        bare = told_look(row, None, self._source(record))
        if bare.outcome == Outcome.NOT_MODIFIED or self._intake.known(bare):
            return bare
        if record.too_long:
            raise SkippedError(f"its block has {record.length} bytes; {LIMIT} are read")
        if record.get("warc-type").lower() == "revisit":
            body = self._revisited(record)
        else:
            response = response_in(record)
            body = response.payload
            check_digests(record, response.payload)
        if row["raw_key"] != self._key(body):
            raise SkippedError(f"its body is not {row['raw_key']}, which its look names")
        return told_look(row, body, self._source(record))

    def _foreign(self, record: Record) -> Look:
        url = record.get("warc-target-uri").strip("<>")
        bare = Look(
            url=url, site=site_of(url), started_at=_date(record), source=self._source(record), bytes=record.length,
            kind="robots" if urlsplit(url).path == "/robots.txt" else "article", outcome=Outcome.IMPORTED,
        )  # fmt: skip
        if self._intake.known(bare):
            return bare
        if record.too_long:
            return replace(
                bare, outcome=Outcome.TOO_LARGE, error=f"a record of {record.length} bytes; {LIMIT} are read"
            )
        is_revisit = record.get("warc-type").lower() == "revisit"
        if is_revisit and record.get("warc-profile").endswith("/server-not-modified"):
            return replace(bare, outcome=Outcome.NOT_MODIFIED, status=304)
        response = response_in(record)
        if not is_revisit:
            check_digests(record, response.payload, response.body)
        look = described(bare, response)
        if look.outcome != Outcome.IMPORTED:
            return look
        if record.get("warc-truncated"):
            return replace(look, outcome=Outcome.TRUNCATED, error=f"its record is cut ({record.get('warc-truncated')})")
        body = self._revisited(record) if is_revisit else response.body
        self._remember(record, look, body)
        return replace(look, record=(), page=page_of(look, response, body))

    def _key(self, body: bytes) -> str:
        """The key of a body; that of the last one is asked for again and again."""
        if body is not self._last[0]:
            self._last = (body, keys.raw_key(body))
        return self._last[1]

    def _remember(self, record: Record, look: Look, body: bytes) -> None:
        key = self._key(body)
        for name in (record.get("warc-payload-digest"), _name(look.url, look.started_at)):
            if name:
                self._digests[name] = key
        while len(self._digests) > _REMEMBERED:
            self._digests.popitem(last=False)

    def _revisited(self, record: Record) -> bytes:
        """The body that a revisit repeats: by its digest, by the look that it names, or the last one at its URL."""
        stated = record.get("warc-payload-digest")
        for key in self._candidates(record, stated):
            body = self._intake.body(key)
            if body is not None and digest_fits(stated, body):
                return body
        first = record.get("warc-refers-to-target-uri") or "an earlier record"
        raise SkippedError(f"the body that it repeats, of {first}, is not in the archive", _HOLLOW)

    def _candidates(self, record: Record, stated: str) -> Iterator[str]:
        sha256 = sha256_of(stated)
        if sha256 is not None:
            yield sha256[: keys.KEY_DIGITS]
        if stated in self._digests:
            yield self._digests[stated]
        first = record.get("warc-refers-to-target-uri").strip("<>")
        at = _moment(record.get("warc-refers-to-date"))
        if first and at is not None:
            if _name(first, at) in self._digests:
                yield self._digests[_name(first, at)]
            sql = "SELECT raw_key FROM fetches WHERE url = ? AND started_at = ? AND raw_key IS NOT NULL"
            yield from (row[0] for row in self._archive.db.execute(sql, (first, moment_text(at))).fetchall())
        if stated:
            last = self._archive.last_raw_key(record.get("warc-target-uri").strip("<>"))
            if last is not None:
                yield last

    def _offer(self, record: Record, look: Look, *, decides: bool) -> Offer:
        self._looks += 1
        place = f"{self._path}@{record.where}"
        if self._intake.known(look):
            return Offer(path=self._path, place=place, known=True)
        wants = self._extract and wants_reading(look)
        look = look if self._extract else stored_unread(look)
        key = None if look.page is None else self._key(look.page.body)
        return Offer(path=self._path, place=place, look=look, wants_reading=wants, decides=decides, key=key)

    def _problem(self, where: str, found: str, cure: str) -> Offer:
        place = f"{self._path}@{where}"
        return Offer(path=self._path, place=place, problem=ImportProblem(file=place, found=found, cure=cure))

    def _source(self, record: Record) -> str:
        return f"{self._path.name}@{record.where}"


def _name(url: str, at: datetime) -> str:
    return f"{url} {moment_text(at)}"


def _date(record: Record) -> datetime:
    moment = _moment(record.get("warc-date"))
    if moment is None:
        raise SkippedError(f"its WARC-Date is {record.get('warc-date')[:40]!r}")
    return moment


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
