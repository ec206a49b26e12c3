"""The Courier: a classic blog theme with a sidebar of recent posts and cards under the article."""

from html import escape

from crawler.demo.story import Story
from crawler.demo.style import View, ago, paragraphs, sections, stamp


def path(story: Story) -> str:
    """``/local/a-slug/``; partner content has a folder of its own, which robots.txt closes."""
    if story.slug.startswith("partner-content/"):
        return f"/{story.slug}/"
    return f"/{story.section.lower()}/{story.slug}/"


def page(view: View, story: Story) -> str:
    """A single post."""
    when = story.published(view.opened)
    classes = f"post type-post status-publish hentry category-{story.section.lower()}"
    body = f"""<article id="post-{1000 + story.age}" class="{classes}">
<header class="entry-header">
<span class="cat-links"><a href="/{story.section.lower()}/" rel="category tag">{story.section}</a></span>
<h1 class="entry-title">{escape(story.title)}</h1>
<div class="entry-meta"><span class="posted-on"><time class="entry-date published" datetime="{stamp(when)}">\
{when:%B %d, %Y}</time></span> <span class="byline">by <span class="author vcard"><a class="url fn n" \
href="/author/{story.author.lower().replace(" ", "-")}/">{escape(story.author)}</a></span></span></div>
</header>
<div class="entry-content">
{paragraphs(story)}
</div>
<footer class="entry-footer"><span class="share">Share this post</span></footer>
</article>
{_cards(view, story)}"""
    head = f"""<link rel="canonical" href="{view.url(story)}">
<meta property="og:type" content="article">
<meta property="article:published_time" content="{stamp(when)}">
<meta property="article:section" content="{story.section}">"""
    return _frame(view, f"{story.title} - {view.paper.title}", head, body, _sidebar(view, story))


def home(view: View) -> str:
    """The front page."""
    posts = "\n".join(
        f'<article class="post"><h2 class="entry-title"><a href="{view.url(story)}">{escape(story.title)}</a></h2>'
        f'<div class="entry-summary"><p>{escape(story.teaser)}</p></div></article>'
        for story in view.paper.stories
    )
    return _frame(view, view.paper.title, "", posts, "")


def _frame(view: View, title: str, head: str, body: str, aside: str) -> str:
    menu = "".join(f'<li class="menu-item"><a href="/{name.lower()}/">{name}</a></li>' for name in sections(view))
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="UTF-8">
<title>{escape(title)}</title>
<link rel="alternate" type="application/rss+xml" title="{view.paper.title} &raquo; Feed" href="{view.base}/feed/">
{head}
</head>
<body class="wp-theme single single-post">
<header id="masthead" class="site-header"><p class="site-title"><a href="/" rel="home">{view.paper.title}</a></p>
<nav class="main-navigation"><ul class="menu">{menu}</ul></nav></header>
<div id="content" class="site-content">
<div id="primary" class="content-area"><main id="main" class="site-main">
{body}
</main></div>
{aside}
</div>
<footer class="site-footer"><div class="site-info">&copy; {view.now:%Y} {view.paper.title}. All rights reserved.</div>
</footer>
</body>
</html>
"""


def _sidebar(view: View, story: Story) -> str:
    rows = "\n".join(
        f'<li><a href="{view.url(other)}">{escape(other.title)}</a><p>{escape(other.teaser)}</p>'
        f'<span class="post-date">{ago(view.age(other))}</span></li>'
        for other in view.promoted(story, 4)
    )
    return f"""<aside id="secondary" class="widget-area">
<section id="recent-posts-2" class="widget widget_recent_entries">
<h3 class="widget-title">Recent Posts</h3>
<ul>
{rows}
</ul>
</section>
</aside>"""


def _cards(view: View, story: Story) -> str:
    cards = "\n".join(
        f'<div class="amp-wp-card"><a href="{view.url(other)}"><h4>{escape(other.title)}</h4></a>'
        f'<span class="amp-wp-time">{ago(view.age(other))}</span></div>'
        for other in view.promoted(story, 3, shift=2)
    )
    return f'<div class="amp-wp-related"><h3>You may also like</h3>\n{cards}\n</div>'
