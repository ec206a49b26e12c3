"""Pages with a second body of prose set into them: reader comments, following articles, teasers, boilerplate.

Real sets have few such pages, news sites many. The text comes from other pages of the same fold, names and dates are
made up. The gold of the page stays as it was. The same pages, scored with a model of the other folds, are the
challenge set.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.benchmarks.train.corpus import Case
from tests.benchmarks.train.tables import Labelled


def _words(table: str) -> list[str]:
    return table.split()


_GIVEN: Final = _words(
    """
    Amira Ben Chiara Dmitri Eva Farid Greta Hana Ian Jonas Kavya Lena Marco Nadia Oscar Priya Quentin
    Rahul Sofia Theo Ursula Victor Wanda Xavier Yuki Zoe
    """
)
_FAMILY: Final = _words(
    """
    Adams Bianchi Castillo Das Eriksen Fischer Gupta Haddad Ito Jensen Kowalska Lopez Martin Novak
    Okafor Patel Quinn Ricci Schmidt Tanaka
    """
)
_CLASSES: Final = _words(
    """
    item thread message entry reply discussion responses comment comments commentBody comment-content
    content body post post-content wrapper row col inner box media media-body list block section article story
    entry-content article-body card module text user-text c-12 b7 x
    """
)
_WHEN: Final = (
    "2 hours ago", "3 days ago", "March 3, 2019 at 5:30 pm", "12.11.2019 10:41", "Yesterday", "5 min", "Nov 2, 2019",
    "vor 3 Stunden", "2019-11-02 14:22", "il y a 2 jours", "hace 4 horas", "10 October 2019 8:15AM", "1y",
    "6 months ago", "4 ore fa", "4 घंटे पहले",
)  # fmt: skip
_ACTIONS: Final = (
    "Reply", "Like", "Reply Share", "Report", "Antworten", "1", "3 likes", "Flag", "Permalink", "Répondre",
    "Responder", "+2", "Report abuse", "Share", "Recommend (4)",
)  # fmt: skip
_THREADS: Final = (
    "Comments", "12 Comments", "Join the discussion", "Responses", "Leserbriefe", "Conversation", "Your views",
    "What do you think?", "3 thoughts on this article", "Reader comments", "Kommentare", "Post a comment", "",
)  # fmt: skip
_MORE: Final = (
    "More from", "Also of interest", "You may like", "In other news", "Latest", "Top stories", "Mehr zum Thema",
    "", "", "More stories", "Recommended", "From our network", "Editors' picks",
)  # fmt: skip
_ABOUT: Final = ("About", "Disclaimer", "About the author", "Notes", "", "Terms")
_HOLDERS: Final = frozenset(_words("p div li td blockquote section article h2 h3 h4 dd pre"))
_KINDS: Final = ("thread", "article", "teasers", "prose")
_WEIGHTS: Final = (0.35, 0.35, 0.12, 0.18)


@dataclass(slots=True)
class Donors:
    """Text to set into other pages: comments, articles as (title, paragraphs), runs of paragraphs outside articles."""

    comments: list[str] = field(default_factory=list)
    articles: list[tuple[str, list[str]]] = field(default_factory=list)
    prose: list[list[str]] = field(default_factory=list)

    def add(self, case: Case, page: Labelled, commented: Sequence[bool]) -> None:
        blocks = page.document.blocks
        article, run = [], list[str]()
        for text, label, words, link, comment in zip(
            blocks.text, page.labels, page.words, blocks.link, commented, strict=True
        ):
            if label >= 0.5 and words >= 12:
                article.append(text)
            if comment and words >= 6 and 0 <= label < 0.5 and link < 0.3:
                self.comments.append(text)
            if label == 0 and words >= 15 and link < 0.3 and not comment:
                run.append(text)
            elif words >= 4 and run:
                self.prose.append(run)
                run = []
        if len(article) >= 3:
            self.articles.append((case.title or " ".join(article[0].split()[:9]), article))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How the page marks its own paragraphs, their container and its headline."""

    tag: str
    names: str
    holder: str
    holder_names: str
    headline_names: str


class Injector:
    """Sets sections into one page; all choices come from ``random``."""

    def __init__(self, donors: Donors, random: Random) -> None:
        self.donors = donors
        self.random = random
        self.makers: dict[str, Callable[[_Style], str]] = {
            "thread": self.thread,
            "article": self.articles,
            "teasers": self.teasers,
            "prose": self.prose,
        }

    def inject(self, case: Case, page: Labelled) -> str | None:
        """The page's HTML with one or two sections more; None if its article cannot be found in the tree."""
        article = [
            text for text, label in zip(page.document.blocks.text, page.labels, strict=True)
            if label >= 0.5 and len(text) > 30
        ]  # fmt: skip
        if len(article) < 2:
            return None
        tree = LexborHTMLParser(case.html)
        first, last = _find(tree, article[0], article[-1])
        if last is None or last.parent is None:
            return None
        style = _style(tree, last)
        kinds = self.random.choices(_KINDS, _WEIGHTS, k=self.random.choice((1, 1, 2)))
        target = _outside_list(_climb(last, self.random.choice((0, 1, 1, 2, 2, 3, 3, 4, 5))))
        if not _insert("".join(self.makers[kind](style) for kind in kinds), target.insert_after):
            return None
        if first is not None and self.random.random() < 0.15:
            _insert(self.teasers(style), _outside_list(_climb(first, self.random.choice((1, 2, 3)))).insert_before)
        return tree.html

    def thread(self, _style: _Style) -> str:
        """Comments with names, dates and actions, some nested."""
        pick, chance = self.random.choice, self.random.random
        item = pick(("div", "li", "article", "section"))
        outer, inner, body, line = (self._class() for _ in range(4))
        names, text = pick(("div", "b", "h4", "span", "a", "p", "cite")), pick(("p", "div", "p", "p"))
        dated, acted, nested = chance() < 0.85, chance() < 0.75, chance() < 0.3
        parts = []
        for _ in range(pick((2, 3, 5, 8, 12, 20, 40))):
            said = "".join(f"<{text}{line}>{self._comment()}</{text}>" for _ in range(pick((1, 1, 1, 2, 3))))
            when = f'<span class="{pick(_CLASSES)}">{pick(_WHEN)}</span>' if dated else ""
            act = f'<div><a href="#">{pick(_ACTIONS)}</a></div>' if acted else ""
            who = f"<{names}>{self._name()}</{names}>"
            reply = f"<ul><li{outer}><div{inner}>{who}</div><{text}{line}>{self._comment()}</{text}></li></ul>"
            below = reply if nested and chance() < 0.4 else ""
            parts.append(f"<{item}{outer}><div{inner}>{who} {when}</div><div{body}>{said}</div>{act}{below}</{item}>")
        items = "".join(parts)
        items = f"<ul{self._class()}>{items}</ul>" if item == "li" else items
        return self._section(self._heading(pick(_THREADS), ("h2", "h3", "div", "h4")) + items)

    def articles(self, style: _Style) -> str:
        """One to three further articles, often in the page's own dress."""
        return f'<div class="{self.random.choice(_CLASSES)}">' + "".join(
            self._article(style) for _ in range(self.random.choice((1, 1, 1, 2, 3)))
        ) + "</div>"  # fmt: skip

    def _article(self, style: _Style) -> str:
        pick, chance = self.random.choice, self.random.random
        title, paragraphs = pick(self.donors.articles)
        same = chance() < 0.6
        tag = style.tag if same and style.tag in ("p", "div", "section") else "p"
        dressed = f' class="{html.escape(style.names)}"' if same and style.names else ""
        holder_names = style.holder_names if same else pick(_CLASSES)
        count = pick((2, 4, 8, 30))
        body = "".join(f"<{tag}{dressed}>{html.escape(text)}</{tag}>" for text in paragraphs[:count])
        if count < len(paragraphs) and chance() < 0.5:
            body += f'<{tag}><a href="/y">{pick(("Read more", "Continue reading", "Weiterlesen"))}</a></{tag}>'
        level = pick(("h1", "h2", "h1", "h2", "h3"))
        shown = f'<a href="/x">{html.escape(title)}</a>' if chance() < 0.4 else html.escape(title)
        dress = style.headline_names if chance() < 0.5 else pick(_CLASSES)
        top = f'<{level} class="{html.escape(dress)}">{shown}</{level}>'
        if chance() < 0.7:
            names, by = pick(("byline", "author", "meta", "", "")), pick(("By ", "", "von ", "Par "))
            top += f'<div class="{names}">{by}{self._name()}</div>'
        if chance() < 0.7:
            top += f"<div>{pick(_WHEN)}</div>"
        opening = f'<{style.holder} class="{html.escape(holder_names)}">'
        if chance() < 0.5:
            return f"{opening}{top}{body}</{style.holder}>"
        return f"<article>{top}{opening}{body}</{style.holder}></article>"

    def teasers(self, _style: _Style) -> str:
        """A list of other stories with the beginning of each."""
        pick, chance = self.random.choice, self.random.random
        item, text = pick(("div", "li", "article")), pick(("p", "div"))
        level, dress = pick(("h2", "h3", "h4", "div", "p", "strong")), pick(_CLASSES)
        parts = []
        for _ in range(pick((2, 3, 4, 6, 10))):
            title, paragraphs = pick(self.donors.articles)
            start = " ".join(paragraphs[0].split()[: pick((15, 25, 40, 60))])
            shown = f'<a href="/x">{html.escape(title)}</a>' if chance() < 0.7 else html.escape(title)
            when = f"<span>{pick(_WHEN)}</span>" if chance() < 0.4 else ""
            teaser = f"<{text}>{html.escape(start)}{pick(('', '...', '…', '.'))}</{text}>"
            parts.append(f'<{item} class="{dress}"><{level}>{shown}</{level}>{when}{teaser}</{item}>')
        items = "".join(parts)
        items = f"<ul>{items}</ul>" if item == "li" else items
        return f'<div class="{pick(_CLASSES)}">{self._heading(pick(_MORE), ("h3",))}{items}</div>'

    def prose(self, style: _Style) -> str:
        """Paragraphs that stood outside an article elsewhere."""
        if not self.donors.prose:
            return self.thread(style)
        pick = self.random.choice
        tag = pick(("p", "div", "p"))
        lines = "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in pick(self.donors.prose)[:12])
        heading = self._heading(pick(_ABOUT), ("h4",)) if self.random.random() < 0.4 else ""
        return self._section(heading + lines)

    def _section(self, content: str) -> str:
        tag = self.random.choice(("div", "section", "aside", "div"))
        return f"<{tag}{self._class()}>{content}</{tag}>"

    def _heading(self, text: str, tags: Sequence[str]) -> str:
        tag = self.random.choice(tags)
        return f"<{tag}>{text}</{tag}>" if text else ""

    def _class(self) -> str:
        return f' class="{self.random.choice(_CLASSES)}"' if self.random.random() < 0.75 else ""

    def _name(self) -> str:
        given, family = self.random.choice(_GIVEN), self.random.choice(_FAMILY)
        return self.random.choice(
            (f"{given} {family}", given, f"{given.lower()}{self.random.randrange(99)}", f"{given[0]}. {family}")
        )

    def _comment(self) -> str:
        pick = self.random.choice
        if self.donors.comments and self.random.random() < 0.6:
            return html.escape(pick(self.donors.comments))
        words = pick(pick(self.donors.articles)[1]).split()
        count = pick((6, 12, 20, 35, 60))
        start = self.random.randrange(max(1, len(words) - count))
        said = " ".join(words[start : start + count])
        return html.escape(said[0].upper() + said[1:]) + pick((".", "!", "", "...", "?"))


def _find(tree: LexborHTMLParser, first: str, last: str) -> tuple[LexborNode | None, LexborNode | None]:
    """The deepest elements whose whole text is the article's first and last block."""
    found_first = found_last = None
    if tree.body is None:
        return None, None
    for node in tree.body.traverse():
        if node.tag not in _HOLDERS:
            continue
        text = node.text(deep=True)
        if len(text) < 4 * max(len(first), len(last)) + 400:
            flat = " ".join(text.split())
            found_last = node if flat == last else found_last
            found_first = found_first or (node if flat == first else None)
    return found_first, found_last


def _style(tree: LexborHTMLParser, last: LexborNode) -> _Style:
    holder = last.parent
    assert holder is not None
    h1 = tree.css_first("h1")
    return _Style(
        tag=last.tag or "p",
        names=last.attributes.get("class") or "",
        holder=holder.tag if holder.tag in ("div", "section", "article", "main") else "div",
        holder_names=holder.attributes.get("class") or "",
        headline_names=(h1.attributes.get("class") or "") if h1 is not None else "",
    )


def _climb(node: LexborNode, levels: int) -> LexborNode:
    for _ in range(levels):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html"):
            break
        node = parent
    return node


def _outside_list(node: LexborNode) -> LexborNode:
    parent = node.parent
    inside = node.tag in ("li", "td", "dd") and parent is not None and parent.tag not in ("body", "html")
    return parent if inside and parent is not None else node


def _insert(fragment: str, put: Callable[[LexborNode], object]) -> bool:
    body = LexborHTMLParser(f"<div>{fragment}</div>").body
    if body is None or body.child is None:
        return False
    put(body.child)
    return True
