"""What callers can do wrong. Pages cannot be wrong: for any bytes there is a Reading.

ExtractorError (also a ValueError)
├── URLError     a URL that names no page of a public web site
└── RuleError    a rule file that cannot mean what it says
"""


class ExtractorError(ValueError):
    """The base of every error that this package raises on purpose; survives the way out of a worker process."""

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[ExtractorError], args: tuple[object, ...], state: dict[str, object]) -> ExtractorError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class URLError(ExtractorError):
    """A URL that cannot be fetched or stored; the message says what was found and the cure."""

    def __init__(self, url: str, found: str, cure: str) -> None:
        self.url = url
        super().__init__(f"{url[:200]!r}: {found}; {cure}")


class RuleError(ExtractorError):
    """A site rule that cannot be read; the message names file, line (when known), key, what was found and the cure."""

    def __init__(self, file: str, *, line: int | None = None, key: str = "", found: str, cure: str) -> None:
        self.file = file
        self.line = line
        self.key = key
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {key}: {found}; {cure}" if key else f"{place}: {found}; {cure}")
