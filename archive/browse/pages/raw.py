"""Archived pages as they came, shut in: nothing in them runs, and nothing is fetched."""

import json
import re
from base64 import b64encode
from itertools import groupby
from typing import Any

from archive.browse.bodies import Kept, kept
from archive.browse.explaining import MOST_BYTES, explained
from archive.browse.page import Answer, Asked, Document, NoSuchPage
from archive.browse.working import work
from extractors import decode_body

_MOST_SHOWN = 5_000_000  # bytes of a body that a browser is asked to lay out
_LEAST_FOLDED = 5  # blocks of furniture in a row
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = frozenset({"text/plain", "text/xml", "application/xml", "application/json", "application/ld+json"})
_SHUT = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""A document under these headers has an origin of its own, no script, no form, no plug-in, and asks for nothing."""

_REACHING = re.compile(r"<(link|iframe|frame|object|embed)(?=[\s/>])", re.IGNORECASE)
_HELD = {"link": 'rel=""', "iframe": 'srcdoc=""', "frame": 'src=""', "object": 'data=""', "embed": 'src=""'}
"""A browser connects to the host of a frame before a policy refuses the frame (seen in Chromium), and no policy speaks
of ``link rel=preconnect``. Of two attributes with one name the first counts (HTML, 13.2.5.33), so these say nothing."""


def held(html: str) -> str:
    """A page whose elements reach for no other host even before a policy refuses them."""
    return _REACHING.sub(lambda found: f"{found[0]} {_HELD[found[1].lower()]}", html)


async def raw(asked: Asked) -> Answer:
    """The frame round an archived page: its digest, where it came from, and how to have it."""
    found = await asked.ask(lambda rows: kept(rows, asked.parts["key"], most=0))
    return Answer(
        template="raw",
        title=f"As archived: {found.look.url}",
        data=_data(found),
        shown={"shown_as": _shown_as(found) if found.stored else None, "stored": found.stored},
    )


async def document(asked: Asked) -> Document:
    """The archived page itself, for the frame."""
    found = await asked.ask(lambda rows: kept(rows, asked.parts["key"], most=_MOST_SHOWN))
    kind = _shown_as(found)
    if found.body is None or kind is None:
        raise NoSuchPage("This body is not shown in the browser; download it.")
    page = found.page()
    text, _ = await work(asked.cache, lambda: decode_body(page.body, page.charset, page.media_type))
    if kind == "html":
        text = held(text)
    # Sent as UTF-8 with that charset in the header, which beats what the page says of itself.
    return Document(
        body=text.encode("utf-8", "replace"), content_type=f"text/{kind}; charset=utf-8", headers=dict(_SHUT)
    )


async def download(asked: Asked) -> Document:
    """The body, byte for byte."""
    found = await asked.ask(lambda rows: kept(rows, asked.parts["key"]))
    assert found.body is not None
    ending = {"html": "html", "plain": "txt"}.get(_shown_as(found) or "", "bin")
    digest = b64encode(bytes.fromhex(found.raw["sha256"])).decode()
    headers = {
        **_SHUT,
        "Content-Disposition": f'attachment; filename="{found.raw["key"]}.{ending}"',
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    return Document(body=found.body, content_type="application/octet-stream", headers=headers)


async def seen(asked: Asked) -> Answer:
    """The blocks of an archived page, as the extractor reads them under today's rules."""
    found = await asked.ask(lambda rows: kept(rows, asked.parts["key"], most=MOST_BYTES))
    said: dict[str, Any] = {"blocks": [], "fields": []}
    if found.body is not None:
        page = found.page()
        said = await work(asked.cache, lambda: explained(page))
    counts = {role: sum(block["role"] == role for block in said["blocks"]) for role in ("article", "list", "furniture")}
    return Answer(
        template="seen",
        title=f"What the extractor saw: {found.look.url}",
        data={**_data(found), **said},
        shown={"counts": counts, "stretches": stretches(said["blocks"]), "too_large": found.body is None},
    )


def stretches(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks in stretches: those of one role in a row that a reader opens when furniture, and all others."""
    found: list[dict[str, Any]] = []
    for role, group in groupby(blocks, key=lambda block: block["role"]):
        run = list(group)
        if role == "furniture" and len(run) >= _LEAST_FOLDED:
            found.append({"folded": True, "blocks": run})
        elif found and not found[-1]["folded"]:
            found[-1]["blocks"] += run
        else:
            found.append({"folded": False, "blocks": run})
    return found


def _data(found: Kept) -> dict[str, Any]:
    return {
        "raw": found.raw,
        "url": found.look.url,
        "final_url": found.look.final_url,
        "fetched_at": found.look.started_at,
        "status": found.look.status,
        "media_type": _media_type(found),
        "articles": found.articles,
    }


def _media_type(found: Kept) -> str:
    record = json.loads(found.look.record)
    return str(record.get("media_type") or "text/html")


def _shown_as(found: Kept) -> str | None:
    """``html`` or ``plain``; None for what no browser should be given."""
    kind = _media_type(found)
    if found.raw["size"] > _MOST_SHOWN:
        return None
    return "html" if kind in _HTML else "plain" if kind in _TEXT else None
