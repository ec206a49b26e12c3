"""The pages of an archive, one module each."""

from archive.browse.page import Route
from archive.browse.pages.article import article
from archive.browse.pages.coverage import coverage
from archive.browse.pages.diff import diff, newest_diff
from archive.browse.pages.edits import edits
from archive.browse.pages.front import front
from archive.browse.pages.headlines import headlines
from archive.browse.pages.raw import document, download, raw, seen
from archive.browse.pages.search import search

_KEY = r"[0-9a-f]{16}"
_TEXTS = ("articles", "versions", "texts")
_HISTORY = (*_TEXTS, "events", "sightings", "fetches", "list_items", "optouts")
_RAWS = ("articles", "versions", "sightings", "fetches", "raws", "raw_bodies", "removals")

ROUTES = (
    Route("", front, (*_TEXTS, "daily", "sites")),
    Route(rf"/article/(?P<key>{_KEY})(?:/(?P<text>{_KEY}))?", article, _HISTORY),
    Route(rf"/diff/(?P<key>{_KEY})/(?P<old>{_KEY})/(?P<new>{_KEY})", diff, _TEXTS),
    Route(rf"/diff/(?P<key>{_KEY})", newest_diff, _TEXTS),
    Route(rf"/raw/(?P<key>{_KEY})", raw, _RAWS),
    Route(rf"/raw/(?P<key>{_KEY})/document", document, _RAWS),
    Route(rf"/raw/(?P<key>{_KEY})/download", download, _RAWS),
    Route(rf"/seen/(?P<key>{_KEY})", seen, _RAWS),
    Route("/edits", edits, (*_TEXTS, "events", "sites")),
    Route("/headlines", headlines, ("articles", "events", "list_items", "sites")),
    Route("/coverage", coverage, ("discoveries", "fetches", "sightings", "daily", "sites")),
    Route("/search", search, (*_TEXTS, "texts_fts", "list_items", "sites")),
)
"""Every page: its path after the archive's name, who answers, and which tables its reader must be allowed to view."""
