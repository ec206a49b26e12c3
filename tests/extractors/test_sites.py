"""The rules that are shipped: each block reads its page exactly, and lets go of a page that it does not know."""

from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

import pytest

from extractors import Article, LinkList, ListItem, Page, Reading, read, rules_digest
from extractors.registry import generic_label
from extractors.rulefile import parse_rules

PAGES = Path(__file__).parents[1] / "pages" / "sites"
FETCHED = datetime(2025, 12, 6, 12, tzinfo=UTC)
FILES = sorted(file.name for file in (resources.files("extractors") / "sites").iterdir() if file.name.endswith(".toml"))


def reading(name: str, url: str) -> Reading:
    return read(Page(url=url, body=(PAGES / name).read_bytes(), fetched_at=FETCHED))


@pytest.mark.parametrize("file", FILES)
def test_every_shipped_file_is_valid_and_named_after_its_host(file: str) -> None:
    rules = parse_rules((resources.files("extractors") / "sites" / file).read_text("utf-8"), file)
    assert f"{rules.host}.toml" == file


def test_amp_page_of_the_daily_guardian() -> None:
    url = "https://thedailyguardian.com/world/river-towns-agree-on-one-flood-plan/amp/"
    found = reading("amp-swift.html", url)
    assert found.drift == ()
    assert found.article == Article(
        title="River towns agree on one flood plan",
        text=(
            "Five towns along the lower river signed a joint flood plan on Monday, ending a dispute that had lasted "
            "eleven years.\n\n"
            "The plan moves the gauges upstream and gives every mayor the right to open the northern gate, “without a "
            "phone call”.\n\n"
            "What changes\n\n"
            "Work on the first wall begins in March and will take about two years, the joint office said."
        ),
        authors=("News Desk",),
        published=datetime.fromisoformat("2025-11-10T06:15:00+05:30"),
        section="world",
        language="en",
        canonical_url="https://thedailyguardian.com/world/river-towns-agree-on-one-flood-plan/",
        lists=(
            LinkList(
                heading="Recent Posts",
                kind="recent",
                items=(
                    ListItem(
                        title="Harbour cranes stand still again",
                        url="https://thedailyguardian.com/p/1/",
                        teaser="Dock workers said on Sunday that the talks had brought nothing and that…",
                        when_text="4 hours ago",
                        when_at=datetime(2025, 12, 6, 7, tzinfo=UTC),
                        when_until=datetime(2025, 12, 6, 8, 30, tzinfo=UTC),
                    ),
                    ListItem(
                        title="A museum for lost umbrellas",
                        url="https://thedailyguardian.com/p/2/",
                        teaser="It opens in an old station hall, and its first guests will be the…",
                        when_text="6 hours ago",
                        when_at=datetime(2025, 12, 6, 5, tzinfo=UTC),
                        when_until=datetime(2025, 12, 6, 6, 30, tzinfo=UTC),
                    ),
                ),
            ),
        ),
        rules=rules_digest(url, FETCHED, "text/html"),
        confidence=0.95,
    )


def test_news_details_page_of_india_blooms() -> None:
    found = reading("news-details.html", "https://www.indiablooms.com/business/details/77/tea")
    assert found.drift == ()
    article = found.article
    assert article is not None
    assert article.title == "Tea growers ask for a later tax day"
    assert article.text == (
        "Growers in three hill districts asked the state on Friday to move the tax day by two months.\n\n"
        "The first harvest came late this year, and most of it has not been sold, they wrote."
    )
    assert (article.authors, article.section, article.published) == (("Asha Sen",), "Business", date(2025, 12, 5))
    assert article.tags == ("Tea", "Tax")
    (headlines,) = article.lists
    assert (headlines.heading, headlines.kind) == ("Top Headlines", "top")
    assert [(item.section, item.title, item.url, item.when_text) for item in headlines.items] == [
        ("News", "Night train returns after nine years", "https://www.indiablooms.com/n/1", "December 04, 2025"),
        ("News", "Bridge of ropes gets a roof", "https://www.indiablooms.com/n/2", "December 03, 2025"),
    ]


@pytest.mark.parametrize("host", ["thedailyguardian.com", "www.indiablooms.com"])
def test_a_page_in_another_shape_is_read_generically_and_reported(host: str) -> None:
    prose = (
        "The council met on Tuesday and decided, after a long night, to leave the old bridge exactly where it is. " * 3
    )
    body = f"<html lang=en><body><article><h1>Bridge stays</h1><p>{prose}</p><p>{prose}</p></article>".encode()
    url = f"https://{host}/x"
    found = read(Page(url=url, body=body, fetched_at=FETCHED))
    assert found.article is not None
    assert found.article.text.startswith("The council met on Tuesday")
    assert found.article.rules == rules_digest(url, FETCHED, "text/html")
    assert "finds nothing" in found.drift[0]
    assert url in found.drift[0]


def test_a_page_from_before_the_first_block_is_read_generically_without_drift() -> None:
    url = "https://thedailyguardian.com/old"
    page = Page(url=url, body=b"<p>short", fetched_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert read(page).drift == ()
    assert rules_digest(url, page.fetched_at, "text/html") == generic_label()
