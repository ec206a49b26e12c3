"""What the extractor made of a page, block by block."""

from collections.abc import Iterable, Iterator
from typing import Any

import extractors
from extractors import Page, extract, moment_text

MOST_BYTES = 3_000_000
"""Of a body that is read again for a reader; reading takes about a second for each megabyte."""

_MOST_BLOCKS, _LONGEST = 2000, 20_000


def explained(page: Page) -> dict[str, Any]:
    """``blocks`` in page order, each with text, role (article, list, furniture), reason, score, and ``fields``.

    ``whole`` is False where the reader says only what it kept: then blocks hold no furniture.
    """
    explain = getattr(extractors, "explain", None)
    if explain is None:
        return _from_article(page)
    found = explain(page)
    blocks = [_block(block) for _, block in zip(range(_MOST_BLOCKS), found.blocks, strict=False)]
    return {"whole": True, "blocks": blocks, "fields": list(_fields(found.fields))}


def _block(block: Any) -> dict[str, Any]:
    score = getattr(block, "score", None)
    return {
        "role": str(block.role),
        "text": str(block.text)[:_LONGEST],
        "reason": str(block.reason),
        "score": _rounded(getattr(score, "score", None)),
        "threshold": _rounded(getattr(score, "threshold", None)),
    }


def _rounded(value: object) -> float | None:
    return round(value, 3) if isinstance(value, float) else None


def _fields(fields: Iterable[Any]) -> Iterator[dict[str, str]]:
    for field in fields:
        if field.value:
            source = ", ".join([str(field.reader), *map(str, field.places)])
            yield {"name": str(field.name), "value": str(field.value)[:_LONGEST], "source": source[:_LONGEST]}


def _from_article(page: Page) -> dict[str, Any]:
    article = extract(page)
    if article is None:
        return {"whole": False, "blocks": [], "fields": []}
    blocks = [_kept("article", paragraph, "") for paragraph in article.text.split("\n\n") if paragraph]
    for links in article.lists:
        reason = f"{links.heading} ({links.kind})" if links.heading else links.kind
        blocks += [_kept("list", item.title, reason) for item in links.items]
    facts = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": moment_text(article.published),
        "modified": moment_text(article.modified),
        "section": article.section,
        "language": article.language,
    }
    fields = [{"name": name, "value": value, "source": ""} for name, value in facts.items() if value]
    return {"whole": False, "blocks": blocks[:_MOST_BLOCKS], "fields": fields}


def _kept(role: str, text: str, reason: str) -> dict[str, Any]:
    return {"role": role, "text": text[:_LONGEST], "reason": reason, "score": None, "threshold": None}
