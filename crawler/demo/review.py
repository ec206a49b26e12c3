"""The Review: a modern page with metadata for machines, and a box of related stories inside the article."""

import json
from html import escape

from crawler.demo.story import Story
from crawler.demo.style import View, ago, paragraphs, sections, stamp


def path(story: Story) -> str:
    """``/science/a-slug``"""
    return f"/{story.section.lower()}/{story.slug}"


def page(view: View, story: Story) -> str:
    """An article page."""
    body = f"""<article class="story">
<header>
<p class="kicker">{story.section}</p>
<h1>{escape(story.title)}</h1>
<p class="byline">By <a rel="author" href="/people/">{escape(story.author)}</a> · \
<time datetime="{stamp(story.published(view.opened))}">{story.published(view.opened):%d %B %Y, %H:%M}</time></p>
</header>
<div class="story-body">
{paragraphs(story)}
</div>
{_related(view, story)}
<div class="newsletter"><p>Get the Review in your inbox every morning.</p><form action="/subscribe" method="post">\
<input type="email" name="address"><button>Subscribe</button></form></div>
</article>
{_most_read(view, story)}"""
    return _frame(view, story.title, story.language, _metadata(view, story), body)


def home(view: View) -> str:
    """The front page."""
    cards = "\n".join(
        f'<div class="card"><a href="{view.path(story)}"><h2>{escape(story.title)}</h2></a>'
        f"<p>{escape(story.teaser)}</p></div>"
        for story in view.paper.stories
    )
    return _frame(view, view.paper.title, "en", "", f'<div class="front">{cards}</div>')


def _metadata(view: View, story: Story) -> str:
    published = stamp(story.published(view.opened))
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.teaser,
        "articleSection": story.section,
        "inLanguage": story.language,
        "datePublished": published,
        "dateModified": stamp(view.now) if story.edited else published,
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": view.paper.title},
        "mainEntityOfPage": view.url(story),
    }
    return f"""<link rel="canonical" href="{view.url(story)}">
<meta name="description" content="{escape(story.teaser)}">
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(story.title)}">
<meta property="og:url" content="{view.url(story)}">
<meta property="og:site_name" content="{view.paper.title}">
<meta property="article:published_time" content="{published}">
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>"""


def _frame(view: View, title: str, language: str, head: str, body: str) -> str:
    menu = "".join(f'<a href="/{name.lower()}">{name}</a>' for name in sections(view))
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} | {view.paper.title}</title>
<link rel="alternate" type="application/atom+xml" title="{view.paper.title}" href="/atom.xml">
{head}
</head>
<body>
<header class="masthead"><a class="logo" href="/">{view.paper.title}</a><nav>{menu}</nav></header>
<main>
{body}
</main>
<footer><p>&copy; {view.paper.title}</p><nav><a href="/imprint">Imprint</a><a href="/privacy">Privacy</a></nav></footer>
</body>
</html>
"""


def _related(view: View, story: Story) -> str:
    rows = "\n".join(
        f'<li><a href="{view.path(other)}"><h3>{escape(other.title)}</h3></a><p>{escape(other.teaser)}</p>'
        f'<time datetime="{stamp(other.published(view.opened))}">{ago(view.age(other))}</time></li>'
        for other in view.promoted(story, 3)
    )
    return f'<section class="related"><h2>Related stories</h2>\n<ul>\n{rows}\n</ul></section>'


def _most_read(view: View, story: Story) -> str:
    rows = "".join(
        f'<li><a href="{view.path(other)}">{escape(other.title)}</a></li>' for other in view.promoted(story, 5, shift=1)
    )
    return f'<aside class="most-read"><h2>Most read</h2><ol>{rows}</ol></aside>'
