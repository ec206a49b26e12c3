"""The JSON documents that the command line promises."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive import Archive, Version
    from extractors import Article, LinkList, ListItem

_HISTORY = (
    "number",
    "text_key",
    "raw_key",
    "first_seen",
    "last_seen",
    "sightings",
    "kinds",
    "words_added",
    "words_removed",
)
"""The promised fields of ``history --json``."""


def shape(value: Any) -> Any:
    """A record of the archive as JSON-ready values, times in the archive's form."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: shape(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date | datetime):
        return _text(value)
    return [shape(inner) for inner in value] if isinstance(value, list | tuple) else value


def version_shape(version: "Version") -> dict[str, Any]:
    """One row of ``history --json``."""
    return {name: shape(getattr(version, name)) for name in _HISTORY}


def shown_article(archive: "Archive", name: str) -> dict[str, Any]:
    """An article with its newest text and the lists that stood beside it last; row ids stay inside the file."""
    row = archive.article(name)
    newest = archive.versions(row.url)[-1]
    facts = {key: value for key, value in shape(row).items() if key != "id"}
    text = archive.text(newest.text_key).text
    return facts | {"text_key": newest.text_key, "text": text, "lists": shape(archive.lists(row.url, at=row.last_seen))}


def shown_text(archive: "Archive", key: str, unknown: Exception) -> dict[str, Any]:
    """The text of a key; when there is none either, the error about the article says more."""
    from archive import UnknownArticle

    try:
        found = archive.text(key)
    except UnknownArticle:
        raise unknown from None
    return {"title": found.title, "text_key": found.key, "sha256": found.sha256, "text": found.text, "lists": []}


def article_shape(url: str, article: "Article | None") -> dict[str, Any]:
    """What ``extract --json`` prints; all fields are null, and the lists empty, when the page holds no article."""
    if article is None:
        names = ("title", "published", "modified", "section", "language", "text", "rules", "confidence")
        return {"url": url, "authors": [], "lists": [], "agencies": [], "live": []} | dict.fromkeys(names)
    return {
        "url": url,
        "title": article.title,
        "authors": list(article.authors),
        "published": _text(article.published),
        "modified": _text(article.modified),
        "section": article.section,
        "language": article.language,
        "text": article.text,
        "lists": [list_shape(found) for found in article.lists],
        "rules": article.rules,
        "confidence": article.confidence,
        "agencies": list(article.agencies),
        "live": shape(article.live),
    }


def list_shape(found: "LinkList") -> dict[str, Any]:
    """One list that the page promotes."""
    return {"heading": found.heading, "kind": found.kind, "items": [_item_shape(item) for item in found.items]}


def _item_shape(item: "ListItem") -> dict[str, Any]:
    return {
        "title": item.title,
        "url": item.url,
        "teaser": item.teaser,
        "section": item.section,
        "when_text": item.when_text,
        "when_at": _text(item.when_at),
        "when_until": _text(item.when_until),
    }


def _text(moment: date | None) -> str | None:
    from extractors import moment_text

    return moment_text(moment)
