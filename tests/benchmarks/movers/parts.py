"""What else moves on a page while its article stays, as generators of HTML.

Each part has two forms: ``marked`` names itself in its classes, as most sites do, and ``bare`` is nothing but words in
paragraphs. All is ASCII, so that it may be set into a page of any 8-bit charset.
"""

from collections.abc import Callable
from random import Random
from typing import Final

_TOPICS: Final = (
    "harbour", "budget", "railway", "hospital", "orchard", "ferry",
    "museum", "tariff", "reservoir", "stadium", "library", "drought",
)  # fmt: skip
_ACTS: Final = ("reopens", "stalls", "expands", "closes", "recovers", "doubles", "shrinks", "returns", "splits")
_PEOPLE: Final = ("Ada Brook", "Jonas Weir", "Mina Castell", "Tom Ashdown", "Lea Morrow", "Paul Quint", "Ines Harrow")
_SHARES: Final = ("NORD", "ALPA", "QBIT", "RIVR", "SOLX", "TERN")
_CLUBS: Final = ("Rovers", "United", "Athletic", "Wanderers", "City", "Albion")
_SPONSORS: Final = ("Northbank", "Lumen Phones", "Oakfield Cars", "Pelican Air", "Brightwater")

FORMS: Final = ("marked", "bare")

Part = Callable[[Random], str]


def _story(r: Random) -> str:
    first, second = r.sample(_TOPICS, 2)
    return f"{first.title()} {r.choice(_ACTS)} as {second} {r.choice(_ACTS)} after {r.randrange(2, 40)} months"


def _href(r: Random) -> str:
    return f"/news/{r.randrange(10**6)}.html"


def _counts(r: Random) -> tuple[str, str, str]:
    return (
        f"{r.randrange(2, 900)} shares",
        f"{r.randrange(2, 400)} comments",
        f"{r.randrange(1, 90)}.{r.randrange(10)}K reads",
    )


def counters(r: Random) -> str:
    shares, comments, reads = _counts(r)
    return (
        f'<div class="social-share-bar"><a href="#" class="share-btn">Share</a>'
        f' <span class="share-count">{shares}</span>'
        f' <a href="#comments" class="comment-count">{comments}</a> <span class="view-count">{reads}</span></div>'
    )


def counters_bare(r: Random) -> str:
    return f"<p>{' | '.join(_counts(r))}</p>"


def updated(r: Random) -> str:
    return f'<div class="article-meta"><time class="updated">Updated {r.randrange(2, 59)} minutes ago</time></div>'


def updated_bare(r: Random) -> str:
    return f"<p>Updated {r.randrange(2, 59)} minutes ago</p>"


def _quotes(r: Random) -> list[str]:
    return [
        f"{s} {r.randrange(10, 900)}.{r.randrange(10, 99)} {r.choice('+-')}{r.random() * 4:.2f}%"
        for s in r.sample(_SHARES, 4)
    ]


def stocks(r: Random) -> str:
    return f'<div class="market-ticker"><ul>{"".join(f"<li>{quote}</li>" for quote in _quotes(r))}</ul></div>'


def stocks_bare(r: Random) -> str:
    return "".join(f"<p>{quote}</p>" for quote in _quotes(r))


def _scores(r: Random) -> list[str]:
    clubs = r.sample(_CLUBS, 6)
    return [
        f"{home} {r.randrange(5)} - {r.randrange(5)} {away} ({r.randrange(1, 90)}')"
        for home, away in zip(clubs[::2], clubs[1::2], strict=True)
    ]


def scores(r: Random) -> str:
    return f'<div class="score-ticker"><h4>Live scores</h4>{"".join(f"<div>{line}</div>" for line in _scores(r))}</div>'


def scores_bare(r: Random) -> str:
    return f"<p>Live scores</p>{''.join(f'<p>{line}</p>' for line in _scores(r))}"


def _consent(r: Random) -> str:
    return (
        f"We and our {r.randrange(90, 1400)} partners store and access information on your device, such as cookies, to"
        " show personalised advertising and content. You can change your choices at any time in the privacy settings."
    )


def consent(r: Random) -> str:
    return f'<div class="cookie-consent" role="dialog"><p>{_consent(r)}</p><button>Accept all</button></div>'


def consent_bare(r: Random) -> str:
    return f"<p>{_consent(r)}</p><p>Accept all</p>"


def read_more(r: Random) -> str:
    return f'<div class="read-more-inline"><span>Read more</span> <a href="{_href(r)}">{_story(r)}</a></div>'


def read_more_bare(r: Random) -> str:
    return f'<p><strong>Read also: <a href="{_href(r)}">{_story(r)}</a></strong></p>'


def advert(r: Random) -> str:
    label = r.choice(("Advertisement", "Sponsored", "Article continues below this ad"))
    sponsor = f"<p>Presented by {r.choice(_SPONSORS)}</p>"
    return f'<div class="ad-slot ad-slot--inline"><span class="ad-label">{label}</span>{sponsor}</div>'


def advert_bare(r: Random) -> str:
    label = r.choice(("Advertisement", "ADVERTISEMENT", "Story continues below advertisement", "Sponsored content"))
    return f"<p>{label}</p>"


def _about(r: Random) -> tuple[str, str]:
    name = r.choice(_PEOPLE)
    return (
        name,
        f"{name} has covered the {r.choice(_TOPICS)} and the {r.choice(_TOPICS)} since {r.randrange(2004, 2024)}.",
    )


def author_box(r: Random) -> str:
    name, about = _about(r)
    link = f'<a href="/author/{r.randrange(99)}">{name}</a>'
    return f'<div class="author-box"><h4>About the author</h4>{link}<p>{about}</p></div>'


def author_box_bare(r: Random) -> str:
    name, about = _about(r)
    return f"<p><b>{name}</b></p><p>{about} Follow {name.split()[0]} for more.</p>"


def newsletter(r: Random) -> str:
    return (
        f'<div class="newsletter-box"><h3>The morning brief</h3><p>Join {r.randrange(10, 90)},000 readers who get our'
        f' {r.choice(_TOPICS)} newsletter every day. You can unsubscribe at any time.</p><form><input type="email">'
        "<button>Sign up</button></form></div>"
    )


def newsletter_bare(r: Random) -> str:
    return (
        f"<p><b>The morning brief</b></p><p>Sign up for our {r.choice(_TOPICS)} newsletter and join"
        f" {r.randrange(10, 90)},000 readers.</p><p>Subscribe</p>"
    )


def weather(r: Random) -> str:
    return f'<div class="weather-widget"><span>Harbour town</span> <span>{r.randrange(-5, 30)}&deg;C</span></div>'


def weather_bare(r: Random) -> str:
    return f"<p>Harbour town {r.randrange(-5, 30)}&deg;C</p>"


PARTS: Final[dict[str, tuple[Part, Part]]] = {
    "counters": (counters, counters_bare),
    "updated": (updated, updated_bare),
    "stocks": (stocks, stocks_bare),
    "scores": (scores, scores_bare),
    "consent": (consent, consent_bare),
    "read more": (read_more, read_more_bare),
    "advert": (advert, advert_bare),
    "author box": (author_box, author_box_bare),
    "newsletter": (newsletter, newsletter_bare),
    "weather": (weather, weather_bare),
}
"""Name → its two FORMS."""
