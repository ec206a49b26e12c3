"""Stored pages are read again in other processes, in their order, and a bad page costs itself alone."""

from collections.abc import Iterator

from crawler.rereading import Rereaders
from extractors import Page
from tests.crawler.test_pool import capricious


def pages(bodies: list[bytes]) -> list[Page]:
    return [Page(url=f"http://a.example/{n}", body=body) for n, body in enumerate(bodies)]


def titles(bodies: list[bytes]) -> list[str | None]:
    with Rereaders(workers=1, reader=capricious, page_seconds=1) as readers:
        readings = list(readers(pages(bodies)))
    return [reading.article.title if reading and reading.article else None for reading in readings]


def test_readings_come_in_order_and_a_bad_page_costs_itself_alone() -> None:
    bodies = [f"{n}".encode() for n in range(60)]
    bodies[3], bodies[20], bodies[41] = b"die", b"raise", b"sleep"
    expected = [None if n in (3, 20, 41) else str(n) for n in range(60)]
    assert titles(bodies) == expected


def test_pages_are_taken_as_they_are_needed() -> None:
    taken = []

    def many() -> Iterator[Page]:
        for page in pages([b"x"] * 500):
            taken.append(page)
            yield page

    with Rereaders(workers=1, reader=capricious) as readers:
        readings = readers(many())
        next(readings)
        assert len(taken) < 50
    assert list(Rereaders()([])) == []
