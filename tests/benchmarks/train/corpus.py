"""The page sets as cases, dealt into folds by host."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.charset import decode_body
from extractors.urls import registrable_domain

FOLDS = 3
SETS = ("wcxb-dev-article", "fundus", "trafilatura", "readability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page with its truth: a full text, or segments that must and must not appear."""

    id: str
    set: str
    url: str
    host: str
    html: str
    text: str | None
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    title: str

    @property
    def fold(self) -> int:
        return int(hashlib.md5(self.host.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS

    @property
    def key(self) -> str:
        return f"{self.set}/{self.id}"


def load(root: Path, name: str) -> Iterator[Case]:
    """The cases of one set in the order of its truth file."""
    folder = root / name
    with gzip.open(folder / "truth.jsonl.gz", "rt", encoding="utf8") as rows:
        for row in map(json.loads, rows):
            body = gzip.decompress((folder / row["file"]).read_bytes())
            yield Case(
                id=row["id"],
                set=name,
                url=row["url"] or "",
                host=_host(row["url"] or "", row["id"]),
                html=decode_body(body, None, "text/html")[0],
                text=row["text"],
                wanted=tuple(row["with"]),
                unwanted=tuple(row["without"]),
                title=row["title"] or "",
            )


def _host(url: str, fallback: str) -> str:
    """The registrable domain; sets with made-up URLs name the page instead."""
    if not url.startswith("http") or "//fakehost" in url:
        return fallback.partition("/")[0].partition("-")[0]
    return registrable_domain(url)
