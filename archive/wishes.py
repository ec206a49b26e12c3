"""Articles whose pages ask not to be kept, found or mined: marked, and left out of what leaves the archive."""

_SEARCH_ENGINES = ("googlebot%", "bingbot", "msnbot", "slurp", "duckduckbot", "baiduspider", "yandex%", "seznambot")

CONCERNS_US = "NOT (" + " OR ".join(f"value LIKE '{name}: %'" for name in _SEARCH_ENGINES) + ")"
"""Of the rows of ``optouts``: a search engine's own wish, ``googlebot: noarchive``, speaks of that engine's copy."""

OPTED_OUT = f"""
SELECT s.article FROM optouts o JOIN fetches f ON f.started_at = o.at AND f.url = o.url
     JOIN sightings s ON s.fetch = f.id
WHERE s.article IS NOT NULL AND {CONCERNS_US}
"""  # noqa: S608 - our own constants
"""Ids of ``articles`` of which any look ever stated a wish of these (``extractors/optout.py`` says which)."""
