"""What changed between two texts of an article, word by word."""

from typing import Any

from archive.browse.comparing import compared, folded, sides
from archive.browse.page import Answer, Asked, NoSuchPage, Redirect
from archive.browse.pages.article import article_row, history_of, text_of, version_of
from archive.browse.reading import Row, Rows
from archive.browse.working import work


async def diff(asked: Asked) -> Answer:
    """The diff of the two texts that the address names."""
    key, old_key, new_key = asked.parts["key"], asked.parts["old"], asked.parts["new"]
    data, texts = await asked.ask(lambda rows: _texts(rows, key, old_key, new_key))
    old, new = ((text["title"], text["text"]) for text in texts)
    found = await work(asked.cache, lambda: compared(old, new))
    side = asked.text("view") == "side"
    blocks = folded(found["blocks"]) if found else []
    return Answer(
        template="diff",
        title=f"Changes: {data['new']['title'] or data['article']['url']}",
        data={**data, "diff": found},
        shown={"side": side, "blocks": blocks, "rows": sides(blocks) if side else [], "same": old == new},
    )


async def newest_diff(asked: Asked) -> Redirect:
    """To the permalink of the diff that a form chose, or of an article's last two texts."""
    key = asked.parts["key"]
    history = await asked.ask(lambda rows: history_of(rows, article_row(rows, key)["id"], 2))
    if not history:
        raise NoSuchPage("No text of this article is kept.")
    old = asked.text("old") or history[-1]["text_key"]
    new = asked.text("new") or history[0]["text_key"]
    if not all(len(one) == 16 and set(one) <= set("0123456789abcdef") for one in (old, new)):
        raise NoSuchPage("A text's key has 16 hex digits.")
    return Redirect(asked.links.to("diff", key, old, new, view=asked.text("view") == "side" and "side"))


def _texts(rows: Rows, key: str, old_key: str, new_key: str) -> tuple[dict[str, Any], list[Row]]:
    article = article_row(rows, key)
    number = article.pop("id")
    old, new = (version_of(rows, number, one) for one in (old_key, new_key))
    history = history_of(rows, number)
    listed = {one["number"] for one in history}
    history += [one for one in (new, old) if one["number"] not in listed]
    data = {"article": article, "old": old, "new": new, "versions": history}
    return data, [text_of(rows, old_key), text_of(rows, new_key)]
