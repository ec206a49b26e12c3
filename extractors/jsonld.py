"""JSON-LD as pages really write it: graphs, arrays, references by @id, and syntax that no JSON parser accepts."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

Thing = Mapping[str, object]

MAX_THINGS: Final = 3000


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


ARTICLE_TYPES: Final = _words(
    """
    article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle reviewnewsarticle
    backgroundnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle techarticle
    scholarlyarticle liveblogposting socialmediaposting report review
    """
)
PAGE_TYPES: Final = frozenset({"webpage", "itempage", "aboutpage", "faqpage"})
LISTING_TYPES: Final = frozenset({"collectionpage", "searchresultspage", "profilepage", "contactpage"})

_WRAPPING = re.compile(
    r"\A[\s;]*(?:(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|<!--)?|(?:(?://|/\*)?\s*\]\]>(?:\s*\*/)?|-->)?[\s;]*\Z"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")


def things(scripts: Iterable[str]) -> tuple[Thing, ...]:
    """Every object of the scripts, outer before inner; at most MAX_THINGS."""
    found: list[Thing] = []
    queue: list[object] = [value for script in scripts for value in _values(script)]
    for value in queue:  # the queue grows while it is read
        if isinstance(value, dict):
            found.append(value)
            queue += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            queue += [inner for inner in value if isinstance(inner, dict | list)]
        if len(found) >= MAX_THINGS:
            break
    return tuple(found)


def types(thing: Thing) -> frozenset[str]:
    """Lower-case type names without their vocabulary's address."""
    stated = thing.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return frozenset(name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def strings(value: object) -> Iterator[str]:
    """The strings of a value: itself, an array's, or the @value, name, url or @id of an object."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list):
        for inner in value[:100]:
            if not isinstance(inner, list):
                yield from strings(inner)
    elif isinstance(value, dict):
        named = (value.get(key) for key in ("@value", "name", "url", "@id"))
        yield from ([text for text in named if isinstance(text, str) and text.strip()][:1])


def first(found: Iterable[Thing], key: str) -> str | None:
    """The first string that any of the objects gives for a key."""
    return next((text for thing in found for text in strings(thing.get(key))), None)


def people(thing: Thing, by_id: Mapping[str, Thing]) -> list[str]:
    """Names of the authors (else creators) of an article; organisations only where it names no person."""
    stated = thing.get("author") or thing.get("creator")
    persons: list[str] = []
    bodies: list[str] = []
    for entry in (stated if isinstance(stated, list) else [stated])[:50]:
        body, names = _names(entry, by_id)
        (bodies if body else persons).extend(names)
    return persons or bodies


def _names(entry: object, by_id: Mapping[str, Thing]) -> tuple[bool, list[str]]:
    if isinstance(entry, str):
        return False, [] if entry.startswith(("http", "#", "_:")) else [entry]
    if not isinstance(entry, dict):
        return False, []
    named: Thing = entry
    if not entry.get("name") and isinstance(reference := entry.get("@id"), str):
        named = by_id.get(reference, entry)
    whole = [name for name in strings(named.get("name")) if not name.startswith("http")]
    parts = " ".join(part for key in ("givenName", "familyName") for part in strings(named.get(key)))
    return any("organization" in kind for kind in types(named)), whole or ([parts] if parts else [])


def _values(script: str) -> list[object]:
    text = _WRAPPING.sub("", script)
    for candidate in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return [json.loads(candidate, strict=False)]
        except (ValueError, RecursionError):
            continue
    try:  # two objects in a row, or an unclosed tail
        value, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return []
    return [value]
