"""An explanation as one HTML page that needs nothing else: no script, no other file, nothing fetched."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Final

from crawler.cli.explaining import NO_ARTICLE, source, sums
from crawler.cli.paint import plain
from extractors import ExplainedBlock, Explanation

_STYLE: Final = """
:root { color-scheme: light dark; --page: #fff; --ink: #1b1b1b; --dim: #595959; --rule: #d0d0d0;
  --article: #e3f4e4; --article-ink: #0f5a1d; --list: #e2ecfb; --list-ink: #12478f;
  --furniture: #f0f0f0; --furniture-ink: #565656; }
@media (prefers-color-scheme: dark) { :root { --page: #161616; --ink: #ececec; --dim: #a9a9a9; --rule: #3d3d3d;
  --article: #12301a; --article-ink: #9be0a8; --list: #14284a; --list-ink: #a9cbff;
  --furniture: #262626; --furniture-ink: #b4b4b4; } }
body { background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 60rem; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: 1.2rem 0; width: 100%; }
th { overflow-wrap: normal; } caption { text-align: start; color: var(--dim); }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .6rem .3rem 0; text-align: start; vertical-align: top; }
ol { list-style: none; padding: 0; } li { border-inline-start: .4rem solid; margin: .2rem 0; padding: .3rem .7rem; }
li p { margin: 0; } .why { color: var(--dim); font-size: .85rem; }
.mark { font-size: .75rem; font-weight: 600; letter-spacing: .03em; text-transform: uppercase; }
.article { background: var(--article); border-color: var(--article-ink); } .article .mark { color: var(--article-ink); }
.list { background: var(--list); border-color: var(--list-ink); } .list .mark { color: var(--list-ink); }
.furniture { background: var(--furniture); border-color: var(--furniture-ink); }
.furniture .mark, .furniture .text { color: var(--furniture-ink); }
"""
_DIGEST: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"


def explain_page(url: str, shown: Explanation) -> str:
    """The whole page; every word of the explained page is escaped, and its addresses are text."""
    article = shown.reading.article
    title = (article.title if article else "") or url
    language = article.language if article else None
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>What the reader saw: {_text(title)}</title>\n<style>{_STYLE}</style>"
    )
    why = NO_ARTICLE.get(shown.reading.reason, shown.reading.reason)
    notes = [f"No article here: {why}."] if article is None else []
    body = [
        f'<h1 dir="auto">{_text(title)}</h1>',
        f"<p>{_text(url)}</p>",
        *(f'<p role="note">{_text(note)}</p>' for note in (*notes, *shown.reading.drift)),
        _table("What the page was taken for", ("part", "blocks", "words"), sums(shown)),
        _fields(shown),
        '<h2 id="blocks">The page, block by block</h2>',
        '<ol aria-labelledby="blocks">',
        *(_block(block, language) for block in shown.blocks),
        "</ol>",
    ]
    joined = "\n".join(filter(None, body))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n'
        f"<body>\n<main>\n{joined}\n</main>\n</body>\n</html>\n"
    )


def _fields(shown: Explanation) -> str:
    rows = [(field.name, field.value, source(field)) for field in shown.fields]
    return _table("Where each field comes from", ("field", "value", "read by"), rows) if rows else ""


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    top = "".join(f'<th scope="col">{_text(head)}</th>' for head in heads)
    lines = []
    for first, *rest in rows:
        cells = "".join(f'<td dir="auto">{_text(cell)}</td>' for cell in rest)
        lines.append(f'<tr><th scope="row">{_text(first)}</th>{cells}</tr>')
    return (
        f"<table>\n<caption>{_text(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{chr(10).join(lines)}\n</tbody>\n</table>"
    )


def _block(block: ExplainedBlock, language: str | None) -> str:
    mark = block.role if block.list is None else f"list {block.list + 1}"
    lang = f' lang="{_text(language)}"' if language else ""
    place = f" <code>{_text(block.path)}</code>" if block.path else ""
    return (
        f'<li class="{block.role}"><span class="mark">{_text(mark)}</span>'
        f'<p class="text" dir="auto"{lang}>{_text(block.text)}</p>'
        f'<p class="why">{_text(block.reason)}{place}</p></li>'
    )


def _text(value: object) -> str:
    return escape(plain(value))
