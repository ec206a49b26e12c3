"""One article handed over: bodies, texts, diffs, every look, and what proves them, in a zip that checks itself."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path

from sqlite_utils import Database

from archive import keys, queries
from archive.diff import diff_texts
from archive.errors import ArchiveError, DamagedBody
from archive.evidence_facts import Case, article_rows, found, hosts, looks_at, looks_at_robots, runs
from archive.evidence_pages import diff_page
from archive.exporting.records import records
from archive.roots import FACT_COLUMNS
from archive.snapshot import snapshot

_README = """\
This is evidence about one article, handed over by {software}.

{url}

check.py        checks all of this with Python alone: python3 -I check.py
article.json    what the archive says of it: versions, events, headlines beside it
looks.json      every look at it, with headers and TLS; robots.json the same for robots.txt
runs.json       the runs of these looks, and proof that the looks belong to the roots of their runs
found.json      where its URL was found, and the wishes that its pages stated (opt-outs)
raws/           the bodies as they came, decoded; a name is the beginning of the SHA-256
texts/          the texts that were read from them: title, empty line, text
diffs/          what changed between two versions
records.warc    the looks that have a body, as WARC/1.1
manifest.json   the SHA-256 and size of every file
"""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip: two archives of one thing are the same bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReport:
    """What was handed over. ``missing`` are bodies that are not in the archive: key, digest and reason."""

    url: str
    path: Path
    looks: int
    versions: int
    raws: int
    files: int
    missing: tuple[tuple[str, str, str], ...]


class _Zip:
    """A zip that keeps the digest and size of every member."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        self.files: dict[str, dict[str, object]] = {}

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
        digest, size = hashlib.sha256(), 0
        with self._zipped.open(info, "w", force_zip64=True) as member:
            for part in parts:
                member.write(part)
                digest.update(part)
                size += len(part)
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def add_json(self, name: str, value: object) -> None:
        self.add(name, (json.dumps(value, indent=1, ensure_ascii=True).encode("ascii"), b"\n"))


def write_evidence(
    db: Database, read_body: Callable[[str], bytes], name: str, path: Path, software: str
) -> EvidenceReport:
    """Writes the zip, whole or not at all. Raises UnknownArticle, or ArchiveError when it cannot be written there."""
    if path.exists():
        raise ArchiveError(f"{path} exists already; name another file for the evidence")
    with snapshot(db):
        article = queries.article(db, name)
        looks = looks_at(db, article.id)
        case = Case(db, article.url, article.id, read_body, software, looks, looks_at_robots(db, looks))
        files = _write(case, path)
    return EvidenceReport(
        url=article.url, path=path, looks=len(looks), versions=article.version_count, raws=len(case.raws), files=files,
        missing=tuple(case.missing),
    )  # fmt: skip


def _write(case: Case, path: Path) -> int:
    partial = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", compresslevel=9) as zipped:
            files = _fill(case, _Zip(zipped))
        os.replace(partial, path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written ({error.strerror}); check the folder and the disk") from error
    finally:
        partial.unlink(missing_ok=True)
    return files


def _fill(case: Case, out: _Zip) -> int:
    _add_bodies(case, out)
    _add_texts(case, out)
    out.add_json("article.json", article_rows(case))
    out.add_json("looks.json", case.looks)
    out.add_json("robots.json", {"looks": case.robots, "hosts": hosts(case)})
    out.add_json("runs.json", list(runs(case)))
    out.add_json("found.json", {table: found(case, table) for table in ("discoveries", "optouts")})
    out.add("records.warc", records(case.looks, lambda key: _body(case, key), case.software))
    out.add("check.py", (resources.files("archive").joinpath("evidence_check.py").read_bytes(),))
    out.add("README.txt", (_README.format(software=case.software, url=case.url).encode("utf-8", "replace"),))
    missing = [dict(zip(("key", "sha256", "reason"), one, strict=True)) for one in case.missing]
    manifest = {
        "format": "presskeep evidence 1", "url": case.url, "software": case.software, "files": dict(out.files),
        "raws": case.raws, "texts": case.texts, "missing": missing, "columns": FACT_COLUMNS["fetches"].split(", "),
    }  # fmt: skip
    out.add_json("manifest.json", manifest)
    return len(out.files)


def _add_bodies(case: Case, out: _Zip) -> None:
    for key in sorted({look["raw_key"] for look in case.every_look if look["raw_key"]}):
        sha256, reason = case.db.execute(
            "SELECT r.sha256, m.reason FROM raws r LEFT JOIN removals m USING (key) WHERE key = ?", (key,)
        ).fetchone()
        try:
            body = case.read_body(key)
        except DamagedBody as error:
            why = str(error).partition(";")[0] if reason is None else f"removed: {reason}"
            case.missing.append((key, sha256, why))
            continue
        out.add(f"raws/{key}", (body,))
        case.raws[key] = sha256


def _body(case: Case, key: str) -> bytes | None:
    return case.read_body(key) if key in case.raws else None


def _add_texts(case: Case, out: _Zip) -> None:
    history = queries.versions(case.db, case.url)
    for key in sorted({version.text_key for version in history}):
        stored = queries.text(case.db, key)
        out.add(f"texts/{key}.txt", (keys.text_bytes(stored.title, stored.text),))
        case.texts[key] = stored.sha256
    for old, new in pairwise(history):
        before, after = queries.text(case.db, old.text_key), queries.text(case.db, new.text_key)
        facts = [("URL", case.url)]
        for version in (old, new):
            seen = f"first seen {version.first_seen:%Y-%m-%d %H:%M:%S} UTC, text {version.text_key}"
            facts.append((f"Version {version.number}", seen))
        words = diff_texts((before.title, before.text), (after.title, after.text))
        heading = f"Version {old.number} to {new.number}"
        out.add(f"diffs/{old.number:04}-{new.number:04}.html", (diff_page(heading, facts, words),))
