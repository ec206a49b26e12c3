"""From an address to a page: is it an archive, may it be seen, and as HTML or JSON."""

import json
from collections.abc import Awaitable, Callable
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from archive.browse import plots, words
from archive.browse.access import may_view
from archive.browse.archives import is_archive
from archive.browse.links import ROOT, STYLE, Links, safe_href
from archive.browse.page import Answer, Asked, Document, NoSuchPage, Redirect, Route
from archive.browse.pages import ROUTES
from archive.browse.reading import TookTooLong

_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
"""Of every page of ours: nothing but our own style sheet, our own pictures and our own frames."""

_STYLE_SHEET = (files(__package__) / "static" / "pages.css").read_bytes()
_STYLE_NAME = f"{sha256(_STYLE_SHEET).hexdigest()[:16]}.css"

View = Callable[[Any, Any], Awaitable[Any]]


def routes() -> list[tuple[str, View]]:
    """Regular expressions of paths and what answers them, as Datasette takes them."""
    made = [(rf"{ROOT}/(?P<database>[^/]+?){route.path}(?P<json>\.json)?$", _view(route)) for route in ROUTES]
    return [(rf"{ROOT}(?:/|(?P<json>\.json))?$", _archives), (rf"{STYLE}/[0-9a-f]+\.css$", _style), *made]


async def viewable(datasette: Any, actor: Any) -> list[str]:
    """The names of the archives that an actor may see."""
    names = [name for name, database in datasette.databases.items() if is_archive(database)]
    return [name for name in names if await may_view(datasette, actor, name, ())]


def style_url(datasette: Any) -> str:
    """Where the pages' style sheet is; a new one has a new address."""
    return str(datasette.urls.path(f"{STYLE}/{_STYLE_NAME}"))


def _view(route: Route) -> View:
    async def view(request: Any, datasette: Any) -> Any:
        from datasette.utils import tilde_decode

        parts = {key: value for key, value in request.url_vars.items() if value is not None}
        wants_json = bool(parts.pop("json", None)) or request.args.get("_format") == "json"
        name = tilde_decode(parts.pop("database"))
        database = datasette.databases.get(name)
        if not is_archive(database):
            return await _refuse(datasette, request, 404, f"There is no archive {name!r} here.", wants_json)
        if not await may_view(datasette, request.actor, name, route.tables):
            from datasette import Forbidden

            raise Forbidden("view-database")
        asked = Asked(
            datasette=datasette,
            database=database,
            links=Links(datasette, name),
            parts=parts,
            args={key: request.args.get(key) or "" for key in request.args},
            cache=_cache(datasette),
        )
        try:
            answer = await route.handler(asked)
        except NoSuchPage as missing:
            return await _refuse(datasette, request, 404, str(missing), wants_json, asked.links)
        except TookTooLong as slow:
            return await _refuse(datasette, request, 503, f"{slow}.".capitalize(), wants_json, asked.links)
        if isinstance(answer, Redirect):
            return _respond("", "text/plain; charset=utf-8", {**HEADERS, "Location": answer.to}, 302)
        if isinstance(answer, Document):
            return _respond(answer.body, answer.content_type, {**HEADERS, **answer.headers})
        if wants_json:
            return _json(answer.data, 200)
        return await _render(datasette, request, f"presskeep/{answer.template}.html", asked, answer)

    return view


def _cache(datasette: Any) -> dict[Any, Any]:
    """What the pages of one Datasette remember. It lives on that object: 1.0 makes the routes anew for each client."""
    found: dict[Any, Any] = datasette.__dict__.setdefault("_presskeep_cache", {})
    return found


async def _render(datasette: Any, request: Any, template: str, asked: Asked, answer: Answer) -> Any:
    context = {
        **_around(datasette, asked.links),
        "page_title": words.brief(answer.title),
        "json_link": _json_link(asked),
        "table": asked.links.table,
        "href": safe_href,
        "words": words,
        "plots": plots,
        "asked": asked,
        "data": words.brief(answer.data),
        **answer.shown,
    }
    html = await datasette.render_template(template, context, request=request)
    return _respond(html, "text/html; charset=utf-8", HEADERS)


def _around(datasette: Any, links: Links | None) -> dict[str, Any]:
    """What the head and foot of a page show: its style sheet, and the way to the other pages of an archive."""
    style = {"style": style_url(datasette)}
    return {**style, "archive": links.name, "to": links.to, "tables": links.tables()} if links else style


def _json_link(asked: Asked) -> str:
    return f"?{urlencode({**asked.args, '_format': 'json'})}"


async def _archives(request: Any, datasette: Any) -> Any:
    """The archives that this Datasette serves; a single one at once."""
    from datasette import Response

    names = await viewable(datasette, request.actor)
    found = [{"name": name, "url": Links(datasette, name).to()} for name in names]
    if request.url_vars.get("json") or request.args.get("_format") == "json":
        return _json({"archives": found}, 200)
    if len(names) == 1:
        return Response.redirect(found[0]["url"])
    context = {**_around(datasette, None), "page_title": "Archives", "archives": found}
    html = await datasette.render_template("presskeep/archives.html", context, request=request)
    return _respond(html, "text/html; charset=utf-8", HEADERS)


async def _style(request: Any, datasette: Any) -> Any:  # noqa: ARG001 - Datasette names what it passes
    return _respond(
        _STYLE_SHEET, "text/css; charset=utf-8", {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    )


async def _refuse(
    datasette: Any, request: Any, status: int, reason: str, wants_json: bool, links: Links | None = None
) -> Any:
    if wants_json:
        return _json({"ok": False, "error": reason}, status)
    title = "Not here" if status == 404 else "Too much at once"
    context = {**_around(datasette, links), "page_title": title, "reason": reason}
    html = await datasette.render_template("presskeep/refused.html", context, request=request)
    return _respond(html, "text/html; charset=utf-8", HEADERS, status)


def _json(data: object, status: int) -> Any:
    body = json.dumps(data, ensure_ascii=False, default=str)
    return _respond(body, "application/json; charset=utf-8", HEADERS, status)


def _respond(body: str | bytes, content_type: str, headers: dict[str, str], status: int = 200) -> Any:
    from datasette import Response

    return Response(body, status=status, headers=dict(headers), content_type=content_type)
