"""What the extractor made of a page, block by block."""

from collections.abc import Iterable, Mapping
from typing import Any

import extractors
from extractors import Page, extract

MOST_BYTES = 3_000_000
"""Of a body that is read again for a reader; reading takes about a second for each megabyte."""

_MOST_BLOCKS, _LONGEST = 2000, 20_000


def explained(page: Page) -> dict[str, Any]:
    """``blocks`` in page order, each with text, role (article, list or furniture), reason and score, and ``fields``.

    ``whole`` is False where the reader says only what it kept: then blocks hold no furniture.
    """
    explain = getattr(extractors, "explain", None)
    if explain is None:
        return _from_article(page)
    found = explain(page)
    blocks = [_block(block) for _, block in zip(range(_MOST_BLOCKS), found.blocks, strict=False)]
    return {"whole": True, "blocks": blocks, "fields": list(_fields(getattr(found, "fields", ())))}


def _block(block: Any) -> dict[str, Any]:
    score = getattr(block, "score", None)
    return {
        "role": str(block.role),
        "text": str(block.text)[:_LONGEST],
        "reason": str(getattr(block, "reason", "") or ""),
        "score": round(score, 3) if isinstance(score, (int, float)) else None,
    }


def _fields(fields: Any) -> Iterable[dict[str, str]]:
    pairs = fields.items() if isinstance(fields, Mapping) else ((getattr(one, "name", ""), one) for one in fields)
    for name, one in pairs:
        value = getattr(one, "value", one)
        if value not in (None, "", ()):
            shown = ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
            yield {"name": str(name), "value": shown[:_LONGEST], "source": str(getattr(one, "source", "") or "")}


def _from_article(page: Page) -> dict[str, Any]:
    article = extract(page)
    if article is None:
        return {"whole": False, "blocks": [], "fields": []}
    blocks = [_kept("article", paragraph, "") for paragraph in article.text.split("\n\n") if paragraph]
    for links in article.lists:
        reason = f"{links.heading} ({links.kind})" if links.heading else links.kind
        blocks += [_kept("list", item.title, reason) for item in links.items]
    facts = {
        "title": article.title, "authors": article.authors, "published": article.published,
        "modified": article.modified, "section": article.section, "language": article.language,
    }  # fmt: skip
    return {"whole": False, "blocks": blocks[:_MOST_BLOCKS], "fields": list(_fields(facts))}


def _kept(role: str, text: str, reason: str) -> dict[str, Any]:
    return {"role": role, "text": text[:_LONGEST], "reason": reason, "score": None}
