import json
from datetime import UTC, datetime

from extractors import LiveEntry, Page, extract
from tests.extractors.test_metadata import linked_data, metadata_of

ENTRIES = (
    LiveEntry(title="Ferry runs", text="The ferry left at nine.", published=datetime(2026, 3, 4, 9, 5, tzinfo=UTC)),
    LiveEntry(title="", text="The bridge is closed.\n\nPolice say so.", published=datetime(2026, 3, 4, 8, tzinfo=UTC)),
)
STATED = linked_data(
    json.dumps(
        {
            "@type": "LiveBlogPosting",
            "headline": "Bridge closes: live",
            "liveBlogUpdate": [
                {
                    "@type": "BlogPosting",
                    "headline": "Ferry runs",
                    "articleBody": "The ferry left at nine.",
                    "datePublished": "2026-03-04T09:05:00Z",
                },
                {"articleBody": "The bridge is closed.\n\nPolice say so.", "datePublished": "2026-03-04T08:00:00Z"},
                {"@type": "BlogPosting"},
                "no entry",
            ],
        }
    )
)
MARKED = """
    <div itemprop="liveBlogUpdate"><time itemprop="datePublished" datetime="2026-03-04T09:05:00Z">9:05</time>
    <h2 itemprop="headline">Ferry runs</h2><div itemprop="articleBody"><p>The ferry left at nine.</p></div></div>
    <div itemprop="liveBlogUpdate"><time itemprop="datePublished" datetime="2026-03-04T08:00:00Z">8:00</time>
    <div itemprop="articleBody"><p>The bridge is closed.</p><p>Police say so.</p></div></div>
"""


def test_entries_of_linked_data() -> None:
    assert metadata_of(STATED).live == ENTRIES


def test_entries_of_microdata() -> None:
    assert metadata_of("", MARKED).live == ENTRIES


def test_an_article_has_no_entries() -> None:
    assert metadata_of(linked_data('{"@type": "NewsArticle", "liveBlogUpdate": null}'), "<p>Text.</p>").live == ()


def test_the_article_carries_its_entries() -> None:
    text = "<p>" + "The harbour bridge is closed and the ferry runs through the night. " * 8 + "</p>"
    page = Page(url="https://a.example/live", body=f"<html><head>{STATED}</head><body>{text}</body></html>".encode())
    article = extract(page)
    assert article is not None
    assert article.live == ENTRIES
