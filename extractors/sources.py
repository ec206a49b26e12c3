"""The places that a page's metadata may stand in, each read at most once."""

import html
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from extractors import jsonld
from extractors.article import Moment
from extractors.datelines import Datelines
from extractors.dom import Document
from extractors.marks import DateMarks, Part, holder_of, read_named_dates, read_times
from extractors.strays import read_stray_dates
from extractors.wordsets import words

_SCRIPT_META: Final = "script:ld+json"
"""A framework's spelling of a script, which it writes as a meta element."""


class Sources:
    """The places that a page's metadata may stand in, each read at most once."""

    def __init__(self, doc: Document, url: str) -> None:
        self.doc = doc
        self.url = url
        self._datelines: Datelines | None = None
        self.metas: dict[str, list[str]] = {}
        for key, content in doc.head.metas:
            self.metas.setdefault(key, []).append(content)
        self.things = jsonld.things((*doc.head.scripts, *self.metas.get(_SCRIPT_META, ())))
        self.by_id = {
            name: thing for thing in self.things if isinstance(name := thing.get("@id"), str) and thing.get("name")
        }
        self.kinds = [jsonld.types(thing) for thing in self.things]
        self.articles = [
            thing
            for thing, kinds in zip(self.things, self.kinds, strict=True)
            if not jsonld.ARTICLE_TYPES.isdisjoint(kinds)
        ]
        self.pages = [
            thing
            for thing, kinds in zip(self.things, self.kinds, strict=True)
            if not jsonld.PAGE_TYPES.isdisjoint(kinds)
        ]

    def address_of(self, name: str) -> str | None:
        """The url of the JSON-LD object with this @id; None where the page does not hold it."""
        urls = (thing.get("url") or thing.get("contentUrl") for thing in self.things if thing.get("@id") == name)
        return next((url for url in urls if isinstance(url, str)), None)

    def meta(self, names: Iterable[str]) -> str | None:
        return next((text for name in names for text in self.metas.get(name, ())), None)

    def all_metas(self, names: Iterable[str]) -> Iterable[str]:
        return (text for name in names for text in self.metas.get(name, ()))

    def metas_named(self, name: re.Pattern[str]) -> Iterable[str]:
        """Contents of the meta elements whose names the pattern finds; one look at all names tells whether any do."""
        if not name.search(self._meta_names):
            return ()
        return (text for key, texts in self.metas.items() if name.search(key) for text in texts)

    @cached_property
    def _meta_names(self) -> str:
        return "\n".join(self.metas)

    def datelines(self, title: str) -> Datelines:
        """The lines around the headline, read when nothing surer is left."""
        if self._datelines is None:
            self._datelines = Datelines(self.doc, title, self.doc.head.language)
        return self._datelines

    @cached_property
    def stray_dates(self) -> tuple[Moment | None, Moment | None]:
        """Dates of publication and change in lines anywhere, for pages that state them nowhere else."""
        return read_stray_dates(self.doc, self.doc.head.language)

    def is_site(self, name: str) -> bool:
        """Whether a name is the site's own, its publisher's or its host's."""
        joined = "".join(words(name))
        return joined in self._own_names or (len(joined) > 3 and joined in self.host)

    @cached_property
    def is_news(self) -> bool:
        """Whether the page states of itself that it is a news article."""
        return any("newsarticle" in kind for thing in self.articles for kind in jsonld.types(thing))

    @cached_property
    def _own_names(self) -> frozenset[str]:
        stated = [self.meta(["og:site_name"]) or "", self.meta(["application-name"]) or ""]
        stated += [name for thing in self.articles for name in jsonld.strings(thing.get("publisher"))]
        return frozenset("".join(words(name)) for name in stated) - {""}

    @cached_property
    def site_words(self) -> frozenset[str]:
        """The words of the site's name and of its host."""
        return frozenset((*words(self.meta(["og:site_name"]) or ""), *words(urlsplit(self.url).hostname or "")))

    @cached_property
    def host(self) -> str:
        """The host's letters and digits, without what parts them."""
        return "".join(words(urlsplit(self.url).hostname or ""))

    @property
    def searched(self) -> bool:
        return self._datelines is not None

    @cached_property
    def names(self) -> str:
        """Classes and other names of all elements that hold text, in one string: to ask for one before searching."""
        return "".join([names for _, names in self.doc.elements.looks])

    @cached_property
    def holder(self) -> Part:
        """The part of the page that holds the headline."""
        return holder_of(self.doc)

    @cached_property
    def times(self) -> DateMarks:
        return read_times(self.holder)

    @cached_property
    def named_dates(self) -> DateMarks:
        return read_named_dates(self.holder)


def unescape(text: str) -> str:
    """Text of JSON-LD and of meta contents, which many systems escape twice."""
    return html.unescape(text) if "&" in text else text
