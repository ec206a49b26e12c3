"""A word diff as an HTML page that needs nothing else and runs nothing."""

from collections.abc import Iterable, Iterator
from html import escape

from archive.diff import TextDiff, WordRun

_TAGS = {"kept": "span", "removed": "del", "added": "ins"}
_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:44em;margin:2em auto;padding:0 1em}"
    "del{background:#fdd;color:#900}ins{background:#dfd;color:#060;text-decoration:none}"
    "p{white-space:pre-line}dl{font-size:.85em;color:#444}"
)


def diff_page(heading: str, facts: Iterable[tuple[str, str]], words: TextDiff) -> bytes:
    """The page; what was taken away stands in ``del``, what was added in ``ins``."""
    return "\n".join(_lines(heading, facts, words)).encode("utf-8", "replace")


def _lines(heading: str, facts: Iterable[tuple[str, str]], words: TextDiff) -> Iterator[str]:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield '<!doctype html><html><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{escape(heading)}</title><style>{_STYLE}</style></head><body>"
    yield "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts) + "</dl>"
    yield f"<h1>{_runs(words.title)}</h1>"
    for block in words.blocks:
        yield f"<p>{_runs(block.runs)}</p>"
    if not words.complete:
        yield "<p><em>Some parts were too large to compare word by word and are shown whole.</em></p>"
    yield "</body></html>\n"


def _runs(runs: Iterable[WordRun]) -> str:
    return "".join(f"<{_TAGS[run.kind]}>{escape(run.text)}</{_TAGS[run.kind]}>" for run in runs)
