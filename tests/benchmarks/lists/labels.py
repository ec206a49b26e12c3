"""Which pages are labelled, and what they promote."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extractors import canonical_title

_QUOTA = {"fundus": 18, "wcxb-dev-article": 10, "trafilatura": 8, "readability": 4}
_LABELS = Path(__file__).with_name("labels.json")

RULE = "of each set the first pages in the order of SHA-256('lists/SET/ID'), one a host: " + ", ".join(
    f"{count} of {name}" for name, count in _QUOTA.items()
)

Forms = tuple[str, ...]
"""Digests of one title in the forms that count as right: with and without the kicker of its own line or box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One page that is labelled; ``id`` is its set and its name there."""

    id: str
    url: str
    path: Path

    def body(self) -> bytes:
        return gzip.decompress(self.path.read_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledList:
    """``heading`` is empty where the page shows none; ``timed`` items show a date or an age."""

    heading: Forms
    items: tuple[Forms, ...]
    timed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """``either`` are titles that count neither way: boxes of one story, neighbours in a series, job offers, adverts."""

    id: str
    lists: tuple[LabelledList, ...]
    either: frozenset[str]


def digest(title: str) -> str:
    """First 16 hex digits of the SHA-256 of a title's normal form."""
    return hashlib.sha256(canonical_title(title).casefold().encode()).hexdigest()[:16]


def choose(root: Path) -> list[Chosen]:
    """The pages of RULE, in its order."""
    return [page for name, count in _QUOTA.items() for page in _first(root / name, count)]


def _first(folder: Path, count: int) -> list[Chosen]:
    with gzip.open(folder / "truth.jsonl.gz", "rt", encoding="utf8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: hashlib.sha256(f"lists/{folder.name}/{row['id']}".encode()).hexdigest())
    by_host: dict[str, dict[str, Any]] = {}
    for row in rows:
        by_host.setdefault(_host(row), row)
    return [
        Chosen(id=f"{folder.name}/{row['id']}", url=row["url"] or "", path=folder / row["file"])
        for row in list(by_host.values())[:count]
    ]


def _host(row: dict[str, Any]) -> str:
    """The page's own id where the set made its URLs up."""
    host = urlsplit(row["url"] or "").hostname
    return host if host and host != "fakehost" else row["id"]


def read_labels() -> dict[str, LabelledPage]:
    """The labels by page id."""
    return {
        page: LabelledPage(
            id=page,
            lists=tuple(
                LabelledList(
                    heading=tuple(found["heading"]), items=tuple(map(tuple, found["items"])), timed=found["timed"]
                )
                for found in label["lists"]
            ),
            either=frozenset(label["either"]),
        )
        for page, label in json.loads(_LABELS.read_text("utf-8")).items()
    }
