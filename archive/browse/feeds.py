"""Edits as feeds: Atom (RFC 4287) and JSON Feed 1.1, by site, kind of edit and number of words.

Titles and texts come from strangers' pages: characters that XML does not allow are dropped, all others escaped.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit
from uuid import NAMESPACE_URL, uuid5

from archive.browse.access import may_view
from archive.browse.archives import is_archive
from archive.browse.feed_forms import Edit, atom, clean, json_feed
from archive.derive import event_weights
from archive.diff import DiffBlock, diff_texts
from archive.wishes import OPTED_OUT

ATOM, JSON_FEED = "edits.atom", "edits.feed.json"
"""The last parts of the feeds' addresses, after ``/-/presskeep/DATABASE/``."""

MOST = 200
"""Edits in one feed."""

_TABLES = ("articles", "versions", "texts")
_SCANNED = 50_000  # edits that a filter is applied to, the newest first
_LONGEST_DIFF = 200_000  # characters of two texts together
_COMPARED = 2_000_000  # characters of one feed's texts together
_EXCERPT = 1_500
_AROUND = 80

# Read in the order of the index, so that it stops at the limit; texts are read only for what is found.
_EDITS = f"""
WITH found AS MATERIALIZED (
    SELECT v.first_seen, v.id, a.key, a.url, a.site, v.number, v.kinds, v.words_added, v.words_removed,
           b.text_key AS before_key, v.text_key
    FROM versions v CROSS JOIN articles a ON a.id = v.article
         CROSS JOIN versions b ON b.article = v.article AND b.number = v.number - 1
    WHERE v.number > 1 AND v.first_seen >= coalesce((SELECT first_seen FROM versions WHERE number > 1
                                                     ORDER BY first_seen DESC LIMIT 1 OFFSET {_SCANNED}), '')
          AND (:site IS NULL OR a.site = :site) AND v.words_added + v.words_removed >= :words
          AND (:kinds = '[]'
               OR EXISTS(SELECT 1 FROM json_each(v.kinds) WHERE value IN (SELECT value FROM json_each(:kinds))))
          AND NOT EXISTS(SELECT 1 FROM ({OPTED_OUT}) WHERE article = a.id)
    ORDER BY v.first_seen DESC, v.id DESC LIMIT :limit)
SELECT f.first_seen AS at, f.key, f.url, f.site, t.title, f.number, f.kinds, f.words_added, f.words_removed,
       f.before_key, f.text_key, o.title, o.text, t.text
FROM found f JOIN texts t ON t.key = f.text_key JOIN texts o ON o.key = f.before_key
ORDER BY f.first_seen DESC, f.id DESC
"""  # noqa: S608 - constants

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}

View = Callable[[Any, Any], Awaitable[Any]]


class _Connection(Protocol):
    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which edits: of one site or all, with one of these kinds (none means any), of so many words at least."""

    site: str | None = None
    kinds: tuple[str, ...] = ()
    min_words: int = 0
    limit: int = 50

    def query(self) -> str:
        """The same as the query of an address, with a leading ``?`` unless it is empty."""
        standard = Wanted()
        said = [("kind", kind) for kind in self.kinds]
        for name, value, usual in (
            ("site", self.site, standard.site),
            ("words", self.min_words, standard.min_words),
            ("limit", self.limit, standard.limit),
        ):
            said += [(name, str(value))] if value != usual else []
        return f"?{urlencode(said)}" if said else ""


def edits_feed(db: _Connection, form: str, wanted: Wanted, *, base_url: str) -> str:
    """The newest edits of an archive as a feed; ``form`` is ATOM or JSON_FEED.

    ``base_url`` is the absolute address of the archive's pages, ``https://…/-/presskeep/DATABASE``. Articles whose
    pages opted out are left out.
    """
    edits = list(_edits(db, wanted, base_url))
    self_url = f"{base_url}/{form}{wanted.query()}"
    title = _title(base_url, wanted)
    if form == JSON_FEED:
        return json_feed(edits, title, base_url, self_url)
    return atom(edits, title, base_url, self_url, edits[0].at if edits else _last_run(db))


def routes() -> list[tuple[str, View]]:
    """What ``register_routes`` of the plugin adds."""
    names = "|".join(re.escape(form) for form in (ATOM, JSON_FEED))
    return [(rf"/-/presskeep/(?P<database>[^/]+)/(?P<form>{names})$", _feed)]


async def _feed(request: Any, datasette: Any) -> Any:
    from datasette import Forbidden, NotFound, Response
    from datasette.utils import tilde_decode, tilde_encode

    name, form = tilde_decode(request.url_vars["database"]), request.url_vars["form"]
    database = datasette.databases.get(name)
    if not is_archive(database):
        raise NotFound(f"there is no archive {name!r} here")
    if not await may_view(datasette, request.actor, name, _TABLES):
        raise Forbidden("view-database")
    try:
        wanted = _wanted(request.args)
    except ValueError as error:
        return Response.text(f"{error}\n", status=400, headers=dict(_HEADERS))
    base_url = datasette.absolute_url(request, datasette.urls.path(f"/-/presskeep/{tilde_encode(name)}"))
    body = await database.execute_fn(lambda conn: edits_feed(conn, form, wanted, base_url=base_url))
    etag = f'"{sha256(body.encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, **_HEADERS}
    if request.headers.get("if-none-match") == etag:
        return Response("", status=304, headers=headers)
    content_type = "application/atom+xml" if form == ATOM else "application/feed+json"
    return Response(body, headers=headers, content_type=f"{content_type}; charset=utf-8")


def _wanted(args: Any) -> Wanted:
    """The filters of an address; raises ValueError, which says what is wrong."""
    kinds = tuple(kind for said in args.getlist("kind") for kind in said.split(",") if kind)
    unknown = [kind for kind in kinds if kind not in event_weights()]
    if unknown:
        raise ValueError(f"kind: {unknown[0]!r} is none of {', '.join(event_weights())}")
    numbers = {}
    for name, usual in (("words", 0), ("limit", 50)):
        said = args.get(name) or str(usual)
        if not (said.isascii() and said.isdigit() and len(said) < 10):
            raise ValueError(f"{name}: {said!r} is no number")
        numbers[name] = int(said)
    limit = max(1, min(numbers["limit"], MOST))
    return Wanted(site=args.get("site") or None, kinds=kinds, min_words=numbers["words"], limit=limit)


def _edits(db: _Connection, wanted: Wanted, base_url: str) -> Iterator[Edit]:
    values = {
        "site": wanted.site, "kinds": json.dumps(wanted.kinds), "words": wanted.min_words,
        "limit": max(0, min(wanted.limit, MOST)),
    }  # fmt: skip
    compared = 0
    for row in db.execute(_EDITS, values):
        at, key, url, site, title, number, kinds, added, removed, before_key, text_key, *texts = row
        old_title, old_text, text = texts
        length = len(old_text) + len(text)
        compared += length
        blocks: Iterable[DiffBlock] = ()
        if length <= _LONGEST_DIFF and compared <= _COMPARED:
            blocks = diff_texts((old_title, old_text), (title, text)).blocks
        names = tuple(map(str, json.loads(kinds)))
        yield Edit(
            at=at,
            id=uuid5(NAMESPACE_URL, f"presskeep:{url} {at} {text_key}").urn,
            url=f"{base_url}/diff/{key}/{before_key}/{text_key}",
            story=url if urlsplit(url).scheme in ("http", "https") else None,
            site=clean(site),
            title=clean(title) or "Untitled",
            kinds=names,
            number=number,
            words_added=added,
            words_removed=removed,
            before_key=before_key,
            text_key=text_key,
            html=_html(f"{site}: {', '.join(names)}; +{added} −{removed} words", (old_title, title), blocks),
        )


def _html(line: str, titles: tuple[str, str], blocks: Iterable[DiffBlock]) -> str:
    """What was edited, in a few paragraphs."""
    paragraphs = [_escaped(line)]
    if titles[0] != titles[1]:
        paragraphs.append(f"<del>{_escaped(titles[0])}</del> <ins>{_escaped(titles[1])}</ins>")
    left = _EXCERPT
    for block in blocks:
        if block.kind == "kept" or left <= 0:
            continue
        parts = []
        for run in block.runs:
            text = _short(run.text, _AROUND if run.kind == "kept" else left)
            left -= len(text)
            tag = {"removed": "del", "added": "ins"}.get(run.kind)
            parts.append(f"<{tag}>{_escaped(text)}</{tag}>" if tag else _escaped(text))
            if left <= 0:
                break
        paragraphs.append("".join(parts))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _short(text: str, most: int) -> str:
    """A text, or its two ends."""
    return text if len(text) <= 2 * most else f"{text[:most]} […] {text[-most:]}"


def _escaped(text: str) -> str:
    return escape(clean(text))


def _title(base_url: str, wanted: Wanted) -> str:
    parts = [wanted.site or base_url.rpartition("/")[2]]
    parts += [", ".join(wanted.kinds)] if wanted.kinds else []
    parts += [f"{wanted.min_words} words or more"] if wanted.min_words else []
    return clean(f"Edits: {'; '.join(parts)}")


def _last_run(db: _Connection) -> str:
    row = db.execute("SELECT max(started_at) FROM runs").fetchone()
    return str(row[0] or "1970-01-01T00:00:00.000Z")
