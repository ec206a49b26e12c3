"""``demo``: the main job on three invented papers, told as it happens."""

import shlex
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import console

if TYPE_CHECKING:
    from rich.console import Console

    from archive import Archive, ArticleRow, StoredItem
    from crawler.demo.tour import Tour

DEFAULT = Path("presskeep-demo.db")
_ITEMS_SHOWN = 3


@click.command()
@click.option(
    "--archive", "path", type=click.Path(path_type=Path), default=DEFAULT, show_default=True, metavar="PATH",
    help="Where to write; only an older demo archive is replaced.",
)  # fmt: skip
def demo_command(*, path: Path) -> None:
    """Crawl three invented newspapers on this machine, twice, and show what changed in between.

    Nothing leaves this machine.

    Example:

        presskeep demo
    """
    from archive import Archive
    from crawler.demo.tour import run_tour

    out = console()
    out.print(paint.styled("presskeep demo: three invented newspapers on 127.0.0.1, crawled for real.", "bold"))
    ended = run_tour(path, act=lambda name: out.print(paint.styled(_ACTS[name])))
    with Archive(path, read_only=True) as archive:
        _tell_papers(out, archive, ended)
        changed = _tell_changes(out, archive)
        _tell_lists(out, archive)
        _tell_cost(out, archive, ended)
    _tell_next(out, path, changed)


_WITHDRAWN = ("http-404", "http-410")  # the last look says so; a crawl of another day would confirm it
_ACTS = {
    "first crawl": "\n1. First crawl: feeds, sitemaps and pages of links lead to the articles.",
    "second crawl": "2. The papers edit two stories, withdraw one and move every sidebar. Second crawl.",
}


def _tell_papers(out: "Console", archive: "Archive", ended: "Tour") -> None:
    counts = {site.site: site for site in archive.stats().sites}
    rows = [
        (paper.title, paper.home, site.articles, site.versions, site.list_items, *paper.requests)
        for paper in ended.papers
        if (site := counts.get(paper.name))
    ]
    headings = ("paper", "address", "articles", "versions", "headlines", "requests", "2nd time")
    out.print(paint.table(headings, rows))
    second = ended.second
    out.print(
        paint.styled(
            f"Second crawl: {paint.counted(second.new_versions, 'new version')}, "
            f"{paint.counted(second.unchanged, 'page')} unchanged while the lists beside them moved, "
            f"{paint.causes(second.failed)}."
        )
    )


def _tell_changes(out: "Console", archive: "Archive") -> "list[ArticleRow]":
    """Every edit as a word diff; the articles edited."""
    from crawler.cli.differences import difference

    rows = list(archive.articles())
    edited = [row for row in rows if row.version_count > 1]
    for row in edited:
        _heading(out, "Edited", row)
        difference(out, archive.diff(row.url).words)
    for row in rows:
        if archive.looks(row.url)[-1].outcome in _WITHDRAWN:
            _heading(out, "Withdrawn, and still in the archive", row)
    return edited or rows


def _heading(out: "Console", label: str, row: "ArticleRow") -> None:
    out.print()
    out.print(paint.styled(f"{label}: ", "bold"), paint.styled(row.title, "bold cyan"), sep="")
    out.print(paint.styled(f"{row.site} · {row.url}", "dim"))


def _tell_lists(out: "Console", archive: "Archive") -> None:
    """One list of each paper, as kept apart from the article it stood beside."""
    out.print()
    out.print(paint.styled("Promoted beside the articles, and kept apart from their text:", "bold"))
    rows: list[tuple[object, ...]] = []
    for site in archive.stats().sites:
        items = next((found for row in archive.articles(site=site.site) if (found := archive.lists(row.url))), [])
        dated = sorted(items, key=lambda item: item.when_text is None)
        rows += [_item(site.site, item) for item in dated[:_ITEMS_SHOWN]]
    out.print(paint.table(("paper", "list", "headline", "as it said", "from (UTC)"), rows))


def _item(site: str, item: "StoredItem") -> tuple[object, ...]:
    when = f"{item.when_at:%Y-%m-%d %H:%M}" if item.when_at else ""
    return (site, item.heading, item.title, item.when_text or "", when)


def _tell_cost(out: "Console", archive: "Archive", ended: "Tour") -> None:
    stats = archive.stats()
    spent = sum(sum(paper.requests) for paper in ended.papers)
    seconds = ended.first.seconds + ended.second.seconds
    out.print(
        paint.styled(
            f"Spent: {paint.counted(spent, 'request')}, {paint.size(ended.first.bytes + ended.second.bytes)} received "
            f"in {seconds:.1f} s. {paint.counted(stats.raws, 'page body', 'page bodies')} of "
            f"{paint.size(stats.raw_bytes)} are stored in {paint.size(stats.stored_bytes)}."
        )
    )


def _tell_next(out: "Console", path: Path, rows: "list[ArticleRow]") -> None:
    """Commands that work when pasted."""
    name, archive = invocation(), f"--archive {shlex.quote(str(path))}"
    url = shlex.quote(rows[0].url) if rows else ""
    install = "" if find_spec("datasette") else f"{shlex.quote(sys.executable)} -m pip install datasette && "
    out.print()
    out.print(paint.styled(f"Everything is in {path}. Look further:", "bold"))
    for line in (
        f"{install}{name} browse {shlex.quote(str(path))} --open",
        f'{name} search "tunnel" {archive}',
        f"{name} history {url} {archive}",
        f"{name} diff {url} {archive}",
        f"{name} stats {archive}",
    ):
        out.print(paint.styled(f"  {line}"), soft_wrap=True)


def invocation() -> str:
    """How this process was called, in a form that works when pasted here again."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m crawler"
    found = shutil.which("presskeep")
    return "presskeep" if found and Path(found).resolve() == called.resolve() else shlex.quote(str(called))
