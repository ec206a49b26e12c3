"""What is done about pages that ask not to be archived or mined, by the configured action for each wish."""

from collections.abc import Iterable
from typing import Literal

from extractors import OptOut

Action = Literal["keep", "digest", "skip"]
ACTIONS: tuple[Action, ...] = ("keep", "digest", "skip")
"""From the least to the strictest: stored and marked; only digests and counts stored; nothing stored."""

WISHES = ("noarchive", "noindex", "none", "noai", "noimageai", "nocache", "notrain", "tdm-reservation")
"""What a page can ask for: the directives of robots headers and meta elements, and a TDM reservation."""


def action_for(optouts: Iterable[OptOut], actions: tuple[tuple[str, Action], ...], agent: str) -> Action:
    """The strictest action for the wishes that are addressed to us; ``actions`` are pairs of wish and action.

    A wish to a named agent, ``googlebot: noarchive``, is ours only where our User-Agent begins with that name.
    """
    wanted = dict(actions)
    found: set[Action] = {"keep"}
    for optout in optouts:
        name, colon, wish = optout.value.rpartition(": ")
        if colon and not agent.lower().startswith(name.lower()):
            continue
        found.add(wanted.get("tdm-reservation" if optout.signal.startswith("tdm") else wish, "keep"))
    return max(found, key=ACTIONS.index)
