"""What the extractor made of a page, block by block."""

from collections.abc import Iterable, Iterator
from typing import Any

from extractors import Page, explain

MOST_BYTES = 3_000_000
"""Of a body that is read again for a reader; reading takes about a second for each megabyte."""

_MOST_BLOCKS, _LONGEST = 2000, 20_000


def explained(page: Page) -> dict[str, Any]:
    """``blocks`` in page order, each with text, role (article, list, furniture), reason, score, and ``fields``."""
    found = explain(page)
    blocks = [_block(block) for _, block in zip(range(_MOST_BLOCKS), found.blocks, strict=False)]
    return {"blocks": blocks, "fields": list(_fields(found.fields))}


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
