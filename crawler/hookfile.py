"""The ``[[notify]]`` tables of a configuration file. No message repeats an address or a header: they may be secret."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from archive import event_weights
from crawler.config import Manners, Network
from crawler.errors import ConfigError
from crawler.hooks import DEFAULT_TIMEOUT, TOPICS, VARIABLE, Hook, is_web

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # a token of RFC 9110, 5.6.2
_KEYS = {"on", "sites", "kinds", "min_words", "webhook", "command", "headers", "timeout", "allow_private"}


class Reader(Protocol):
    """What is needed of the reader of a configuration file."""

    source: Any

    def table(self, value: Any, where: str) -> dict[str, Any]: ...
    def known(self, table: Mapping[str, Any], keys: set[str], where: str) -> None: ...
    def list(self, value: Any, where: str) -> list[str]: ...
    def count(self, value: Any, where: str, least: int) -> int: ...
    def number(self, value: Any, where: str, least: float) -> float: ...
    def networks(self, value: Any, where: str) -> tuple[Network, ...]: ...
    def refusal(self, key: str, found: str, cure: str) -> ConfigError: ...


def read_hooks(reader: Reader, blocks: Any, manners: Manners, sites: tuple[str, ...]) -> tuple[Hook, ...]:
    """The ``[[notify]]`` tables of a file; ``manners`` say which private networks they may reach unless they do."""
    if not isinstance(blocks, list):
        raise reader.refusal("notify", "one table", "write [[notify]] with two brackets")
    return tuple(_hook(reader, block, f"[[notify]] number {n}", manners, sites) for n, block in enumerate(blocks, 1))


def _hook(reader: Reader, block: Any, where: str, manners: Manners, sites: tuple[str, ...]) -> Hook:
    table = reader.table(block, where)
    reader.known(table, _KEYS, f"{where} ")
    webhook, command, headers = _address(reader, table, where)
    if "on" not in table:
        raise reader.refusal(where, "no key on", f"say what it is told of: {', '.join(TOPICS)}")
    private = table.get("allow_private")
    return Hook(
        where=f"{reader.source}: {where}",
        on=_chosen(reader, table["on"], f"{where} on", TOPICS),
        sites=_chosen(reader, table.get("sites", []), f"{where} sites", sites),
        kinds=_chosen(reader, table.get("kinds", []), f"{where} kinds", tuple(event_weights())),
        min_words=reader.count(table.get("min_words", 0), f"{where} min_words", 0),
        webhook=webhook,
        headers=headers,
        command=command,
        timeout=reader.number(table.get("timeout", DEFAULT_TIMEOUT), f"{where} timeout", 0.1),
        allow_private=manners.allow_private if private is None else reader.networks(private, f"{where} allow_private"),
    )


def _address(
    reader: Reader, table: Mapping[str, Any], where: str
) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Webhook, command and headers, as they are written."""
    if ("webhook" in table) == ("command" in table):
        found = "both webhook and command" if "webhook" in table else "neither webhook nor command"
        raise reader.refusal(where, found, "give one of them; a second table may give the other")
    webhook = table.get("webhook", "")
    if not isinstance(webhook, str) or ("webhook" in table and not (VARIABLE.search(webhook) or is_web(webhook))):
        raise reader.refusal(f"{where} webhook", "no http or https URL", 'write "https://…", or "${NAME}"')
    command = table.get("command", ["-"])
    if not isinstance(command, list) or not command or not all(_is_word(word) for word in command) or not command[0]:
        raise reader.refusal(f"{where} command", "no list of words", 'write ["program", "argument"]')
    headers = reader.table(table.get("headers", {}), f"{where} headers")
    if headers and not webhook:
        raise reader.refusal(f"{where} headers", "headers of a command", "they belong to a webhook")
    for name, value in headers.items():
        if not _HEADER.match(name) or not isinstance(value, str) or not value.isprintable():
            raise reader.refusal(f"{where} headers", "no header", 'write { Authorization = "Bearer ${TOKEN}" }')
    return webhook, tuple(command) if "command" in table else (), tuple(headers.items())


def _chosen(reader: Reader, value: Any, where: str, known: tuple[str, ...]) -> tuple[str, ...]:
    names = reader.list(value, where)
    for name in names:
        if name not in known:
            raise reader.refusal(where, repr(name), f"use one of {', '.join(known) or 'none'}")
    return tuple(names)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value
