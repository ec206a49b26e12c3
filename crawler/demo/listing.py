"""What the demo papers publish for machines: RSS, Atom, a news sitemap and robots.txt."""

from email.utils import format_datetime
from html import escape

from crawler.demo.story import Story
from crawler.demo.style import View, stamp


def _live(view: View) -> list[Story]:
    return [story for story in view.paper.stories if not story.gone]


def rss(view: View) -> str:
    """An RSS 2.0 feed of all live stories."""
    items = "\n".join(
        f"<item><title>{escape(story.title)}</title><link>{escape(view.url(story))}</link>"
        f'<guid isPermaLink="true">{escape(view.url(story))}</guid><category>{story.section}</category>'
        f"<pubDate>{format_datetime(story.published(view.opened))}</pubDate>"
        f"<description>{escape(story.teaser)}</description></item>"
        for story in _live(view)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{view.paper.title}</title><link>{view.base}/</link>
<description>News from {view.paper.title}</description>
{items}
</channel></rss>
"""


def atom(view: View) -> str:
    """An Atom 1.0 feed of all live stories."""
    entries = "\n".join(
        f"<entry><id>{escape(view.url(story))}</id><title>{escape(story.title)}</title>"
        f'<link rel="alternate" href="{escape(view.url(story))}"/>'
        f"<published>{stamp(story.published(view.opened))}</published>"
        f"<updated>{stamp(view.now if story.edited else story.published(view.opened))}</updated>"
        f"<summary>{escape(story.teaser)}</summary></entry>"
        for story in _live(view)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>{view.base}/</id><title>{view.paper.title}</title>
<updated>{stamp(view.opened)}</updated>
{entries}
</feed>
"""


def news_sitemap(view: View) -> str:
    """A sitemap with the news extension."""
    rows = "\n".join(
        f"<url><loc>{escape(view.url(story))}</loc><news:news><news:publication><news:name>{view.paper.title}</news:name>"
        f"<news:language>{story.language}</news:language></news:publication>"
        f"<news:publication_date>{stamp(story.published(view.opened))}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>"
        for story in _live(view)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{rows}
</urlset>
"""


def robots(view: View, *, disallow: str, crawl_delay: str, sitemap: str) -> str:
    """The paper's rules for robots."""
    return f"""User-agent: *
Disallow: {disallow}
Crawl-delay: {crawl_delay}

Sitemap: {view.base}{sitemap}
"""
