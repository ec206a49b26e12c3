"""Lists of other stories in forms of our own, beside those of the simulator: how real sites set their sidebars.

A style renders some stories as one block of HTML; how many there are, and what they say, comes from the generator. All
is ASCII, so that it may be set into a page of any 8-bit charset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

_WHO: Final = (
    "Council", "Minister", "Union", "Court", "Museum", "Harbour board", "Lake town", "Brewer", "Airline", "Hospital",
    "School", "Farmers", "Dockers", "Coach", "Mayor", "Regulator", "Bank", "Orchestra",
)  # fmt: skip
_DOES: Final = (
    "rejects plan for", "signs deal on", "warns of delay to", "wins appeal over", "opens inquiry into", "drops case on",
    "promises cash for", "votes against", "looks again at", "says no to", "backs", "puts off", "asks voters about",
)  # fmt: skip
_WHAT: Final = (
    "night trains", "the new bridge", "cheaper school meals", "river flood gates", "the old town hall", "bus lanes",
    "a second runway", "winter heating aid", "the stadium roof", "fishing quotas", "city bike scheme", "wind farm site",
)  # fmt: skip
_TAIL: Final = ("after long dispute", "before summer vote", "as costs climb", "despite protests", "for third time")
_FIRST: Final = ("Nora", "Emil", "Tessa", "Victor", "Olga", "Henry", "Ruth", "Anton")
_LAST: Final = ("Falk", "Marsh", "Lindner", "Okafor", "Pereira", "Sand", "Tully", "Voss")
_SECTIONS: Final = ("Politics", "Economy", "Culture", "Sport", "Region", "Science")
_MONTHS: Final = ("January", "March", "May", "August", "October", "December")

MARK: Final = "zq"
"""Ends each address, so that a benchmark knows the block's own links."""


@dataclass(frozen=True, slots=True)
class Story:
    """One story that a list promotes."""

    title: str
    href: str
    teaser: str
    section: str
    author: str
    hours: int
    date: str


Style = Callable[[Random, list[Story]], str]


def stories(r: Random) -> list[Story]:
    """Three to nine of them, no two alike."""
    return [_story(r, number) for number in range(r.randrange(3, 10))]


def _story(r: Random, number: int) -> Story:
    title = f"{r.choice(_WHO)} {r.choice(_DOES)} {r.choice(_WHAT)} {r.choice(_TAIL)}"
    teaser = (
        f"The {r.choice(_WHO).lower()} {r.choice(_DOES)} {r.choice(_WHAT)}, and {r.choice(_FIRST)} {r.choice(_LAST)}"
        f" said that {r.choice(_WHAT)} would have to wait until {r.choice(_MONTHS)}."
    )
    return Story(
        title=title,
        href=f"/{r.choice(_SECTIONS).lower()}/{r.randrange(10**5, 10**6)}-{number}-{MARK}",
        teaser=teaser,
        section=r.choice(_SECTIONS),
        author=f"{r.choice(_FIRST)} {r.choice(_LAST)}",
        hours=r.randrange(2, 23),
        date=f"{r.choice(_MONTHS)} {r.randrange(1, 28)}, 2025",
    )


def each(found: list[Story], form: Callable[[Story], str]) -> str:
    """One line for each story."""
    return "\n".join(map(form, found))


def _cards(_: Random, found: list[Story]) -> str:
    """Image, section, linked heading, teaser, byline."""
    return (
        '<section class="k3"><h2>More from the newsroom</h2><div class="k4">'
        + each(
            found,
            lambda s: (
                f'<div class="k5"><a href="{s.href}"><img src="{s.href}.jpg" alt=""></a><div><span>{s.section}</span>'
                f'<h3><a href="{s.href}">{s.title}</a></h3><p>{s.teaser}</p><div>By {s.author}</div></div></div>'
            ),
        )
        + "</div></section>"
    )


def _overlay(_: Random, found: list[Story]) -> str:
    """A heading that is not linked, under an empty link that covers the card."""
    return (
        '<div class="m1"><h3>Also in the news</h3>'
        + each(
            found,
            lambda s: (
                f'<div class="m2"><a class="m3" href="{s.href}" aria-label="{s.title}"></a><img src="x.jpg" alt="">'
                f"<h4>{s.title}</h4><p>{s.teaser}</p></div>"
            ),
        )
        + "</div>"
    )


def _button(_: Random, found: list[Story]) -> str:
    """A heading that is not linked, a teaser, and a link that only says to go on."""
    return (
        '<div class="n1"><h3>From the archive</h3>'
        + each(
            found,
            lambda s: f'<div class="n2"><h4>{s.title}</h4><p>{s.teaser}</p><a href="{s.href}">Read more</a></div>',
        )
        + "</div>"
    )


def _whole(_: Random, found: list[Story]) -> str:
    """The link holds the whole card."""
    return (
        '<div class="q">'
        + each(
            found,
            lambda s: (
                f'<a href="{s.href}"><img src="x.jpg" alt=""><div>{s.section}</div><div>{s.title}</div>'
                f"<div>{s.hours} hours ago</div></a>"
            ),
        )
        + "</div>"
    )


def _whole_teaser(_: Random, found: list[Story]) -> str:
    """The link holds heading and teaser."""
    return (
        '<div class="s1"><div class="s2"><b>Weekend reads</b></div>'
        + each(
            found,
            lambda s: f'<article><a href="{s.href}"><h3>{s.title}</h3><p>{s.teaser}</p></a></article>',
        )
        + "</div>"
    )


def _definitions(_: Random, found: list[Story]) -> str:
    return "<dl>" + each(found, lambda s: f'<dt><a href="{s.href}">{s.title}</a></dt><dd>{s.teaser}</dd>') + "</dl>"


def _table(_: Random, found: list[Story]) -> str:
    return (
        "<table>"
        + each(
            found,
            lambda s: f'<tr><td>{s.hours:02}:{len(s.title) % 60:02}</td><td><a href="{s.href}">{s.title}</a></td></tr>',
        )
        + "</table>"
    )


def _numbers(_: Random, found: list[Story]) -> str:
    """Ordered numbers as text of their own."""
    rows = (
        f'<div class="u2"><div class="u3">{number}</div><div><a href="{s.href}">{s.title}</a></div></div>'
        for number, s in enumerate(found, 1)
    )
    return f'<div class="u1"><h4>Most read this week</h4>{"".join(rows)}</div>'


def _carousel(_: Random, found: list[Story]) -> str:
    return (
        '<div role="region"><button>Previous</button><div>'
        + each(
            found,
            lambda s: (
                f'<div class="slide"><figure><a href="{s.href}"><img src="x.jpg" alt=""></a>'
                f'<figcaption><a href="{s.href}">{s.title}</a></figcaption></figure></div>'
            ),
        )
        + "</div><button>Next</button></div>"
    )


def _divs(_: Random, found: list[Story]) -> str:
    """Elements without any class, three deep."""
    return (
        "<div><div>Other stories today</div><div>"
        + each(
            found,
            lambda s: (
                f'<div><div><div>{s.section}</div><div><a href="{s.href}">{s.title}</a></div></div>'
                f"<div><div>{s.teaser}</div></div></div>"
            ),
        )
        + "</div></div>"
    )


def _breaks(_: Random, found: list[Story]) -> str:
    """One block with spans and line breaks."""
    lines = "<br>".join(f'<a href="{s.href}">{s.title}</a> <span>({s.hours}h ago)</span>' for s in found)
    return f"<div><b>Latest</b><br>{lines}</div>"


def _bare_linked(_: Random, found: list[Story]) -> str:
    """Paragraphs: linked title, teaser, age; no heading."""
    return each(found, lambda s: f'<p><a href="{s.href}">{s.title}</a></p><p>{s.teaser}</p><p>{s.hours} hours ago</p>')


def _bare_first(_: Random, found: list[Story]) -> str:
    """Paragraphs without a link: age, title, teaser."""
    return each(found, lambda s: f"<p>{s.hours} hours ago</p><p>{s.title}</p><p>{s.teaser[:70]}...</p>")


def _bare_dates(_: Random, found: list[Story]) -> str:
    """Paragraphs without a link: title, then date and byline in a line."""
    return "<p>Recent articles</p>" + each(found, lambda s: f"<p>{s.title}</p><p>{s.date} | {s.author}</p>")


def _bare_titles(_: Random, found: list[Story]) -> str:
    """Paragraphs that are a link each, under a paragraph in bold."""
    return "<p><strong>More on this topic</strong></p>" + each(
        found, lambda s: f'<p><a href="{s.href}">{s.title}</a></p>'
    )


def _flat(_: Random, found: list[Story]) -> str:
    """Linked headings and teasers, nothing around them."""
    return "<h2>Keep reading</h2>" + each(
        found, lambda s: f'<h3><a href="{s.href}">{s.title}</a></h3><p>{s.teaser}</p>'
    )


def _plain_list(_: Random, found: list[Story]) -> str:
    """No heading, nothing but links."""
    return "<ul>" + each(found, lambda s: f'<li><a href="{s.href}">{s.title}</a></li>') + "</ul>"


def _arrows(_: Random, found: list[Story]) -> str:
    """Links in one paragraph, each behind an arrow."""
    return "<p>" + " ".join(f'&raquo; <a href="{s.href}">{s.title}</a><br>' for s in found) + "</p>"


def _bar(_: Random, found: list[Story]) -> str:
    """A paragraph that names some stories between bars."""
    return "<p><em>More:</em> " + " | ".join(f'<a href="{s.href}">{s.title}</a>' for s in found[:3]) + "</p>"


def _two(_: Random, found: list[Story]) -> str:
    """Only two stories under a known heading."""
    return (
        "<div><p>Related articles</p><div>"
        + each(found[:2], lambda s: f'<div><a href="{s.href}">{s.title}</a></div>')
        + "</div></div>"
    )


def _articles(_: Random, found: list[Story]) -> str:
    """Articles with their own headers and footers."""
    return (
        "<div><h2>Latest</h2>"
        + each(
            found,
            lambda s: (
                f'<article><header><h2><a href="{s.href}">{s.title}</a></h2><time datetime="2025-12-04">{s.date}</time>'
                f'</header><p>{s.teaser}</p><footer><a href="{s.href}#c">{s.hours} comments</a></footer></article>'
            ),
        )
        + "</div>"
    )


def _minutes(_: Random, found: list[Story]) -> str:
    """Section and reading time around a title."""
    return (
        '<aside><p class="v">Trending</p>'
        + each(
            found,
            lambda s: (
                f'<div class="v1"><a href="/{s.section}">{s.section}</a><h5><a href="{s.href}">{s.title}</a></h5>'
                f"<small>{s.author} &middot; {s.hours} min read</small></div>"
            ),
        )
        + "</aside>"
    )


def _german(_: Random, found: list[Story]) -> str:
    return (
        "<div><div><strong>Das k&ouml;nnte Sie auch interessieren</strong></div>"
        + each(
            found,
            lambda s: f'<div><span>vor {s.hours} Stunden</span><a href="{s.href}"><span>{s.title}</span></a></div>',
        )
        + "</div>"
    )


def _french(_: Random, found: list[Story]) -> str:
    return "<p>Les derni&egrave;res infos</p>" + each(
        found, lambda s: f"<p>{s.title}</p><p>il y a {s.hours} heures</p>"
    )


def _hindi(_: Random, found: list[Story]) -> str:
    age = "".join(f"&#{ord(letter)};" for letter in "घंटे पहले")
    return (
        "<section>"
        + each(
            found,
            lambda s: f'<div><p><a href="{s.href}">{s.title}</a></p><p>{s.hours} {age}</p></div>',
        )
        + "</section>"
    )


def _spanish(_: Random, found: list[Story]) -> str:
    return (
        "<div><h4>Te puede interesar</h4><ul>"
        + each(found, lambda s: f'<li><h5><a href="{s.href}">{s.title}</a></h5><span>hace {s.hours} horas</span></li>')
        + "</ul></div>"
    )


def _custom(_: Random, found: list[Story]) -> str:
    """Elements that HTML does not know."""
    return (
        "<news-rail><news-head>Now on our site</news-head>"
        + each(
            found,
            lambda s: f'<news-card><a href="{s.href}">{s.title}</a><card-age>{s.hours}h</card-age></news-card>',
        )
        + "</news-rail>"
    )


def _rows(_: Random, found: list[Story]) -> str:
    """Rows of two cards each."""
    pairs = [found[at : at + 2] for at in range(0, len(found), 2)]
    rows = (
        '<div class="row">'
        + each(pair, lambda s: f'<div class="col"><a href="{s.href}"><h4>{s.title}</h4></a><p>{s.date}</p></div>')
        + "</div>"
        for pair in pairs
    )
    return f'<div class="grid"><h3>Around the region</h3>{"".join(rows)}</div>'


def _lead(_: Random, found: list[Story]) -> str:
    """A large first card, then smaller ones of another form."""
    first, *others = found
    return (
        f'<div class="pk"><h3>Top stories</h3><div class="pk-1"><a href="{first.href}"><h2>{first.title}</h2></a>'
        f"<p>{first.teaser}</p></div><ul>"
        + each(others, lambda s: f'<li><a href="{s.href}">{s.title}</a></li>')
        + "</ul></div>"
    )


def _kicker(_: Random, found: list[Story]) -> str:
    """A linked kicker before the linked title."""
    return (
        '<div class="tz"><h3>Editor&#39;s picks</h3>'
        + each(
            found,
            lambda s: (
                f'<div class="tz1"><a href="{s.href}"><div>Dispute in the {s.section.lower()} desk</div></a>'
                f'<a href="{s.href}"><div>{s.title}</div></a><p>{s.teaser}</p></div>'
            ),
        )
        + "</div>"
    )


def _footer(_: Random, found: list[Story]) -> str:
    """In the footer of the article."""
    return (
        "<footer><h3>Read next</h3><ul>"
        + each(found, lambda s: f'<li><a href="{s.href}">{s.title}</a></li>')
        + "</ul></footer>"
    )


def _long(_: Random, found: list[Story]) -> str:
    """Teasers of two sentences."""
    return (
        '<div class="y1"><h3>In depth</h3>'
        + each(
            found,
            lambda s: (
                f'<div class="y2"><h3><a href="{s.href}">{s.title}</a></h3><p>{s.teaser} {s.teaser[::1]}</p></div>'
            ),
        )
        + "</div>"
    )


def _headings(_: Random, found: list[Story]) -> str:
    """Headings without links, teasers, ages; flat."""
    return "<h2>Recent stories</h2>" + each(
        found, lambda s: f"<h3>{s.title}</h3><p>{s.teaser}</p><p>{s.hours} hours ago</p>"
    )


STYLES: Final[dict[str, Style]] = {
    "cards": _cards, "overlay": _overlay, "button": _button, "whole card": _whole, "whole teaser": _whole_teaser,
    "definitions": _definitions, "table": _table, "numbers": _numbers, "carousel": _carousel, "divs": _divs,
    "breaks": _breaks, "bare linked": _bare_linked, "bare first": _bare_first, "bare dates": _bare_dates,
    "bare titles": _bare_titles, "flat": _flat, "plain list": _plain_list, "arrows": _arrows, "bar": _bar,
    "two": _two, "articles": _articles, "minutes": _minutes, "german": _german, "french": _french, "hindi": _hindi,
    "spanish": _spanish, "custom": _custom, "rows": _rows, "lead": _lead, "kicker": _kicker, "footer": _footer,
    "long": _long, "headings": _headings,
}  # fmt: skip
"""Name -> its style."""


def render(name: str, style: Style, seed: str) -> tuple[bytes, frozenset[str]]:
    """The block of a style, and the headlines in it; ``name`` and ``seed`` decide what it says."""
    r = Random(f"{name} {seed}")
    found = stories(r)
    block = style(r, found)
    return f"\n{block}\n".encode("ascii"), frozenset(s.title for s in found if s.title in block)
