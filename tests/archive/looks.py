"""Looks at invented pages. A page's body is the JSON of the article that it stands for, so that a body can be read
again without an HTML parser, and its first key ``noise`` stands for the rest of a real page."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive import Archive, Look
from extractors import Article, LinkList, ListItem, Page, Reading

URL = "https://paper.example/story"
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def read(page: Page, rules: str = "fake/1") -> Reading:
    """The reader of these tests."""
    try:
        told = json.loads(page.body)
    except ValueError:
        return Reading(article=None, reason="not told")
    if not told.get("text"):
        return Reading(article=None, reason="no text")
    items = tuple(ListItem(title=title, url=f"https://paper.example/{title}") for title in told.get("items", ()))
    return Reading(
        article=Article(
            title=told.get("title", "A title"),
            text=told["text"],
            authors=tuple(told.get("authors", ())),
            paywalled=told.get("paywalled", False),
            canonical_url=told.get("canonical"),
            lists=(LinkList(heading="Recent", kind="recent", items=items),) if items else (),
            rules=rules,
        )
    )


def read_in_capitals(page: Page) -> Reading:
    """Another rule: titles are read in capitals."""
    article = read(page, "fake/2").article
    if article is None:
        return Reading(article=None)
    return Reading(article=replace(article, title=article.title.upper()))


def page(text: str | None = "One two three.", *, url: str = URL, hour: float = 0, **told: object) -> Page:
    """A page; ``final_url``, ``noise``, ``title``, ``items`` and so on by keyword."""
    final_url = str(told.pop("final_url", url))
    body = json.dumps({"noise": told.pop("noise", ""), "text": text, **told}).encode()
    return Page(url=url, final_url=final_url, body=body, fetched_at=START + timedelta(hours=hour))


def look(text: str | None = "One two three.", *, url: str = URL, hour: float = 0, **told: object) -> Look:
    """A look that found a page."""
    found = page(text, url=url, hour=hour, **told)
    return Look(
        url=url, site="paper", started_at=START + timedelta(hours=hour), page=found, article=read(found).article
    )


def bare(outcome: str, *, url: str = URL, hour: float = 0) -> Look:
    """A look without a page: a failure or a 304."""
    return Look(url=url, site="paper", started_at=START + timedelta(hours=hour), outcome=outcome)


def derived(archive: Archive) -> Mapping[str, list[tuple[object, ...]]]:
    """All derived rows without row ids, sorted: what two archives of the same facts must agree on."""
    queries = {
        "articles": "SELECT a.url, a.site, a.canonical_url, a.title, a.authors, a.first_seen, a.last_seen, "
        "a.version_count, v.number, a.state, a.rules, a.shown_key FROM articles a LEFT JOIN versions v "
        "ON v.id = a.latest_version",
        "versions": "SELECT a.url, v.number, v.text_key, v.raw_key, v.first_seen, v.last_seen, v.sightings, "
        "v.words_added, v.words_removed, v.kinds, v.rules FROM versions v JOIN articles a ON a.id = v.article",
        "texts": "SELECT key, title, text, words FROM texts",
        "sightings": "SELECT f.started_at, f.url, a.url, v.number FROM sightings s "
        "JOIN fetches f ON f.id = s.fetch LEFT JOIN articles a ON a.id = s.article "
        "LEFT JOIN versions v ON v.id = s.version",
        "events": "SELECT a.url, v.number, e.at, e.kind, e.weight, e.detail FROM events e "
        "JOIN articles a ON a.id = e.article LEFT JOIN versions v ON v.id = e.version",
        "items": "SELECT a.url, i.heading, i.kind, i.position, i.title, i.url, i.first_seen, i.last_seen, i.sightings "
        "FROM list_items i JOIN articles a ON a.id = i.article",
        "headlines": "SELECT t.text, o.text, l.path FROM links l JOIN phrases t ON t.id = l.title "
        "LEFT JOIN labels o ON o.id = l.origin",
        "daily": "SELECT day, site, sum(count) FROM daily GROUP BY day, site",
    }
    return {name: sorted(archive.db.execute(sql).fetchall(), key=repr) for name, sql in queries.items()}


def settle(archive: Archive) -> None:
    """Derives every article of an archive anew."""
    targets = {row[0] for row in archive.db.execute("SELECT DISTINCT target FROM sightings")}
    with archive.atomic():
        archive.rebuild(targets)
