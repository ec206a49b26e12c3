"""A large archive of invented news, and how long the pages of Datasette take on it.

    python -m tests.benchmarks.archive_at_scale OUT.db --articles 100000 --versions 110000 --fetches 1000000
    python -m tests.benchmarks.archive_at_scale OUT.db --measure [--json]

The rows are written by SQL, which is a hundred times as quick as saving pages; `presskeep verify` finds nothing wrong
with them. The same numbers and the same seed give the same articles.
"""

import argparse
import json
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from archive import Archive, keys
from archive.announced import FILL
from archive.blobs import compress
from archive.diff import count_words
from archive.links import link_id
from archive.roots import run_root
from archive.strings import short_hash, split_url
from tests.benchmarks.pages_at_scale import measure, print_timings

_SITES = 50
_FIRST_DAY = 1_735_689_600  # 2025-01-01
_DAY = 86_400
_SYLLABLES = [a + b for a in "bdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "in", "or", "un")]
_BATCH = 20_000
_LISTS = ("recent\nRecent Posts", "most-read\nMost Read")
_RULES = "invented/1"


@dataclass(frozen=True, slots=True)
class Size:
    """How much to invent. ``days`` is the number of runs, one a day; ``items`` those beside each article."""

    articles: int
    versions: int
    fetches: int
    days: int = 365
    items: int = 20
    words: int = 300
    seed: int = 1


@dataclass(slots=True)
class _State:
    """What is known of an article while its looks are invented."""

    url: str
    site: str
    first_seen: str = ""
    last_seen: str = ""
    count: int = 0
    version: int = 0
    base: str | None = None
    raw_key: str | None = None
    first_fetch: int = 0
    last_fetch: int = 0
    text: str = ""
    title: str = ""


class _Writer:
    """Rows by table, written in batches under the names of their columns; names that a table lacks are left out."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._columns: dict[str, list[str]] = {}

    def add(self, table: str, **row: Any) -> None:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        if len(rows) >= _BATCH:
            self._write(table)

    def flush(self) -> None:
        for table in self._rows:
            self._write(table)
        self._db.commit()

    def _write(self, table: str) -> None:
        rows = self._rows[table]
        if not rows:
            return
        if table not in self._columns:
            held = {column[1] for column in self._db.execute(f"PRAGMA table_info({table})")}
            self._columns[table] = [name for name in rows[0] if name in held]
        names = self._columns[table]
        marks = ", ".join(f":{name}" for name in names)
        self._db.executemany(f"INSERT INTO {table}({', '.join(names)}) VALUES ({marks})", rows)
        rows.clear()


class _Words:
    """Invented words, common ones and rare ones, as in a language."""

    def __init__(self, random: Random) -> None:
        self._random = random
        made = {"".join(random.choices(_SYLLABLES, k=random.choice((1, 2, 2, 3, 4)))) for _ in range(30_000)}
        self._words = sorted(made)
        random.shuffle(self._words)
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(len(self._words))))

    def some(self, number: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=number)

    def title(self) -> str:
        return " ".join(self.some(self._random.randint(5, 10))).capitalize()

    def text(self, words: int) -> str:
        paragraphs = []
        left = max(20, int(self._random.gauss(words, words / 3)))
        while left > 0:
            size = min(left, self._random.randint(25, 70))
            paragraphs.append(f"{' '.join(self.some(size)).capitalize()}.")
            left -= size
        return "\n\n".join(paragraphs)


def generate(path: Path, size: Size) -> None:
    """Writes an archive of invented articles; ``path`` must not exist."""
    if path.exists():
        raise SystemExit(f"{path} exists; remove it, or name another file")
    if not size.articles <= size.versions <= size.fetches:
        raise SystemExit("there must be as many versions as articles, and as many fetches as versions, or more")
    Archive(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        _Invention(db, size).run()
        db.execute(
            "INSERT INTO daily(day, site, outcome, count, bytes) SELECT substr(started_at, 1, 10), site, outcome, "
            "count(*), sum(bytes) FROM fetches GROUP BY 1, 2, 3"
        )
        for (table,) in db.execute(
            "SELECT substr(name, 1, length(name) - 4) FROM sqlite_master WHERE name LIKE '%_fts'"
        ):
            db.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")
        for table, sql in FILL.items():
            if db.execute(f"PRAGMA table_info({table})").fetchone():
                db.execute(sql)
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
    with Archive(path) as archive:
        for (run,) in archive.db.execute("SELECT id FROM runs").fetchall():
            archive.db.execute("UPDATE runs SET root = ? WHERE id = ?", (run_root(archive.db, run), run))
        archive.db.execute("PRAGMA analysis_limit = 1000")
        archive.db.execute("ANALYZE")


class _Invention:
    """One archive in the making: run by run, look by look, in the order of time."""

    def __init__(self, db: sqlite3.Connection, size: Size) -> None:
        self._random = Random(size.seed)
        self._words = _Words(self._random)
        self._size = size
        self._writer = _Writer(db)
        self._sites = [f"paper{number:02}" for number in range(1, _SITES + 1)]
        self._articles = [self._article(number) for number in range(size.articles)]
        self._fetch = 0
        self._discovery = 0
        self._labels: dict[str, int] = {}
        self._links: dict[str, list[int]] = {}
        self._first_bodies: dict[str, bytes] = {}
        self._versions: dict[int, dict[str, Any]] = {}

    def run(self) -> None:
        for site in self._sites:
            self._writer.add("sites", name=site, home=f"https://{site}.example/")
        self._headlines()
        looks = self._looks()
        cursor = 0
        for day in range(self._size.days):
            run = f"01{day:024}"
            started, seq = self._time(day, 0), 0
            for site in self._sites:
                seq = self._sources(run, seq, site, day)
            until = cursor
            while until < len(looks) and looks[until][0] == day:
                until += 1
            for place, (_, number, is_edit) in enumerate(looks[cursor:until]):
                seq += 1
                at = self._time(day, 600 + place * 80_000 // (until - cursor))
                self._look(run, seq, at, number, is_edit=is_edit)
            cursor = until
            self._writer.add(
                "runs", id=run, command="crawl", started_at=started, finished_at=self._time(day, _DAY - 1),
                software="presskeep/invented", config_digest="", machine="invented",
            )  # fmt: skip
        self._finish()

    def _article(self, number: int) -> _State:
        site = self._sites[self._random.randrange(_SITES)]
        return _State(url=f"https://{site}.example/news/{number:07}/{'-'.join(self._words.some(4))}", site=site)

    def _looks(self) -> list[tuple[int, int, bool]]:
        """Day, article and whether it was edited, for each look in the order of time; some articles see more edits."""
        size, random = self._size, self._random
        sources = size.days * _SITES * 2
        births = [random.randrange(size.days) for _ in range(size.articles)]
        looks = [(births[number], number, False) for number in range(size.articles)]
        for _ in range(size.versions - size.articles):
            number = min(int(random.paretovariate(1)) - 1, 1_000_000) % size.articles
            number = number if random.random() < 0.01 else random.randrange(size.articles)
            looks.append((min(births[number] + random.randrange(1, 5), size.days - 1), number, True))
        for _ in range(max(0, size.fetches - len(looks) - sources)):
            number = random.randrange(size.articles)
            day = min(births[number] + int(random.expovariate(1 / 20)), size.days - 1)
            looks.append((day, number, False))
        # The stable sort keeps an article's first look before the others of its day.
        return sorted(looks, key=lambda look: look[0])

    def _time(self, day: int, second: int) -> str:
        moment = time.gmtime(_FIRST_DAY + day * _DAY + second)
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", moment)

    def _headlines(self) -> None:
        """A pool of promoted headlines for each site; most lead to articles of it."""
        phrase = 0
        by_site: dict[str, list[str]] = {}
        for article in self._articles:
            by_site.setdefault(article.site, []).append(article.url)
        for spot, label in enumerate(_LISTS, 1):
            self._writer.add(
                "spots", id=spot, list=self._label(label), section=None, when_text=None, when_ago=None, when_span=None
            )
        for site in self._sites:
            pool = self._links.setdefault(site, [])
            for url in by_site.get(site, [])[: max(30, self._size.articles // _SITES)]:
                phrase += 1
                title = self._words.title()
                self._writer.add("phrases", id=phrase, hash=short_hash(title, 4), text=title)
                beginning, path = split_url(url)
                pool.append(link_id(phrase, url))
                self._writer.add("links", id=pool[-1], origin=self._label(beginning or ""), path=path)

    def _label(self, text: str) -> int:
        if text not in self._labels:
            self._labels[text] = len(self._labels) + 1
            self._writer.add("labels", id=self._labels[text], text=text)
        return self._labels[text]

    def _sources(self, run: str, seq: int, site: str, day: int) -> int:
        """The looks at a site's feed and sitemap; one day in forty is an outage."""
        is_out = self._random.random() < 0.025
        for kind, name in (("feed", "feed.xml"), ("sitemap", "news.xml")):
            seq += 1
            self._add_fetch(
                run, seq, kind, f"https://{site}.example/{name}", site, self._time(day, seq),
                "timeout" if is_out else "changed",
            )  # fmt: skip
        return seq

    def _add_fetch(self, run: str, seq: int, kind: str, url: str, site: str, at: str, outcome: str, **more: Any) -> int:
        self._fetch += 1
        is_bad = outcome == "timeout" or outcome.startswith("http-")
        row = {
            "status": 200, "final_url": url, "ms": self._random.randrange(40, 900), "bytes": 0, "attempts": 1,
            "raw_key": None, "etag": None, "last_modified": None, "error": "timed out" if is_bad else None,
            "source": None, "record": '{"media_type":"text/html","charset":"utf-8","headers":[]}',
        }  # fmt: skip
        self._writer.add(
            "fetches", id=self._fetch, run=run, seq=seq, kind=kind, url=url, site=site, started_at=at,
            outcome=outcome, **{**row, **more},
        )  # fmt: skip
        return self._fetch

    def _look(self, run: str, seq: int, at: str, number: int, *, is_edit: bool) -> None:
        article = self._articles[number]
        if not article.count:
            self._announce(run, article, at)
        if not article.count or is_edit:
            self._version(run, seq, at, number)
            return
        chance = self._random.random()
        if chance < 0.04:
            outcome = self._random.choice(("timeout", "http-500", "http-404", "tls"))
            fetch = self._add_fetch(run, seq, "article", article.url, article.site, at, outcome, status=None)
            version = None
        else:
            outcome = "same" if chance < 0.5 else "not-modified"
            fetch = self._add_fetch(
                run, seq, "article", article.url, article.site, at, outcome, raw_key=article.raw_key, bytes=1200
            )
            version = article.version
            row = self._versions[version]
            row["last_seen"], row["sightings"] = at, row["sightings"] + 1
            article.last_seen, article.last_fetch = at, fetch
        self._sighting(fetch, number, version)

    def _announce(self, run: str, article: _State, at: str) -> None:
        for kind, name in (("feed", "feed.xml"), ("sitemap", "news.xml")):
            self._discovery += 1
            self._writer.add(
                "discoveries", run=run, seq=self._discovery, url=article.url, site=article.site, kind=kind,
                found_in=f"https://{article.site}.example/{name}", published=at, at=at,
            )  # fmt: skip

    def _sighting(self, fetch: int, number: int, version: int | None) -> None:
        one = number + 1
        self._writer.add(
            "sightings", fetch=fetch, article=one, version=version, asked=one, page=one, claim=None, target=one
        )

    def _version(self, run: str, seq: int, at: str, number: int) -> None:
        """A first or a further text of an article, with its body, its events and the look that found it."""
        article, is_first = self._articles[number], not self._articles[number].count
        if is_first:
            article.title, article.text, article.first_seen = (
                self._words.title(),
                self._words.text(self._size.words),
                at,
            )
        added = removed = 0
        if not is_first:
            paragraphs = article.text.split("\n\n")
            place = self._random.randrange(len(paragraphs))
            removed, paragraphs[place] = (
                count_words(paragraphs[place]),
                f"{' '.join(self._words.some(30)).capitalize()}.",
            )
            added, article.text = 30, "\n\n".join(paragraphs)
            if self._random.random() < 0.3:
                article.title = self._words.title()
        article.count += 1
        article.last_seen, article.version = at, len(self._versions) + 1
        body = f"<html><head><title>{article.title}</title></head><body><article>{article.text}</article></body></html>"
        article.raw_key = self._body(body.encode(), article)
        fetch = self._add_fetch(
            run, seq, "article", article.url, article.site, at, "new" if is_first else "changed",
            raw_key=article.raw_key, bytes=len(body),
        )  # fmt: skip
        article.first_fetch, article.last_fetch = article.first_fetch or fetch, fetch
        kinds = [] if is_first else ["headline", "body"] if added and self._random.random() < 0.3 else ["body"]
        sha256 = keys.digest(keys.text_bytes(article.title, article.text))
        self._versions[article.version] = {
            "id": article.version, "article": number + 1, "number": article.count, "text_key": keys.shorten(sha256),
            "raw_key": article.raw_key, "first_seen": at, "last_seen": at, "sightings": 1, "words_added": added,
            "words_removed": removed, "kinds": json.dumps(kinds), "rules": _RULES, "folded": sha256[:32],
        }  # fmt: skip
        self._writer.add(
            "texts", id=article.version, key=keys.shorten(sha256), sha256=sha256, title=article.title,
            text=article.text, words=count_words(article.text),
        )  # fmt: skip
        for kind in kinds:
            detail = json.dumps({"words_added": added, "words_removed": removed})
            self._writer.add(
                "events", article=number + 1, version=article.version, at=at, kind=kind,
                weight=5 if kind == "headline" else 3, detail=detail,
            )  # fmt: skip
        self._sighting(fetch, number, article.version)

    def _body(self, body: bytes, article: _State) -> str:
        """Stores a body; a further one as a delta against the article's first."""
        sha256 = keys.digest(body)
        key = keys.shorten(sha256)
        frame = compress(body, self._first_bodies.get(article.url))
        self._writer.add("raws", key=key, sha256=sha256, size=len(body), stored_size=len(frame), base_key=article.base)
        self._writer.add("raw_bodies", key=key, body=frame)
        if article.base is None:
            article.base = key
            self._first_bodies[article.url] = body
        return key

    def _finish(self) -> None:
        """What is only known at the end: articles, versions and the lists beside each article."""
        for row in self._versions.values():
            self._writer.add("versions", **row)
        for number, article in enumerate(self._articles):
            self._writer.add("urls", id=number + 1, url=article.url, base_key=article.base, rules=_RULES)
            self._writer.add(
                "articles", id=number + 1, key=keys.url_key(article.url), url=article.url, site=article.site,
                canonical_url=None, title=article.title, authors="[]", published=article.first_seen, modified=None,
                section=None, language=None, first_seen=article.first_seen, last_seen=article.last_seen,
                version_count=article.count, latest_version=article.version, state="live", rules=_RULES, shown_key=None,
            )  # fmt: skip
            self._placements(number + 1, article)
        self._writer.flush()

    def _placements(self, number: int, article: _State) -> None:
        pool = self._links[article.site]
        shown = self._random.sample(pool, min(self._size.items, len(pool)))
        half = len(shown) // 2
        for place, link in enumerate(shown):
            which = 0 if place < half else 1
            self._writer.add(
                "placements", article=number, link=link, spot=which + 1, position=place % half + 1 if half else 1,
                teaser=None, when_at=None, first_fetch=article.first_fetch,
                last_fetch=None if article.last_fetch == article.first_fetch else article.last_fetch,
                sightings=1 if article.last_fetch == article.first_fetch else 2,
            )  # fmt: skip


def main() -> None:
    """Makes the archive, or measures one."""
    arguments = _arguments()
    if arguments.measure:
        timings = measure(arguments.out, arguments.rounds, arguments.only)
        is_good = print_timings(timings, as_json=arguments.as_json)
        sys.exit(0 if is_good else 1)
    started = time.perf_counter()
    size = Size(
        articles=arguments.articles, versions=arguments.versions, fetches=arguments.fetches, days=arguments.days,
        items=arguments.items, words=arguments.words, seed=arguments.seed,
    )  # fmt: skip
    generate(arguments.out, size)
    megabytes = arguments.out.stat().st_size / 2**20
    print(f"{arguments.out}: {megabytes:,.0f} MiB in {time.perf_counter() - started:,.0f} s", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT.db")
    for name, default in (("articles", 100_000), ("versions", 110_000), ("fetches", 1_000_000), ("days", 365)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--items", type=int, default=20, help="headlines beside each article")
    parser.add_argument("--words", type=int, default=300, help="words of a text, on average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measure", action="store_true", help="time Datasette's pages on an archive that is there")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", default="", metavar="TEXT", help="measure only pages with this in their path")
    parser.add_argument("--json", dest="as_json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
