"""The pages of an archive, one module each."""

from archive.browse.page import Route
from archive.browse.pages.article import article
from archive.browse.pages.front import front

_HISTORY = ("articles", "versions", "texts", "events", "sightings", "fetches")
_KEY = r"[0-9a-f]{16}"

ROUTES = (
    Route("", front, ("articles", "versions", "texts", "daily", "sites")),
    Route(rf"/article/(?P<key>{_KEY})(?:/(?P<text>{_KEY}))?", article, (*_HISTORY, "list_items")),
)
"""Every page: its path after the archive's name, who answers, and which tables its reader must be allowed to view."""
