from datetime import date

import pytest

from extractors.datelines import Datelines, NearDates, says_modified
from extractors.dom import parse

TITLE = "Harbour bridge to close for a year"
PROSE = "<p>" + "Engineers found cracks in two of the nine piers and the ferry will run. " * 8 + "</p>"


def around(*lines: str, before: str = "", language: str = "en") -> Datelines:
    shown = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<body>{before}<h1>{TITLE}</h1>{shown}{PROSE * 2}<p>Posted on 9 May 2020</p></body>"
    return Datelines(parse(page), TITLE, language)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("March 4, 2026", "en"),
        ("Ada Quill • Mar 4, 2026 • 5 min read", "en"),
        ("Veröffentlicht am 4. März 2026 um 14:05 Uhr", "de"),
        ("04.03.2026", "de"),
        ("04/03/2026 14h05", "fr"),
        ("04/03/2026", "en-GB"),
        ("4 de marzo de 2026", "es"),
        ("4 मार्च 2026", "hi"),
        ("4 marca 2026", "pl"),
        ("4 марта 2026", "ru"),
        ("2026年3月4日", "ja"),
        ("4 Mart 2026", "tr"),
        ("Mi 04.03.26 | 14:05 Uhr", "de"),
        ("City HallMARCH 4, 2026", "en"),
    ],
)
def test_a_date_below_the_headline(line: str, language: str) -> None:
    assert around("A standfirst.", line, language=language).dates.published == date(2026, 3, 4)


def test_a_date_above_the_headline() -> None:
    assert around(before="<p>4 March 2026</p>").dates.published == date(2026, 3, 4)


@pytest.mark.parametrize(
    "line",
    [
        "04/03/2026",
        "© 2026 Kelvin Courier, 4 March 2026",
        "Apply until 4 March 2026",
        "The council of the city voted in the long night before the fair of 4 March 2026 to close it.",
        "March 2026",
        "12 comments",
        "03.04.26",
        "71 posts, with us since 04.03.26, from Kelvin",
        "Effective beginning March 4, 2026: the ferry is free",
        "The season for most of the boats ends on March 4, 2026.",
    ],
)
def test_no_date_of_the_article(line: str) -> None:
    found = around(line)
    assert found.dates == NearDates(published=None, modified=None, plain=None, place=None)
    assert (found.bylines, found.people) == ((), ())


def test_a_change_is_no_publication() -> None:
    found = around("Published 4 March 2026, updated 6 March 2026")
    assert (found.dates.published, found.dates.modified) == (date(2026, 3, 4), date(2026, 3, 6))
    assert around("Last updated", "6 March 2026").dates.modified == date(2026, 3, 6)


@pytest.mark.parametrize("text", ["Updated: March 4, 2026", "Aktualisiert am 04.03.2026", "Last modified 4 March 2026"])
def test_texts_of_changes(text: str) -> None:
    assert says_modified(text)


@pytest.mark.parametrize("text", ["March 4, 2026", "Published 4 March 2026", ""])
def test_texts_of_no_change(text: str) -> None:
    assert not says_modified(text)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["By Ada Quill, City Editor"], ("By Ada Quill, City Editor",)),
        (["Written by", "Ada Quill"], ("Ada Quill",)),
        (["March 4, 2026 · 3 min read · By Ada Quill"], ("By Ada Quill",)),
        (["Byron Bay floods again"], ()),
        (["By the time the bridge had closed, the ferry ran and the whole of the harbour was full of people who "
          "waited for it."], ()),
    ],
)  # fmt: skip
def test_bylines(lines: list[str], expected: tuple[str, ...]) -> None:
    assert around(*lines).bylines == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Ada Quill", "4 March 2026"], ("Ada Quill",)),
        (["4 March 2026", "5 min read", "Ada Quill"], ("Ada Quill",)),
        (["Ada Quill • Mar 4, 2026"], ("Ada Quill",)),
        (["Table of Contents", "4 March 2026", "Read More"], ()),
        (["Ada Quill", "A longer standfirst than usual"], ()),
    ],
)
def test_names_beside_the_date(lines: list[str], expected: tuple[str, ...]) -> None:
    assert around(*lines).people == expected


def test_the_first_lines_of_a_page_that_does_not_show_its_headline() -> None:
    page = f"<body><div>Ada Quill</div><small>4 March 2026</small>{PROSE * 2}</body>"
    found = Datelines(parse(page), TITLE, "en")
    assert (found.people, found.dates.published) == (("Ada Quill",), date(2026, 3, 4))


def test_the_order_of_day_and_month_as_the_other_dates_of_the_page_have_it() -> None:
    assert around("03/04/2026 by Ada Quill", "Fair: 03/28/2026").dates.published == date(2026, 3, 4)
    assert around("04/03/2026 by Ada Quill", "Fair: 28/03/2026").dates.published == date(2026, 3, 4)


def test_glued_lines_tell_a_publication_from_a_change() -> None:
    found = around("HarbourMARCH 4, 2026Updated: MARCH 6, 2026")
    assert (found.dates.published, found.dates.modified) == (date(2026, 3, 4), date(2026, 3, 6))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("4 March 2026", date(2026, 3, 4)),
        ("Published on 4 March 2026", date(2026, 3, 4)),
        ("Ferry fair, 4 March 2026", None),
        ("Updated 4 March 2026", None),
    ],
)
def test_a_line_that_says_nothing_but_its_date(line: str, expected: date | None) -> None:
    assert around(line).dates.plain == expected
    assert Datelines(parse(f"<h2>{TITLE}</h2><p>{line}</p>{PROSE}"), TITLE, "en").dates.plain is None


def test_a_list_at_the_beginning_of_a_page_without_a_headline_dates_nothing() -> None:
    items = "".join(f"<p>Ferry runs again</p><p>{day} March 2026</p>" for day in (4, 6, 9))
    assert Datelines(parse(f"<body>{items}{PROSE}</body>"), TITLE, "en").dates.published is None
    assert Datelines(parse(f"<body><h1>{TITLE}</h1>{items}{PROSE}</body>"), TITLE, "en").dates.published
