"""A response in a WARC of whatever origin: what of it tells of a look, and with which outcome."""

from dataclasses import replace

from archive.importing.http import Response, parse_response
from archive.importing.records import LIMIT, Record, digest_fits
from archive.look import Look, Outcome, http_outcome
from extractors import Page, content_type

MEND = "get a whole copy of the file; all other records are imported"
"""The cure for a record that is damaged."""

_HTML = frozenset({"", "text/html", "application/xhtml+xml"})


class SkippedError(Exception):
    """A record that cannot become a look: what was found, and the cure."""

    def __init__(self, found: str, cure: str = MEND) -> None:
        super().__init__(found)
        self.cure = cure


def is_page(record: Record) -> bool:
    """Whether a record tells of a look over HTTP; others hold DNS answers, screenshots or logs."""
    segment = record.get("warc-segment-number")
    return record.get("warc-target-uri").strip("<>").lower().startswith(("http://", "https://")) and segment in (
        "",
        "1",
    )


def response_in(record: Record) -> Response:
    """What a server answered, as a response, resource or revisit record has it; raises SkippedError for none."""
    kind = record.get("content-type").partition(";")[0].strip().lower()
    if record.get("warc-type").lower() == "resource":
        headers = (("content-type", record.get("content-type")),)
        return Response(status=200, headers=headers, payload=record.block, body=record.block)
    if not record.block and record.get("warc-type").lower() == "revisit":
        return Response(status=200, headers=(("content-type", "text/html"),), payload=b"", body=b"")
    response = parse_response(record.block, LIMIT) if kind in ("", "application/http") else None
    if response is None:
        raise SkippedError("its block is no HTTP response")
    return response


def described(look: Look, response: Response) -> Look:
    """A look with what a response's head says; the outcome stays ``imported`` for a page to read.

    Raises SkippedError for a body in an encoding that is not known: it can be imported when it is decoded.
    """
    status = response.status
    outcome: str = Outcome.IMPORTED
    if status == 304:
        outcome = Outcome.NOT_MODIFIED
    elif status != 200:
        outcome = http_outcome(status)
    elif look.kind == "article" and content_type(response.get("content-type") or "")[0] not in _HTML:
        outcome = Outcome.NOT_HTML
    elif response.problem == Outcome.NOT_HTML:
        encoding = response.get("content-encoding") or ""
        raise SkippedError(f"its Content-Encoding is {encoding[:40]!r}", "decode it; gzip, deflate and zstd are read")
    elif response.problem is not None:
        outcome = response.problem
    return replace(
        look,
        outcome=outcome,
        status=status,
        etag=response.get("etag"),
        last_modified=response.get("last-modified"),
        record=(("headers", [list(header) for header in response.headers]),) if response.headers else (),
    )


def page_of(look: Look, response: Response, body: bytes) -> Page:
    """The page of a look."""
    media_type, charset = content_type(response.get("content-type") or "")
    return Page(
        url=look.url,
        body=body,
        headers=response.headers,
        media_type=media_type,
        charset=charset,
        fetched_at=look.started_at,
    )


def check_digests(record: Record, *payloads: bytes) -> None:
    """Raises SkippedError for a record that is not what its digests say.

    Writers differ in whether a payload digest is taken before or after decoding.
    """
    if not digest_fits(record.get("warc-block-digest"), record.block):
        raise SkippedError("its block has another digest than it says")
    if not digest_fits(record.get("warc-payload-digest"), *payloads):
        raise SkippedError("its payload has another digest than it says")
