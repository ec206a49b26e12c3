"""Values that the environment gives: what is said of them is how they were written, never what they are."""

import os
import re
from collections.abc import Callable

from crawler.errors import ConfigError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Secret(str):
    """A text with variables filled in. Its ``repr`` is the template, so records, digests and errors show no value."""

    __slots__ = ("template",)

    template: str

    def __new__(cls, value: str, template: str) -> "Secret":
        made = super().__new__(cls, value)
        made.template = template
        return made

    def __repr__(self) -> str:
        return repr(self.template)

    def __reduce__(self) -> tuple[type["Secret"], tuple[str, str]]:
        return Secret, (str(self), self.template)


def expanded(text: str, refusal: Callable[[str, str], ConfigError]) -> str:
    """A text with each ``${VAR}`` replaced by the environment's; a :class:`Secret` when there was one.

    ``refusal`` makes the ConfigError for a find and a cure; it is raised for a variable that is not set.
    """
    for name in _VARIABLE.findall(text):
        if name not in os.environ:
            raise refusal(f"the variable {name}, which is not set", f"set {name} in the environment")
    if not _VARIABLE.search(text):
        return text
    return Secret(_VARIABLE.sub(lambda match: os.environ[match[1]], text), text)
