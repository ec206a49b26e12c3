"""Which headlines a site's pages promoted, when and beside what; and headlines that were changed.

Read from the lists beside the articles looked at last, so that a site with a million placements takes no longer.
"""

import json
from typing import Any

from archive.browse.page import Answer, Asked
from archive.browse.pages.edits import site_names
from archive.browse.reading import Row, Rows
from archive.diff import diff_texts

_ARTICLES, _ITEMS, _PAGE, _CHANGES, _PAGES_NAMED = 300, 20_000, 60, 20, 4
_LONGEST = 2000  # characters of a headline

_PLACED = f"""
SELECT i.title, i.url, i.heading, i.kind, i.position, i.first_seen, i.last_seen, i.sightings, a.key AS page,
       a.title AS page_title, a.site
FROM (SELECT id, key, title, site FROM articles WHERE (:site = '' OR site = :site) AND version_count > 0
      ORDER BY last_seen DESC LIMIT {_ARTICLES}) a
     JOIN list_items i ON i.article = a.id
WHERE (:kind = '' OR i.kind = :kind) AND (:url = '' OR i.url = :url)
LIMIT {_ITEMS}
"""  # noqa: S608 - constants of this module
_CHANGED = f"""
SELECT e.at, a.key AS article, a.site, e.detail
FROM (SELECT id, article, at, detail, kind FROM events ORDER BY at DESC, id DESC LIMIT 20000) e
     JOIN articles a ON a.id = e.article
WHERE e.kind = 'headline' AND (:site = '' OR a.site = :site) ORDER BY e.at DESC, e.id DESC LIMIT {_CHANGES}
"""  # noqa: S608 - constants of this module
KINDS = ("top", "most-read", "recent", "related", "more-from", "other")


async def headlines(asked: Asked) -> Answer:
    """Promoted headlines as the query filters them: ``site``, ``kind`` of list, ``url``; ``page`` counts from 1."""
    kind = asked.text("kind")
    chosen = {
        "site": asked.text("site"),
        "kind": kind if kind in KINDS else "",
        "url": asked.args.get("url", "").strip()[:4000],
    }
    page = max(asked.number("page", 1), 1)
    place = ("headlines", *chosen.values(), page)
    found = await asked.remembered(place, lambda rows: _headlines(rows, chosen, page))
    further = found["count"] > page * _PAGE
    data = {"filters": chosen, "page": page, **found}
    return Answer(
        template="headlines",
        title="Headlines",
        data=data,
        shown={
            "here": "Headlines",
            "sites": await asked.ask(site_names),
            "all_kinds": KINDS,
            "most_articles": _ARTICLES,
            "older": asked.links.to("headlines", **chosen, page=page + 1) if further else None,
        },
    )


def _headlines(rows: Rows, chosen: dict[str, str], page: int) -> dict[str, Any]:
    placed = rows.all(_PLACED, **chosen)
    promoted = _grouped(placed)
    changed = rows.part(lambda part: part.all(_CHANGED, site=chosen["site"]), 1.0) or []
    return {
        "count": len(promoted),
        "headlines": _archived(rows, promoted[(page - 1) * _PAGE : page * _PAGE]),
        "complete": len(placed) < _ITEMS,
        "changed": [{**row, **_before_after(row.pop("detail"))} for row in changed] if not chosen["url"] else [],
    }


def _grouped(placed: list[Row]) -> list[dict[str, Any]]:
    """Placements by headline and address: the last seen first, then those on most pages."""
    groups: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for row in placed:
        one = groups.setdefault(
            (row["site"], row["title"], row["url"]),
            {
                "site": row["site"], "title": row["title"], "url": row["url"], "article": None,
                "first_seen": row["first_seen"], "last_seen": row["last_seen"], "sightings": 0, "best_position": None,
                "lists": [], "pages": 0, "beside": [],
            },
        )  # fmt: skip
        one["first_seen"] = min(one["first_seen"], row["first_seen"])
        one["last_seen"] = max(one["last_seen"], row["last_seen"])
        one["sightings"] += row["sightings"]
        one["best_position"] = min(one["best_position"] or row["position"], row["position"])
        if row["heading"] not in one["lists"]:
            one["lists"].append(row["heading"])
        one["pages"] += 1
        if len(one["beside"]) < _PAGES_NAMED:
            place = {name: row[name] for name in ("heading", "kind", "position", "first_seen", "last_seen")}
            one["beside"].append({"article": row["page"], "title": row["page_title"], **place})
    # two stable sorts: times are text and cannot be negated
    ranked = sorted(groups.values(), key=lambda one: (-one["pages"], one["title"]))
    return sorted(ranked, key=lambda one: str(one["last_seen"])[:10], reverse=True)


def _archived(rows: Rows, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Says of each headline which article of this archive it leads to."""
    wanted = json.dumps([one["url"] for one in groups if one["url"]])
    known = rows.all("SELECT url, key FROM articles WHERE url IN (SELECT value FROM json_each(:urls))", urls=wanted)
    keys = {row["url"]: row["key"] for row in known}
    for one in groups:
        one["article"] = keys.get(one["url"])
    return groups


def _before_after(detail: str) -> dict[str, Any]:
    """A headline ``before`` and ``after``, and as runs of ``words`` what came and went."""
    try:
        found = json.loads(detail)
    except ValueError:
        found = {}
    before, after = (str(found.get(name) or "") for name in ("before", "after"))
    title = diff_texts((before[:_LONGEST], ""), (after[:_LONGEST], "")).title
    return {"before": before, "after": after, "words": [{"kind": run.kind, "text": run.text} for run in title]}
