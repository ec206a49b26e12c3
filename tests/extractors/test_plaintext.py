"""Dumps of pages in several shapes and languages, all written for these tests."""

from datetime import UTC, date, datetime
from textwrap import wrap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import Article, ListItem, canonical_text
from extractors.dumplines import FEWEST_LINES, article_chances, load_lines
from extractors.linefeatures import line_features
from extractors.plaintext import ROLES, read_dump, read_plaintext

FETCHED = datetime(2025, 12, 26, 12, tzinfo=UTC)
ONE = "Harbour town: The night ferry, which had not left its berth since the storm, sailed on Friday with forty guests."
TWO = "Its captain said the engine was “as good as new” and that nobody had asked for their money back."
BODY = f"{ONE}\n\n{TWO}"

TRIPLES = f"""\
Travel

Night ferry sails again after repairs

{ONE}

{TWO}

Desk of the Night

Recent Posts

Old lighthouse gets a keeper

She is the first to hold the post since the lamp was made electric, and…

4 hours ago

Library lends out telescopes

The town's only library has bought three of them and will…

yesterday
"""

DASHED = f"""\
Grand Harbour
The ferry at its berth last week. Photo Courtesy: Harbour Office
Night ferry sails again after repairs, office confirms
{ONE}
What comes next
{TWO}
Top Headlines
-
News
Lighthouse keeper wanted: no experience needed!
December 04, 2025
-
News
Why the library lends telescopes
December 03, 2025



"""


def article(dump: str) -> Article:
    found = read_plaintext(dump, FETCHED)
    assert found is not None
    return found


def test_triples_of_title_teaser_and_age() -> None:
    found = article(TRIPLES)
    assert (found.section, found.title, found.text) == ("Travel", "Night ferry sails again after repairs", BODY)
    assert found.authors == ("Desk of the Night",)
    (recent,) = found.lists
    assert (recent.heading, recent.kind) == ("Recent Posts", "recent")
    assert [(item.title, item.teaser, item.when_text) for item in recent.items] == [
        (
            "Old lighthouse gets a keeper",
            "She is the first to hold the post since the lamp was made electric, and…",
            "4 hours ago",
        ),
        ("Library lends out telescopes", "The town's only library has bought three of them and will…", "yesterday"),
    ]
    assert recent.items[1].when_at == datetime(2025, 12, 25, tzinfo=UTC)


def test_groups_behind_dashes() -> None:
    found = article(DASHED)
    assert found.title == "Night ferry sails again after repairs, office confirms"
    assert found.text == f"{ONE}\n\nWhat comes next\n\n{TWO}"
    assert (found.section, found.authors) == (None, ())
    (top,) = found.lists
    assert (top.heading, top.kind) == ("Top Headlines", "top")
    assert [(item.section, item.title, item.teaser, item.when_text) for item in top.items] == [
        ("News", "Lighthouse keeper wanted: no experience needed!", None, "December 04, 2025"),
        ("News", "Why the library lends telescopes", None, "December 03, 2025"),
    ]


@pytest.mark.parametrize("dump", [TRIPLES, DASHED])
def test_line_ends_and_spaces_make_no_difference(dump: str) -> None:
    expected = article(dump)
    assert article(dump.replace("\n", "\r\n")) == expected
    assert article(dump.replace("\n", "\r")) == expected
    assert article(dump.replace("\n", " \n\t")) == expected
    assert article(dump.rstrip()) == expected


@pytest.mark.parametrize("dump", [TRIPLES, DASHED])
def test_the_text_does_not_depend_on_the_list(dump: str) -> None:
    heading = "Recent Posts" if "Recent" in dump else "Top Headlines"
    alone, moved = dump.partition(heading)[0], dump.replace("ibrar", "iver").replace("ighthouse", "antern")
    assert article(alone).text == article(moved).text == article(dump).text
    assert article(alone).lists == ()


def items(*lines: str) -> list[ListItem]:
    (found,) = article("\n".join(["Night ferry sails again after repairs", ONE, TWO, *lines])).lists
    return list(found.items)


def test_titles_only() -> None:
    assert items("Most Read", "Old lighthouse gets a keeper", "Library lends out telescopes") == [
        ListItem(title="Old lighthouse gets a keeper"),
        ListItem(title="Library lends out telescopes"),
    ]


def test_titles_behind_bullets() -> None:
    assert [
        item.title for item in items("Related Stories", "- Old lighthouse gets a keeper", "• Telescopes to lend")
    ] == [
        "Old lighthouse gets a keeper",
        "Telescopes to lend",
    ]


def test_titles_and_ages_without_a_known_heading() -> None:
    found = items("Nearby", "Old lighthouse gets a keeper", "1 hour ago", "Library lends out telescopes", "2 hours ago")
    assert [(item.title, item.when_text) for item in found] == [
        ("Old lighthouse gets a keeper", "1 hour ago"),
        ("Library lends out telescopes", "2 hours ago"),
    ]


def test_ages_before_titles() -> None:
    found = items(
        "Latest News", "1 hour ago", "Old lighthouse gets a keeper", "2 hours ago", "Telescopes for all to lend"
    )
    assert [(item.title, item.when_text) for item in found] == [
        ("Old lighthouse gets a keeper", "1 hour ago"),
        ("Telescopes for all to lend", "2 hours ago"),
    ]


def test_two_lists() -> None:
    ages = ["Old lighthouse gets a keeper", "1 hour ago", "Library lends out telescopes", "2 hours ago"]
    found = article("\n".join(["Night ferry sails again", ONE, TWO, "Recent Posts", *ages, "Most Read", *ages[::2]]))
    assert [(each.heading, each.kind, len(each.items)) for each in found.lists] == [
        ("Recent Posts", "recent", 2),
        ("Most Read", "most-read", 2),
    ]
    assert found.text == BODY


def test_a_list_between_paragraphs() -> None:
    ages = ["Recent Posts", "Old lighthouse gets a keeper", "1 hour ago", "Library lends out telescopes", "2 hours ago"]
    found = article("\n".join(["Night ferry sails again after repairs", ONE, *ages, TWO]))
    assert found.text == BODY
    assert len(found.lists[0].items) == 2


def test_byline_and_date_before_the_text() -> None:
    found = article(f"Night ferry sails again\nBy Ada Berg and Jo Lind\nDecember 4, 2025\n{ONE}\n{TWO}")
    assert (found.title, found.text) == ("Night ferry sails again", BODY)
    assert found.authors == ("Ada Berg", "Jo Lind")
    assert found.published == date(2025, 12, 4)
    assert found.lists == ()


def test_a_publication_date_and_an_update_are_no_list() -> None:
    found = article(f"Night ferry sails again\nPublished\nDecember 4, 2025\nUpdated\nDecember 5, 2025\n{ONE}\n{TWO}")
    assert (found.title, found.text, found.lists) == ("Night ferry sails again", BODY, ())


def test_wrapped_paragraphs_are_joined() -> None:
    wrapped = "Night ferry sails again\n\nHarbour town: The night ferry, which had not left its berth since the\n"
    wrapped += "storm, sailed on Friday with forty guests. Its captain said the engine\nwas “as good as new” and that "
    wrapped += "nobody had asked for their money back,\nwhich pleased the office."
    found = article(wrapped)
    assert found.title == "Night ferry sails again"
    assert found.text.startswith("Harbour town: The night ferry, which had not left its berth since the storm, sailed")
    assert "\n" not in found.text


def test_one_paragraph_without_a_title() -> None:
    found = article(ONE)
    assert (found.title, found.text, found.lists) == ("", ONE, ())


HINDI = """\
देश

रात की नौका मरम्मत के बाद फिर चली

बंदरगाह शहर: तूफान के बाद से खड़ी रात की नौका शुक्रवार को चालीस यात्रियों के साथ फिर रवाना हुई।

कप्तान ने कहा कि इंजन अब बिल्कुल नया जैसा है और किसी ने पैसे वापस नहीं मांगे।

ताजा खबरें

पुराने प्रकाशस्तंभ को मिला रखवाला

4 घंटे पहले

पुस्तकालय अब दूरबीन भी देगा

5 घंटे पहले
"""

GERMAN = """\
Reise
Nachtfähre fährt nach der Reparatur wieder
Von Ada Berg
Die Nachtfähre, die seit dem Sturm am Kai gelegen hatte, ist am Freitag mit vierzig Gästen ausgelaufen.
Die Maschine sei „so gut wie neu“, sagte die Kapitänin, und niemand habe sein Geld zurückverlangt.
Meistgelesen
Leuchtturm bekommt eine Wärterin
vor 4 Stunden
Bücherei verleiht Fernrohre
4. Dezember 2025
"""


def test_a_hindi_dump() -> None:
    found = article(HINDI)
    assert (found.section, found.title) == ("देश", "रात की नौका मरम्मत के बाद फिर चली")
    assert found.text.count("\n\n") == 1
    assert [(item.title, item.when_text) for item in found.lists[0].items] == [
        ("पुराने प्रकाशस्तंभ को मिला रखवाला", "4 घंटे पहले"),
        ("पुस्तकालय अब दूरबीन भी देगा", "5 घंटे पहले"),
    ]


def test_a_german_dump() -> None:
    found = article(GERMAN)
    assert (found.section, found.title, found.authors) == (
        "Reise",
        "Nachtfähre fährt nach der Reparatur wieder",
        ("Ada Berg",),
    )
    assert found.text.startswith("Die Nachtfähre")
    assert found.text.endswith("zurückverlangt.")
    assert [(item.title, item.when_text) for item in found.lists[0].items] == [
        ("Leuchtturm bekommt eine Wärterin", "vor 4 Stunden"),
        ("Bücherei verleiht Fernrohre", "4. Dezember 2025"),
    ]


@pytest.mark.parametrize(
    "dump", ["", "\n\n", "Home", TRIPLES.partition("Recent")[1] + TRIPLES.partition("Recent")[2], "A\nB\nC"]
)
def test_without_prose_there_is_no_article(dump: str) -> None:
    assert read_plaintext(dump, FETCHED) is None


LINES = st.sampled_from([*TRIPLES.split("\n\n"), *DASHED.split("\n"), "", "…", "-", "4 घंटे पहले"])


@given(st.lists(LINES | st.text(max_size=40), max_size=25))
def test_any_dump_is_read_and_its_text_is_canonical(lines: list[str]) -> None:
    found = read_plaintext("\n".join(lines), None)
    if found is not None:
        assert found.text == canonical_text(found.text) != ""
        assert all(item.title for each in found.lists for item in each.items)


WHOLE = f"""\
Skip to content
Home
Travel
Sport
Subscribe to our newsletter
Log in

Travel
Night ferry sails again after repairs
By Ada Berg
4 December 2025
Share this article
We use cookies to show you what you want to see. You can change this at any time in the settings of your account.

{ONE}

What comes next

{TWO}

The night ferry will sail on every Friday of the month, and from the spring on also on Tuesdays, the captain said.

“We had to learn how the engine sounds when it is well,” she said, “because nobody on board had ever heard it so.”

Engineers from the harbour had taken the engine apart twice and found nothing but an old glove of the captain's.

Guests paid half of the usual price for the first trip and were given tea and a song by the crew of the night ferry.

Advertisement
Read more
Privacy policy
Terms of use
Contact
© 2025 Harbour Paper. All rights reserved.
This site uses cookies. By continuing to browse this site you agree to our use of cookies and similar technologies.
"""


def test_a_dump_of_a_whole_page_keeps_its_article_only() -> None:
    found = article(WHOLE.replace("\n", "\n\n"))
    assert found.title == "Night ferry sails again after repairs"
    assert found.text.startswith(ONE)
    assert found.text.endswith("by the crew of the night ferry.")
    assert "cookies" not in found.text
    assert (found.authors, found.section) == (("Ada Berg",), "Travel")


def test_each_line_has_a_role_and_the_text_is_made_of_those_of_text() -> None:
    dump = read_dump(WHOLE.replace("\n", "\n\n"), FETCHED)
    roles = dict(zip(dump.lines, dump.roles, strict=True))
    assert set(roles.values()) <= set(ROLES)
    assert (roles["By Ada Berg"], roles["4 December 2025"]) == ("byline", "date")
    assert dump.article is not None
    assert dump.article.text.split("\n\n") == [
        line for line, role in zip(dump.lines, dump.roles, strict=True) if role == "text"
    ]


def test_a_picture_label_a_caption_and_a_byline_are_told_apart() -> None:
    dump = read_dump(DASHED, FETCHED)
    assert dump.roles[:3] == ["label", "caption", "title"]
    triples = read_dump(TRIPLES, FETCHED)
    assert (triples.roles[0], triples.roles[4]) == ("section", "byline")


def test_the_line_model_was_trained_on_these_features() -> None:
    lines = read_dump(WHOLE, FETCHED).lines
    names, table = line_features(lines, [True] * len(lines), [False] * len(lines))
    assert names == load_lines()[0].names
    assert np.isfinite(table).all()
    assert article_chances(lines[:FEWEST_LINES], [True] * FEWEST_LINES, [False] * FEWEST_LINES) is not None
    assert article_chances(lines[: FEWEST_LINES - 1], [True] * 11, [False] * 11) is None


def test_the_confidence_is_what_the_line_model_expects_and_less_for_little_text() -> None:
    long = "\n\n".join(["Night ferry sails again after repairs", *(f"{ONE} {TWO} It was trip {k}." for k in range(14))])
    short = "\n\n".join(["Home", "Sport", "Log in", "Menu", "Search", "Contact", "Terms", "News", ONE, "Share"])
    sure, unsure = article(long).confidence, article(f"{short}\n\nPrint\n\nTop\n\nMore").confidence
    assert 0.8 < sure <= 1.0
    assert 0.0 < unsure < 0.3


@pytest.mark.parametrize("width", [60, 72, 100])
def test_lines_wrapped_at_a_margin_without_empty_lines_are_paragraphs_again(width: int) -> None:
    paragraphs = [
        f"The {name} of the town met on Tuesday and spoke for hours about the bridge, which has been closed since the"
        " flood in spring. Nobody was surprised by the end, and most of those who came went home without a word."
        for name in ("council", "harbour board", "school board", "choir")
    ]
    title, heading, items = (
        "Bridge stays closed until the autumn",
        "Recent Posts",
        ("Ferry line closes", "4 hours ago") * 3,
    )
    plain = "\n".join((title, *paragraphs, heading, *items))
    wrapped = "\n".join(line for paragraph in plain.split("\n") for line in wrap(paragraph, width))
    one, other = read_plaintext(plain, None), read_plaintext(wrapped, None)
    assert one is not None
    assert other is not None
    assert (other.title, other.text, other.lists) == (one.title, one.text, one.lists)
    assert one.text.split("\n\n") == paragraphs
