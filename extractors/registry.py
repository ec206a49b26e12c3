"""Who reads the pages of a host: its rules, its plug-in, and for everything else the generic reader.

Rules and plug-ins are looked for once in a process; they are what is installed, not state that changes. Beside this
package's rules those of the folder count that the environment names in ``PRESSKEEP_SITES``: a variable, because worker
processes have to find the same.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from extractors.article import Article
from extractors.decision import load_model
from extractors.dumplines import load_lines
from extractors.page import Page
from extractors.rulefile import parse_rules, rule_text
from extractors.rules import Block, SiteRules
from extractors.urls import host_of

GROUP = "presskeep.extractors"
"""The entry point group: name = host, object = callable(Page) -> Article | None, where None means "not mine"."""

GENERIC = "generic/3"
"""The generic HTML reader; the number rises whenever its code reads any page differently."""

PLAINTEXT = "plaintext/3"
"""The reader of text dumps, likewise; its label names the line model too."""

SITES_VARIABLE = "PRESSKEEP_SITES"
"""Names a folder of further rule files; a host's rules in it go before the packaged ones."""


@dataclass(frozen=True)
class PlugIn:
    """A Python extractor that another distribution brings."""

    entry_point: metadata.EntryPoint

    @property
    def label(self) -> str:
        """What a rules digest calls it: name and version of its distribution."""
        dist = self.entry_point.dist
        return f"{dist.name}@{dist.version}" if dist else self.entry_point.value

    @cached_property
    def function(self) -> Callable[[Page], Article | None]:
        """The callable; raises whatever importing it raises."""
        loaded: Callable[[Page], Article | None] = self.entry_point.load()
        return loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """What reads one page, in this order; the generic reader comes after all of it."""

    site: SiteRules | None = None
    block: Block | None = None
    plug_in: PlugIn | None = None

    @property
    def label(self) -> str:
        """The rules digest of an HTML page."""
        parts = [self.site.label(self.block)] if self.site and self.block else []
        return "+".join([*parts, *([self.plug_in.label] if self.plug_in else []), generic_label()])


def readers(url: str, fetched_at: datetime | None) -> Readers:
    """The readers of a page at ``url``: a host's own, or those of the same name with or without ``www.``"""
    host = host_of(url)
    site = _sites(os.environ.get(SITES_VARIABLE, "")).get(host)
    plug_in = _plug_ins().get(host)
    return Readers(site=site, block=site.block(fetched_at) if site else None, plug_in=plug_in)


def rules_digest(url: str, fetched_at: datetime | None, media_type: str) -> str:
    """What ``Article.rules`` is for a page with this final URL, fetch time and media type; reads no page.

    It names everything that is asked, also when an earlier reader has nothing to say to a page.
    """
    return plaintext_label() if media_type == "text/plain" else readers(url, fetched_at).label


@cache
def generic_label() -> str:
    """The generic reader and its model, as ``generic/3+model/1a2b3c4d``."""
    return f"{GENERIC}+model/{load_model().digest}"


def use_rules(folder: Path) -> None:
    """Takes up a folder of rule files, for this process and those that it starts later.

    They are read at once; raises RuleError for the first that cannot be read.
    """
    os.environ[SITES_VARIABLE] = str(folder)
    _sites(str(folder))


def rule_files(folder: Path | None = None) -> list[Traversable]:
    """All rule files: those of this package, then those of ``folder``, else of the one in ``PRESSKEEP_SITES``.

    Where two speak for one host, the later one is used.
    """
    return _rule_files(str(folder or os.environ.get(SITES_VARIABLE, "")))


def _rule_files(folder: str) -> list[Traversable]:
    folders: list[Traversable] = [resources.files("extractors") / "sites", *([Path(folder)] if folder else [])]
    return [
        file
        for each in folders
        if each.is_dir()
        for file in sorted(each.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]


@cache
def plaintext_label() -> str:
    """The reader of text dumps and its model, as ``plaintext/3+lines/1a2b3c4d``."""
    return f"{PLAINTEXT}+lines/{load_lines()[1]}"


@cache
def _sites(folder: str) -> dict[str, SiteRules]:
    rules = (parse_rules(rule_text(file), str(file)) for file in _rule_files(folder))
    return {host: site for site in rules for host in (site.host, *site.also)}


@cache
def _plug_ins() -> dict[str, PlugIn]:
    return {point.name.lower().removeprefix("www."): PlugIn(point) for point in metadata.entry_points(group=GROUP)}
