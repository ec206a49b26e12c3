"""Rarer forms of lists, and single stories in the middle of a text, beside styles.py."""

from random import Random
from typing import Final

from tests.benchmarks.movers.styles import Story, Style, each


def _link_spans(_: Random, found: list[Story]) -> str:
    """Title and age in spans of one link."""
    return (
        "<ul>"
        + each(
            found,
            lambda s: f'<li><a href="{s.href}"><span>{s.title}</span><span>{s.hours} hours ago</span></a></li>',
        )
        + "</ul>"
    )


def _timeline(_: Random, found: list[Story]) -> str:
    return each(found, lambda s: f'<p><strong>{s.hours:02}:05</strong> <a href="{s.href}">{s.title}</a></p>')


def _signed(_: Random, found: list[Story]) -> str:
    return each(found, lambda s: f'<p><a href="{s.href}">{s.title}</a> by {s.author}</p>')


def _numbered(_: Random, found: list[Story]) -> str:
    lines = (f'<p>{number}. <a href="{s.href}">{s.title}</a></p>' for number, s in enumerate(found, 1))
    return f"<p><b>Most popular</b></p>{''.join(lines)}"


def _bullets(_: Random, found: list[Story]) -> str:
    """Lines without a link behind bullets, under words that promise other stories."""
    return "<p>Also read</p>" + each(found, lambda s: f"<p>&bull; {s.title}</p>")


def _dashed(_: Random, found: list[Story]) -> str:
    """Lines without a link that end with their age."""
    return "<ul>" + each(found, lambda s: f"<li>{s.title} &ndash; {s.hours}h ago</li>") + "</ul>"


def _two_columns(_: Random, found: list[Story]) -> str:
    pairs = [found[at : at + 2] for at in range(0, len(found) - 1, 2)]
    rows = (
        "<tr>" + each(pair, lambda s: f'<td><a href="{s.href}">{s.title}</a><br>{s.date}</td>') + "</tr>"
        for pair in pairs
    )
    return f"<table>{''.join(rows)}</table>"


def _nested(_: Random, found: list[Story]) -> str:
    return (
        "<ul>"
        + each(found, lambda s: f'<li><b>{s.section}</b><ul><li><a href="{s.href}">{s.title}</a></li></ul></li>')
        + "</ul>"
    )


def _more_by(_: Random, found: list[Story]) -> str:
    return (
        f"<div><h4>More by {found[0].author}</h4>"
        + each(found, lambda s: f'<div><a href="{s.href}">{s.title}</a><span>{s.date}</span></div>')
        + "</div>"
    )


def _videos(_: Random, found: list[Story]) -> str:
    """A link with the length before the one with the title."""
    return (
        "<div><h3>Videos</h3>"
        + each(
            found,
            lambda s: (
                f'<div><a href="{s.href}"><img src="x.jpg" alt=""><span>{s.hours % 9}:{len(s.title) % 60:02}</span></a>'
                f'<a href="{s.href}">{s.title}</a></div>'
            ),
        )
        + "</div>"
    )


def _headings_only(_: Random, found: list[Story]) -> str:
    return "<div><h2>Top stories</h2>" + each(found, lambda s: f"<h3>{s.title}</h3>") + "</div>"


def _sections(_: Random, found: list[Story]) -> str:
    return each(
        found,
        lambda s: f'<section><h3><a href="{s.href}">{s.title}</a></h3><p>{s.teaser}</p><p>{s.date}</p></section>',
    )


def _ways_on(_: Random, found: list[Story]) -> str:
    """A title that is no heading and no link, a teaser, and a link that says to go on."""
    return (
        "<div>"
        + each(
            found,
            lambda s: f'<div><p>{s.title}</p><p>{s.teaser}</p><a href="{s.href}">Continue reading</a></div>',
        )
        + "</div>"
    )


def _italian(_: Random, found: list[Story]) -> str:
    return (
        "<div><p>Leggi anche</p>"
        + each(found, lambda s: f'<p><a href="{s.href}">{s.title}</a><br><small>{s.hours} ore fa</small></p>')
        + "</div>"
    )


def _portuguese(_: Random, found: list[Story]) -> str:
    return (
        "<section><h2>Mais lidas</h2>"
        + each(
            found,
            lambda s: f"<div><div>{s.section}</div><div>{s.title}</div><div>H&aacute; {s.hours} horas</div></div>",
        )
        + "</section>"
    )


def _links_around(_: Random, found: list[Story]) -> str:
    """Paragraphs inside of links."""
    return each(found, lambda s: f'<a href="{s.href}"><p>{s.title}</p><p>{s.teaser}</p></a>')


def _scripted(_: Random, found: list[Story]) -> str:
    """Cards that lead on by a script."""
    return (
        "<div><h3>Recommended</h3>"
        + each(
            found,
            lambda s: f"<div onclick=\"go('{s.href}')\"><h4>{s.title}</h4><span>{s.hours} hours ago</span></div>",
        )
        + "</div>"
    )


RARER: Final[dict[str, Style]] = {
    "link spans": _link_spans, "timeline": _timeline, "signed": _signed, "numbered": _numbered, "bullets": _bullets,
    "dashed": _dashed, "two columns": _two_columns, "nested": _nested, "more by": _more_by, "videos": _videos,
    "headings only": _headings_only, "sections": _sections, "ways on": _ways_on, "italian": _italian,
    "portuguese": _portuguese, "links around": _links_around, "scripted": _scripted,
}  # fmt: skip
"""Name -> its style."""

_ONE: Final = {
    "line": '<p><a href="{s.href}"><strong>{s.title}</strong></a></p>',
    "arrow": '<p>&rarr; <a href="{s.href}">{s.title}</a></p>',
    "more": '<p>More: <a href="{s.href}">{s.title}</a></p>',
    "see also": '<p><em>(See also: <a href="{s.href}">{s.title}</a>)</em></p>',
    "do not miss": '<p><b>Don\'t miss</b> <a href="{s.href}">{s.title}</a></p>',
    "lesen": '<p><strong>Lesen Sie auch:</strong> <a href="{s.href}">{s.title}</a></p>',
    "lire": '<p>&Agrave; lire aussi <a href="{s.href}">{s.title}</a></p>',
    "quote": '<blockquote><p><a href="{s.href}">{s.title}</a></p></blockquote>',
    "card": '<div><p>Related</p><h4><a href="{s.href}">{s.title}</a></h4><p>{s.teaser}</p></div>',
    "plain card": (
        '<div><a href="{s.href}"><img src="x.jpg" alt=""></a><div><a href="{s.href}">{s.title}</a></div>'
        "<div>{s.teaser}</div></div>"
    ),
}


def _single(form: str) -> Style:
    return lambda _, found: form.format(s=found[0])


SINGLES: Final[dict[str, Style]] = {f"one {name}": _single(form) for name, form in _ONE.items()}
"""Name -> a style that promotes one story, which belongs neither to the text nor to a list."""
