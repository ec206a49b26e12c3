"""Views that are not counted when the archive is large, for a line of Datasette that would count them on each page."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from archive.browse.archives import is_archive

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

VIEWS = frozenset({"list_items", "headlines"})
"""Views whose rows cost several look-ups each: 2.7 s of a processor for two million."""

_LARGE = 200_000_000  # bytes of a file; below it they are counted in a moment
_ENDS = (".json", ".csv")


def uncounted(datasette: Any, app: App) -> App:
    """The same application, which takes a plain page of these views as one that asks for no count."""

    async def asked(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _is_costly(datasette, scope):
            query = scope["query_string"]
            scope = {**scope, "query_string": b"&".join(filter(None, (query, b"_nocount=1")))}
        await app(scope, receive, send)

    return asked


def _is_costly(datasette: Any, scope: dict[str, Any]) -> bool:
    from datasette.utils import tilde_decode

    root = datasette.setting("base_url")
    parts = scope["path"].removeprefix(root.rstrip("/")).strip("/").split("/")
    if len(parts) != 2:
        return False
    view = next((parts[1].removesuffix(end) for end in _ENDS if parts[1].endswith(end)), parts[1])
    database = datasette.databases.get(tilde_decode(parts[0]))
    if view not in VIEWS or not is_archive(database):
        return False
    if any(
        name == "_nocount" for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    ):
        return False
    try:
        return Path(database.path).stat().st_size > _LARGE
    except OSError:
        return False
