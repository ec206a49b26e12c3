from datetime import date

import pytest

from extractors.dom import parse
from extractors.strays import read_signatures, read_stray_dates

TITLE = "Harbour bridge to close for a year"
PROSE = "<p>" + "Engineers found cracks in two of the nine piers and the ferry will run. " * 8 + "</p>"


def stray(*lines: str, language: str = "en") -> tuple[object, object]:
    shown = "".join(f"<p>{line}</p>" for line in lines)
    return read_stray_dates(parse(f"<body><h1>{TITLE}</h1>{PROSE * 3}{shown}</body>"), language)


@pytest.mark.parametrize(
    "line", ["Posted on 4 March 2026", "This article was originally published on 4 March 2026", "Publié le 4 mars 2026"]
)
def test_a_line_far_from_the_headline_that_says_what_its_date_is(line: str) -> None:
    language = "fr" if line.startswith("Publié") else "en"
    assert stray("9 May 2020", line, "1 June 2021", language=language) == (date(2026, 3, 4), None)


def test_a_bare_date_counts_when_the_page_has_no_other() -> None:
    assert stray("4 March 2026", "Ada Quill", "4 March 2026") == (date(2026, 3, 4), None)
    assert stray("4 March 2026", "5 March 2026") == (None, None)


def test_a_last_change_far_from_the_headline() -> None:
    assert stray("Last updated: 4 March 2026", "© 2019 Kelvin Courier") == (None, date(2026, 3, 4))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Written by Ada Quill"], ["Written by Ada Quill"]),
        (["This post was written by Ada Quill."], ["This post was written by Ada Quill."]),
        (["About the author", "Ada Quill", "Tom Ember"], ["Ada Quill"]),
        (["Author(s)", "Ada Quill", "Tom Ember", "Read More"], ["Ada Quill, Tom Ember"]),
        (["About the author", "Loves boats."], []),
        (["Written by", "Ada Quill"], ["Ada Quill"]),
        (["À propos de l’auteur", "Ada Quill"], ["Ada Quill"]),
        (["Written rules of the harbour"], []),
    ],
)
def test_signatures_anywhere(lines: list[str], expected: list[str]) -> None:
    assert read_signatures(parse(PROSE + "".join(f"<p>{line}</p>" for line in lines))) == expected
