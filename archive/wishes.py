"""Articles whose pages ask not to be kept, found or mined: marked, and left out of what leaves the archive."""

OPTED_OUT = """
SELECT s.article FROM optouts o JOIN fetches f ON f.started_at = o.at AND f.url = o.url
     JOIN sightings s ON s.fetch = f.id
WHERE s.article IS NOT NULL
"""
"""Ids of ``articles`` of which any look ever stated a wish (``extractors/optout.py`` says which)."""
