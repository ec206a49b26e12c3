"""The Gazette: tables and loose paragraphs of long ago, with a list of headlines that no element encloses."""

from html import escape

from crawler.demo.story import Story
from crawler.demo.style import View, paragraphs, sections


def path(story: Story) -> str:
    """``/story.asp?id=2291``"""
    return f"/story.asp?id={story.slug}"


def page(view: View, story: Story) -> str:
    """A story inside the layout table, with the headlines in the same cell."""
    body = f"""<h1>{escape(story.title)}</h1>
<div class="info">{escape(story.author)} | {story.published(view.opened):%B %d, %Y}</div>
{paragraphs(story)}
<p><b>Top Headlines</b></p>
{_headlines(view, story)}"""
    return _frame(view, story.title, story.language, story.encoding, body)


def home(view: View) -> str:
    """The front page, the only place where all stories are linked."""
    rows = "\n".join(
        f'<tr><td>{story.section}</td><td><a href="{escape(view.path(story))}">{escape(story.title)}</a></td></tr>'
        for story in view.paper.stories
        if not story.gone
    )
    return _frame(view, view.paper.title, "en", "utf-8", f'<table border="0" cellpadding="4">\n{rows}\n</table>')


def _headlines(view: View, story: Story) -> str:
    return "\n".join(
        f"<p>-</p>\n<p>{other.section}</p>\n"
        f'<p><a href="{escape(view.path(other))}">{escape(other.title)}</a></p>\n'
        f"<p>{other.published(view.opened):%B %d, %Y}</p>"
        for other in view.promoted(story, 4)
    )


def _frame(view: View, title: str, language: str, encoding: str, body: str) -> str:
    menu = "<br>\n".join(f'<a href="/{name.lower()}.asp">{name}</a>' for name in sections(view))
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html lang="{language}">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={encoding}">
<title>{escape(title)} - {view.paper.title}</title>
<link rel="alternate" type="application/rss+xml" href="/headlines.rss">
</head>
<body bgcolor="#ffffff">
<table width="980" align="center"><tr><td colspan="2"><a href="/"><font size="6">{view.paper.title}</font></a></td></tr>
<tr valign="top">
<td width="140" class="leftnav">{menu}</td>
<td width="840" class="main">
{body}
</td></tr>
<tr><td colspan="2"><font size="1">Copyright {view.paper.title}. All rights reserved.</font></td></tr>
</table>
</body>
</html>
"""
