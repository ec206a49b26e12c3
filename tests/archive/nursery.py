"""Forks writers of an archive, one for each line on stdin; a writer works until it is killed.

``python -m tests.archive.nursery PATH SOURCES`` reads the numbers of rounds, and writes lines to stdout: ``pid N`` of a
writer, ``page URL TIME KEY`` for each look *after* its transaction was committed (KEY is ``-`` without a body),
``merged NAME``, and ``ended`` when a writer is dead. One interpreter is started in all.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from archive import Archive, Discovery, Look, UnknownArticle
from extractors import OptOut
from tests.archive.looks import START, bare, look, read

URLS = 150


def main(path: Path, sources: list[Path]) -> None:
    """Serves until stdin ends."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            work(path, sources, int(line))
        os.waitpid(pid, 0)
        say("ended")


def work(path: Path, sources: list[Path], number: int) -> None:
    """All that changes an archive, in the batches of a crawl, without end."""
    say(f"pid {os.getpid()}")
    chance = Random(number)
    with Archive(path, reader=read, rules=lambda *_: "fake/1") as archive:
        run = archive.start_run("crawl")
        for step in count():
            match chance.random():
                case odds if odds < 0.05:
                    archive.merge([source := chance.choice(sources)])
                    say(f"merged {source.name}")
                case odds if odds < 0.09:
                    archive.reextract(since=START + timedelta(hours=number - 2))
                case odds if odds < 0.11:
                    forget(archive, chance)
                case odds if odds < 0.14:
                    archive.finish_run(run)
                    run = archive.start_run("crawl")
                case _:
                    commit(
                        archive, run, [any_look(chance, number, step * 100 + n) for n in range(chance.randint(1, 20))]
                    )


def commit(archive: Archive, run: str, looks: list[Look]) -> None:
    """One transaction, as the crawl's writer makes it; told when it is done."""
    with archive.atomic():
        found = [Discovery(url=one.url, site="paper", kind="feed", found_in="https://paper.example/") for one in looks]
        archive.discover(found, run)
        saved = [archive.add(one, run) for one in looks]
    for one, kept in zip(looks, saved, strict=True):
        say(f"page {one.url} {one.started_at.isoformat()} {kept.raw_key or '-'}")


def any_look(chance: Random, number: int, moment: int) -> Look:
    """A page, an edit of it, one without an article, a 304 or a failure; each at a time of its own."""
    url = f"https://paper.example/{chance.randrange(URLS)}"
    at = START + timedelta(hours=number, milliseconds=moment)
    if chance.random() < 0.25:
        outcome = chance.choice(["not-modified", "not-modified", "timeout", "http-404"])
        return replace(bare(outcome, url=url), started_at=at)
    told = look(
        None if chance.random() < 0.02 else f"Story {url} as of {chance.randrange(3)}.",
        url=url,
        noise=f"{url} " * 50 + str(moment),
        items=chance.sample(["a", "b", "c", "d"], 2),
    )
    assert told.page is not None
    told = replace(told, started_at=at, page=replace(told.page, fetched_at=at))
    return replace(told, optouts=(OptOut(signal="meta-robots", value="noai"),) if chance.random() < 0.1 else ())


def forget(archive: Archive, chance: Random) -> None:
    try:
        archive.forget(f"https://paper.example/{chance.randrange(URLS)}", "asked")
    except UnknownArticle:
        return


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
