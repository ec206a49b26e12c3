"""The two forms of a feed of edits. Characters that XML does not allow are dropped, all others escaped."""

import json
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit, with all that comes from pages cleaned; ``html`` shows what changed, ``story`` is the page's URL."""

    at: str
    id: str
    url: str
    story: str | None
    site: str
    title: str
    kinds: tuple[str, ...]
    number: int
    words_added: int
    words_removed: int
    before_key: str
    text_key: str
    html: str


def clean(text: str) -> str:
    """The text without characters that no XML document may hold (XML 1.0, 2.2)."""
    return _NO_XML.sub("", text)


def atom(edits: list[Edit], title: str, base_url: str, self_url: str, updated: str) -> str:
    """The edits as an Atom feed (RFC 4287)."""
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _add(feed, "id", self_url)
    _add(feed, "title", title)
    _add(feed, "updated", updated)
    _add(_add(feed, "author"), "name", "presskeep")
    _add(feed, "link", rel="self", type="application/atom+xml", href=self_url)
    _add(feed, "link", rel="alternate", type="text/html", href=f"{base_url}/edits")
    for edit in edits:
        entry = _add(feed, "entry")
        _add(entry, "id", edit.id)
        _add(entry, "title", edit.title)
        _add(entry, "updated", edit.at)
        _add(entry, "link", rel="alternate", type="text/html", href=edit.url)
        if edit.story:
            _add(entry, "link", rel="related", href=clean(edit.story))
        for kind in (edit.site, *edit.kinds):
            _add(entry, "category", term=clean(kind))
        _add(entry, "content", edit.html, type="html")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def json_feed(edits: list[Edit], title: str, base_url: str, self_url: str) -> str:
    """The edits as a JSON Feed (jsonfeed.org, version 1.1)."""
    items = []
    for edit in edits:
        item = {
            "id": edit.id, "url": edit.url, "external_url": edit.story, "title": edit.title, "content_html": edit.html,
            "date_published": edit.at, "tags": [edit.site, *edit.kinds],
            "_presskeep": {
                "site": edit.site, "number": edit.number, "before_key": edit.before_key, "text_key": edit.text_key,
                "words_added": edit.words_added, "words_removed": edit.words_removed,
            },
        }  # fmt: skip
        items.append({name: value for name, value in item.items() if value is not None})
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": f"{base_url}/edits",
        "feed_url": self_url, "authors": [{"name": "presskeep"}], "items": items,
    }  # fmt: skip
    return json.dumps(feed, ensure_ascii=False)
