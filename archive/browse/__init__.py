"""A Datasette plugin that explains an archive. It leaves every database that is not an archive alone.

Datasette 0.65 asks for metadata and queries by hooks; 1.0 has dropped those hooks and takes both at start-up.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from datasette import hookspecs
from markupsafe import Markup
from pluggy import HookimplMarker

from archive.browse import feeds
from archive.browse.archives import is_archive
from archive.browse.cells import cell, key_link
from archive.browse.counting import uncounted
from archive.browse.links import Links
from archive.browse.metadata import database_metadata, ready_queries
from archive.browse.routes import routes, viewable
from archive.browse.sql import prepare_connection as prepare_connection

hookimpl = HookimplMarker("datasette")
_HOOKS_OF_0 = hasattr(hookspecs, "canned_queries")
_STYLE = "/-/static-plugins/presskeep/presskeep.css"


@hookimpl
def render_cell(value: object, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Links as short links, full digests shortened, JSON lists as words, keys as links to their pages."""
    if not is_archive(datasette.databases.get(database)):
        return None
    return key_link(value, column, table, Links(datasette, database)) or cell(value, column)


@hookimpl
def extra_css_urls(database: str | None, datasette: Any) -> list[str]:
    """A few rules that keep columns of text readable."""
    ours = database is not None and is_archive(datasette.databases.get(database))
    return [datasette.urls.path(_STYLE)] if ours else []


@hookimpl
def register_routes() -> list[Any]:
    """Our own pages and feeds, under ``/-/presskeep``."""
    return [*feeds.routes(), *routes()]


@hookimpl
def menu_links(datasette: Any, actor: Any) -> Any:
    """The archives that the reader may see, in Datasette's menu."""

    async def links() -> list[dict[str, str]]:
        names = await viewable(datasette, actor)
        return [{"href": Links(datasette, name).to(), "label": f"Press archive {name}"} for name in names]

    return links


@hookimpl
def database_actions(datasette: Any, database: str) -> list[dict[str, str]]:
    """From the tables of an archive to its front page."""
    if not is_archive(datasette.databases.get(database)):
        return []
    return [{"href": Links(datasette, database).to(), "label": "Read this archive: articles, edits, headlines"}]


def _to_pages(datasette: Any, name: str) -> Markup:
    link = Markup('<a href="{}">Read this archive</a>: articles, edits, headlines, search.')
    return link.format(Links(datasette, name).to())


def _archives(datasette: Any) -> Iterator[str]:
    return (name for name, database in datasette.databases.items() if is_archive(database))


if _HOOKS_OF_0:

    @hookimpl
    def asgi_wrapper(datasette: Any) -> Any:
        """Datasette 0.65 counts a view for each page of it: seconds, for the headlines of a large archive."""
        return partial(uncounted, datasette)

    @hookimpl
    def get_metadata(datasette: Any) -> dict[str, Any]:
        """Titles, explanations, facets and orders. What the user's own metadata file says wins."""
        return {"databases": {name: _described(datasette, name) for name in _archives(datasette)}}

    def _described(datasette: Any, name: str) -> dict[str, Any]:
        """Datasette 0.65 has no hook for the top of a database's page, but shows its description there."""
        said = database_metadata()
        return {**said, "description_html": Markup("{} {}").format(said["description"], _to_pages(datasette, name))}

    @hookimpl
    def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
        """The ready questions."""
        return ready_queries() if is_archive(datasette.databases.get(database)) else {}

else:
    from archive.browse.startup import explain

    @hookimpl
    def top_database(datasette: Any, database: str) -> Any:
        """The way to our pages, on top of Datasette's page of an archive."""
        ours = is_archive(datasette.databases.get(database))
        return Markup("<p>{}</p>").format(_to_pages(datasette, database)) if ours else None

    @hookimpl
    def startup(datasette: Any) -> Any:
        """The same as above for Datasette 1.0, where the user's own words win too."""

        async def fill() -> None:
            for name in _archives(datasette):
                await explain(datasette, name)

        return fill
