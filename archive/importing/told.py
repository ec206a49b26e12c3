"""A look as a presskeep archive wrote it into a WARC (see :func:`archive.exporting.records.look_record`)."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args, get_type_hints

from archive.look import FetchKind, Look, Outcome
from archive.shown import FetchRow, replay_page
from extractors import OptOut

_OUTCOME = re.compile(r"http-\d{3}")
_OUTCOMES = frozenset(Outcome)
_SIGNALS = frozenset(get_args(get_type_hints(OptOut)["signal"]))
_TEXTS = ("url", "site", "started_at", "outcome")
_PERHAPS_TEXTS = ("final_url", "etag", "last_modified", "error", "raw_key")
_NUMBERS = ("ms", "bytes", "attempts")


def parse_told(block: bytes) -> dict[str, Any]:
    """The object in a metadata record; raises ValueError for anything but a whole row of ``fetches``."""
    try:
        told = json.loads(block)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON ({error})") from error
    if not isinstance(told, dict) or not isinstance(told.get("record"), dict):
        raise ValueError("it holds no row of fetches")  # noqa: TRY004 - the file is wrong, not its reader
    for names, kinds in ((_TEXTS, str), (_PERHAPS_TEXTS, str | None), (_NUMBERS, int), (("status",), int | None)):
        for name in names:
            if not isinstance(told.get(name), kinds):
                raise ValueError(f"its {name} is {str(told.get(name))[:60]!r}")  # noqa: TRY004 - as above
    if any(not 0 <= told[name] < 2**53 for name in _NUMBERS) or not 0 <= (told["status"] or 0) < 1000:
        raise ValueError("its numbers are out of range")
    if told["outcome"] not in _OUTCOMES and not _OUTCOME.fullmatch(told["outcome"]):
        raise ValueError(f"its outcome is {told['outcome'][:60]!r}")
    if told.get("kind") not in get_args(FetchKind):
        raise ValueError(f"its kind is {str(told.get('kind'))[:60]!r}")
    if datetime.fromisoformat(told["started_at"]).tzinfo is None:
        raise ValueError(f"its started_at {told['started_at']!r} has no time zone")
    _check_record(told["record"])
    return told


def _check_record(record: dict[str, Any]) -> None:
    """What a page is made of again has the types that :func:`archive.shown.page_record` gave it."""
    headers = record.get("headers", [])
    named = isinstance(headers, list) and all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one) for one in headers
    )
    texts = all(isinstance(record.get(name, ""), str | None) for name in ("media_type", "charset", "fetched_at"))
    if not named or not texts:
        raise ValueError("its record is not of the form that an archive writes")


def told_look(told: dict[str, Any], body: bytes | None, source: str) -> Look:
    """The look again, with its page when its body is there; raises ValueError for a record that makes none."""
    record: dict[str, object] = told["record"]
    row = FetchRow(
        id=0, run="", seq=0, url=told["url"], site=told["site"], started_at=told["started_at"],
        outcome=told["outcome"], status=told["status"], final_url=told["final_url"], raw_key=None,
        record=json.dumps(record),
    )  # fmt: skip
    page = None if body is None else replay_page(row, body)
    return Look(
        url=told["url"],
        site=told["site"],
        started_at=datetime.fromisoformat(told["started_at"]),
        kind=told["kind"],
        outcome=told["outcome"],
        status=told["status"],
        final_url=told["final_url"],
        ms=told["ms"],
        bytes=told["bytes"],
        attempts=told["attempts"],
        etag=told["etag"],
        last_modified=told["last_modified"],
        error=told["error"],
        source=source,
        record=tuple(record.items()),
        page=page,
        optouts=tuple(_wishes(told.get("optouts", ()))),
    )


def _wishes(triples: Any) -> Iterator[OptOut]:
    for triple in triples if isinstance(triples, list) else ():
        match triple:
            case [str(signal), str(value), _] if signal in _SIGNALS:
                yield OptOut(signal=signal, value=value)  # type: ignore[arg-type]  # it is one of them
            case _:
                raise ValueError(f"its opt-out {str(triple)[:60]} is none that an archive writes")
