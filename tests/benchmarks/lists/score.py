"""One page's lists against its labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors import LinkList
from tests.benchmarks.lists.labels import Forms, LabelledList, LabelledPage, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Items are distinct titles of a page: one that stands in two lists counts once.

    ``found`` counts the titles that are judged, so not those of ``either``. A list is right when it shares a title with
    a labelled one and has its heading (or neither has one).
    """

    page: str
    no_article: bool
    wanted: int
    found: int
    right: frozenset[str]
    missed: tuple[Forms, ...]
    invented: tuple[str, ...]
    lists_wanted: int
    lists_hit: int
    lists_found: int
    lists_right: int
    with_url: int
    with_when: int
    timed: int


def judge(label: LabelledPage, lists: Sequence[LinkList] | None) -> Result:
    """``lists`` is None where the page was taken for one without an article."""
    found = lists or ()
    wanted = tuple(dict.fromkeys(item for labelled in label.lists for item in labelled.items))
    known = {form for item in wanted for form in item}
    titles = {digest(item.title): item for each in found for item in each.items}
    judged = titles.keys() - label.either
    right = frozenset(judged & known)
    pairs = [(each, [labelled for labelled in label.lists if _same(labelled, each)]) for each in found]
    return Result(
        page=label.id,
        no_article=lists is None,
        wanted=len(wanted),
        found=len(judged),
        right=right,
        missed=tuple(item for item in wanted if titles.keys().isdisjoint(item)),
        invented=tuple(titles[key].title for key in titles if key in judged and key not in known),
        lists_wanted=len(label.lists),
        lists_hit=len({labelled.items for _, same in pairs for labelled in same}),
        lists_found=sum(_counts(each, label) for each in found),
        lists_right=sum(bool(same) for _, same in pairs),
        with_url=sum(titles[key].url is not None for key in right),
        with_when=sum(titles[key].when_text is not None for key in right),
        timed=len({item for labelled in label.lists if labelled.timed for item in labelled.items[: labelled.timed]}),
    )


def _same(labelled: LabelledList, found: LinkList) -> bool:
    forms = {form for item in labelled.items for form in item}
    if forms.isdisjoint(digest(item.title) for item in found.items):
        return False
    return digest(found.heading) in labelled.heading if found.heading else not labelled.heading


def _counts(found: LinkList, label: LabelledPage) -> bool:
    return any(digest(item.title) not in label.either for item in found.items)
