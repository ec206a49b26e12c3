"""Permalinks of the pages. They are made of keys, which survive rebuilds and merges, never of row ids."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = "/-/presskeep"
STYLE = "/-/presskeep-style"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one archive's pages; ``name`` is its name in Datasette."""

    datasette: Any
    name: str

    def to(self, *parts: str, **query: object) -> str:
        """A page by its parts, such as ``to("article", key)``; empty values of the query are left out."""
        from datasette.utils import tilde_encode

        path = "/".join([ROOT, tilde_encode(self.name), *parts])
        said = {key: value for key, value in query.items() if value not in (None, "", False)}
        target = f"{path}?{urlencode(said)}" if said else path
        return str(self.datasette.urls.path(target))

    def tables(self) -> str:
        """Datasette's own page of the database."""
        return str(self.datasette.urls.database(self.name))

    def table(self, table: str, **query: object) -> str:
        """Datasette's own page of a table."""
        target = str(self.datasette.urls.table(self.name, table))
        return f"{target}?{urlencode(query)}" if query else target


def safe_href(url: object) -> str | None:
    """The URL if it is one of the web; None for javascript:, data: and all that is no address."""
    if not isinstance(url, str) or any(ord(letter) <= 32 for letter in url):
        return None
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    return url if split.scheme in ("http", "https") and split.netloc else None
