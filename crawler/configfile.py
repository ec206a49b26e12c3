"""From the tables of a TOML file to a Config, key by key. Every refusal names file, key, find and cure."""

import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from crawler.config import Config, Manners, Network, Site
from crawler.errors import ConfigError
from crawler.hookfile import read_hooks
from crawler.route import Route, checked_authorities, checked_proxy
from crawler.secret import expanded
from crawler.wishes import ACTIONS, WISHES, Action
from extractors import ExtractorError, normalize_url, registrable_domain

TOKENIZERS = ("unicode61", "trigram")

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kKMG]?B)?")
_UNITS = {None: 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
_LOOPBACK = re.compile(r"(?:127\.[\d.]+|\[::1\]|(?:.+\.)?localhost)(?::\d+)?\Z")
_RESERVED = re.compile(r"example\.(?:org|com|net)", re.IGNORECASE)


def load_config(path: str | Path) -> Config:
    """The configuration in a TOML file; raises ConfigError naming file, key, what was found and the cure."""
    source = Path(path)
    try:
        table = tomllib.loads(source.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{source}: there is no such file; write one with `presskeep init`") from error
    except OSError as error:
        raise ConfigError(f"{source}: cannot be read ({error.strerror}); check its permissions") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{source}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: is no TOML: {error}; mend that line") from error
    except RecursionError as error:
        raise ConfigError(f"{source}: is no TOML that can be read: it nests too deep; mend that value") from error
    return _Reader(source).config(table)


class _Reader:
    """Reads the tables of one file; ``self.source`` stands in every message."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def config(self, table: Mapping[str, Any]) -> Config:
        self.known(table, {"archive", "crawler", "notify", "sites"}, "")
        archive = self.table(table.get("archive", {}), "[archive]")
        self.known(archive, {"path", "tokenizer"}, "[archive] ")
        crawler = self.table(table.get("crawler", {}), "[crawler]")
        route = self.route({key: crawler[key] for key in _ROUTE if key in crawler})
        own = {key: value for key, value in crawler.items() if key not in _ROUTE}
        manners = self.manners(own, Manners(), "[crawler] ", also=_ROUTE)
        sites = self.sites(table.get("sites", []), manners)
        config = Config(
            archive_path=Path(self.text(archive.get("path", "archive.db"), "[archive] path")),
            tokenizer=self.tokenizer(archive.get("tokenizer")),
            manners=manners,
            sites=sites,
            notify=read_hooks(self, table.get("notify", []), manners, tuple(site.name for site in sites)),
            route=route,
            source=self.source,
        )
        self.check_contact(config)
        return config

    def sites(self, blocks: Any, manners: Manners) -> tuple[Site, ...]:
        if not isinstance(blocks, list):
            raise self.refusal("sites", "one table", "write [[sites]] with two brackets")
        sites = tuple(self.site(block, number, manners) for number, block in enumerate(blocks, 1))
        names: set[str] = set()
        for site in sites:
            if site.name in names:
                raise self.refusal(f"[[sites]] {site.name!r} name", "the same name twice", "give each site its own")
            names.add(site.name)
        return sites

    def site(self, block: Any, number: int, manners: Manners) -> Site:
        block = self.table(block, f"[[sites]] number {number}")
        name = block.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self.refusal(f"[[sites]] number {number} name", repr(name), 'name the site, e.g. name = "example"')
        where = f"[[sites]] {name!r} "
        own = {"name", "home", *_URL_LISTS, "allow", "deny"}
        self.known(block, own | set(_MANNERS), where)
        lists = {key: self.urls(block.get(key, []), where + key) for key in _URL_LISTS}
        home = self.url(block["home"], where + "home") if "home" in block else None
        if home is None and not any(lists.values()):
            raise self.refusal(where.strip(), "no address", f"add home or one of {', '.join(_URL_LISTS)}")
        return Site(
            name=name,
            home=home,
            **lists,
            allow=self.patterns(block.get("allow", []), where + "allow"),
            deny=self.patterns(block.get("deny", []), where + "deny"),
            manners=self.manners({k: v for k, v in block.items() if k in _MANNERS}, manners, where),
        )

    def manners(self, table: Mapping[str, Any], base: Manners, where: str, *, also: Sequence[str] = ()) -> Manners:
        self.known(table, {*_MANNERS, *also}, where)
        return replace(base, **{key: _MANNERS[key](self, value, where + key) for key, value in table.items()})

    def known(self, table: Mapping[str, Any], keys: set[str], where: str) -> None:
        for key in table:
            if key not in keys:
                raise self.refusal(where + key, "an unknown key", f"use one of {', '.join(sorted(keys))}")

    def table(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refusal(where, repr(value), "write it as a table")
        return value

    def text(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or not value or "\0" in value:
            raise self.refusal(where, repr(value), "write a text in quotes")
        return value

    def tokenizer(self, value: Any) -> str | None:
        if value is None:
            return None
        if value not in TOKENIZERS:
            raise self.refusal("[archive] tokenizer", repr(value), f"use one of {', '.join(TOKENIZERS)}")
        return str(value)

    def agent(self, value: Any, where: str) -> str:
        if isinstance(value, str):
            value = expanded(value.strip(), partial(self.refusal, where))
        if not isinstance(value, str) or not value.isascii() or not (value.isprintable()):
            raise self.refusal(where, repr(value), "write one line of ASCII text")
        return value

    def route(self, table: Mapping[str, Any]) -> Route:
        made = Route()
        if "proxy" in table:
            refusal = partial(self.refusal, "[crawler] proxy")
            proxy = expanded(self.text(table["proxy"], "[crawler] proxy"), refusal)
            made = replace(made, proxy=checked_proxy(proxy, refusal))
        if "ca_file" in table:
            refusal = partial(self.refusal, "[crawler] ca_file")
            made = replace(made, ca_file=checked_authorities(table["ca_file"], self.source.parent, refusal))
        return made

    def ports(self, value: Any, where: str) -> tuple[int, ...]:
        if not isinstance(value, list) or not all(type(port) is int and 0 < port < 65_536 for port in value):
            raise self.refusal(where, repr(value), "write a list of port numbers such as [80, 443]")
        return tuple(value)

    def number(self, value: Any, where: str, least: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < 1e6:
            raise self.refusal(where, repr(value), f"write a number of at least {least:g}")
        return float(value)

    def count(self, value: Any, where: str, least: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 10_000:
            raise self.refusal(where, repr(value), f"write a whole number from {least} to 10000")
        return value

    def size(self, value: Any, where: str) -> int:
        match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
        size = float(match[1]) * _UNITS[match[2]] if match else value
        if isinstance(value, bool | float) or not isinstance(size, int | float) or not 1000 <= size <= 64_000_000:
            raise self.refusal(where, repr(value), 'write a size from "1 kB" to "64 MB"')
        return int(size)

    def switch(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            raise self.refusal(where, repr(value), "write true or false")
        return value

    def networks(self, value: Any, where: str) -> tuple[Network, ...]:
        try:
            return tuple(ipaddress.ip_network(item) for item in self.list(value, where))
        except ValueError as error:
            raise self.refusal(where, str(error), 'write networks such as "127.0.0.0/8"') from error

    def optouts(self, value: Any, where: str) -> tuple[tuple[str, Action], ...]:
        """One action for all wishes, or a table of wishes."""
        table = dict.fromkeys(WISHES, value) if isinstance(value, str) else self.table(value, where)
        self.known(table, set(WISHES), f"{where}.")
        for wish, action in table.items():
            if action not in ACTIONS:
                raise self.refusal(f"{where}.{wish}", repr(action), f"write one of {', '.join(ACTIONS)}")
        return tuple(sorted(table.items()))

    def list(self, value: Any, where: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refusal(where, repr(value), 'write a list of texts such as ["a", "b"]')
        return value

    def urls(self, value: Any, where: str) -> tuple[str, ...]:
        return tuple(self.url(item, where) for item in self.list(value, where))

    def url(self, value: Any, where: str) -> str:
        try:
            normalize_url(self.text(value, where))
        except ExtractorError as error:
            raise ConfigError(f"{self.source}: {where}: {error}") from error
        return str(value)

    def patterns(self, value: Any, where: str) -> tuple[re.Pattern[str], ...]:
        try:
            return tuple(re.compile(item) for item in self.list(value, where))
        except (re.error, OverflowError, RecursionError) as error:
            raise self.refusal(where, f"no regular expression ({error})", "mend the pattern") from error

    def check_contact(self, config: Config) -> None:
        """A contact at a reserved name reaches nobody; on loopback it does no harm."""
        agents = {config.manners.user_agent, *(site.manners.user_agent for site in config.sites)}
        if not any(_RESERVED.search(agent) for agent in agents):
            return
        domains = {registrable_domain(url) for site in config.sites for url in site.addresses}
        if all(_LOOPBACK.match(domain) for domain in domains):
            return
        raise self.refusal("[crawler] user_agent", "an example address", "give one where sites can reach you")

    def refusal(self, key: str, found: str, cure: str) -> ConfigError:
        return ConfigError(f"{self.source}: {key}: found {found}; {cure}")


_ROUTE = ("proxy", "ca_file")
_URL_LISTS = ("feeds", "sitemaps", "listings", "urls")
_MANNERS: dict[str, Callable[[_Reader, Any, str], Any]] = {
    "user_agent": _Reader.agent,
    "concurrency": lambda reader, value, where: reader.count(value, where, 1),
    "per_domain": lambda reader, value, where: reader.count(value, where, 1),
    "delay": lambda reader, value, where: reader.number(value, where, 0),
    "max_crawl_delay": lambda reader, value, where: reader.number(value, where, 0),
    "timeout": lambda reader, value, where: reader.number(value, where, 0.1),
    "retries": lambda reader, value, where: reader.count(value, where, 0),
    "max_body": _Reader.size,
    "allow_private": _Reader.networks,
    "ports": _Reader.ports,
    "optouts": _Reader.optouts,
    "budget": lambda reader, value, where: reader.count(value, where, 0),
    "follow_lists": _Reader.switch,
}
assert set(_MANNERS) == {field.name for field in fields(Manners)}


def add_site(path: Path, site: Site) -> None:
    """Appends a ``[[sites]]`` block to a configuration file; its other lines and comments stay as they are.

    Raises ConfigError when the file cannot be read or names the site already.
    """
    config = load_config(path)
    if any(known.name == site.name for known in config.sites):
        raise ConfigError(f"{path}: [[sites]] {site.name!r}: is there already; remove it first or give another name")
    text = path.read_text("utf-8")
    path.write_text(text.rstrip("\n") + "\n\n" + site_block(site), encoding="utf-8")


def site_block(site: Site) -> str:
    """The TOML of a site's addresses and patterns; its manners are those of the file."""
    lines = ["[[sites]]", f"name = {_quoted(site.name)}"]
    if site.home:
        lines.append(f"home = {_quoted(site.home)}")
    lists = {key: getattr(site, key) for key in _URL_LISTS}
    lists |= {key: [pattern.pattern for pattern in getattr(site, key)] for key in ("allow", "deny")}
    lines += [f"{key} = [{', '.join(map(_quoted, values))}]" for key, values in lists.items() if values]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
