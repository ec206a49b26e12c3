"""How one value of an archive looks in a table. Values come from strangers' pages: nothing here trusts them."""

import json
import re

from markupsafe import Markup

from archive.browse.links import Links

_JSON_LISTS = {"authors", "tags", "kinds"}
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}", re.IGNORECASE)
_KEY = re.compile(r"[0-9a-f]{16}")
_PAGES = {"articles.key": "article", "latest.key": "article", "raws.key": "raw", "raw_key": "raw"}
_SHORT_LINK = 60
_SHORT_TEXT = 300


def cell(value: object, column: str) -> Markup | str | None:
    """The value as shown; None leaves it to Datasette."""
    if not isinstance(value, str) or not value:
        return None
    if column == "sha256":
        return Markup('<code title="{}">{}…</code>').format(value, value[:16])
    if column in _JSON_LISTS:
        return _listed(value)
    if column in {"url", "final_url", "canonical_url", "found_in", "home"} and _LINK.fullmatch(value):
        return _link(value)
    return f"{value[:_SHORT_TEXT]}…" if column == "text" and len(value) > _SHORT_TEXT else None


def key_link(value: object, column: str, table: str | None, links: Links) -> Markup | None:
    """The key of an article or of a page's body as a link to where it is shown; None for all other values."""
    page = _PAGES.get(column) or _PAGES.get(f"{table}.{column}")
    if page is None or not isinstance(value, str) or not _KEY.fullmatch(value):
        return None
    return Markup('<a href="{}">{}</a>').format(links.to(page, value), value)


def _listed(value: str) -> Markup | str | None:
    try:
        names = json.loads(value)
    except ValueError:
        return None
    if not isinstance(names, list):
        return None
    # Datasette ignores an empty answer and would show the brackets.
    return ", ".join(str(name) for name in names) or Markup("&nbsp;")


def _link(url: str) -> Markup:
    label = re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE)
    short = label if len(label) <= _SHORT_LINK else f"{label[: _SHORT_LINK - 20]}…{label[-19:]}"
    return Markup('<a href="{}" title="{}" rel="noreferrer noopener nofollow">{}</a>').format(url, url, short)
