"""Quotations, numbers and notes of correction that an edit touched."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, event_weights
from archive.substance import substance
from tests.archive.looks import URL, look


@pytest.mark.parametrize(
    ("old", "new", "kind", "removed", "added"),
    [
        ('"We will build," she said.', '"We may build," she said.', "quote", ["We will build"], ["We may build"]),
        ("He said “no comment” twice.", "He said nothing twice.", "quote", ["no comment"], []),
        ("„Wir bauen“, sagte er.", "„Wir bauen nicht“, sagte er.", "quote", ["Wir bauen"], ["Wir bauen nicht"]),
        ("« Nous irons loin » a-t-il dit", "Il est parti.", "quote", [" Nous irons loin "], []),
        ("It cost $1.5 million.", "It cost $15 million.", "number", ["$1.5"], ["$15"]),
        ("Turnout was 40% at 9:30.", "Turnout was 42% at 9:30.", "number", ["40%"], ["42%"]),
        ("Text.", "Text.\n\nCorrection: the mayor is 61.", "correction", [], ["Correction: the mayor is 61."]),
        ("Text.", "Text.\n\nThis article was amended on Monday.", "correction", [],
         ["This article was amended on Monday."]),
        ("Text.", "Text.\n\nIn einer früheren Version stand es anders.", "correction", [],
         ["In einer früheren Version stand es anders."]),
        ("Text.", "Text.\n\nभूल सुधार: नाम गलत था।", "correction", [], ["भूल सुधार: नाम गलत था।"]),
    ],
)  # fmt: skip
def test_what_went_and_what_came(old: str, new: str, kind: str, removed: list[str], added: list[str]) -> None:
    found = substance(old, new)[kind]
    assert found == {"removed": [one.strip() for one in removed], "added": added}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('He called it "art".', "He called it art."),
        ("Three came.", "Three came.\n\nOn Monday 12 more came."),
        ('"Yes, we do," he said.', "“Yes, we do,” he said."),
        ("A correction of prices hit markets.", "A sharp correction of prices hit markets."),
        ("Fleets grew.", "Fleets grew. Corrections officers left early"),
    ],
)
def test_what_is_no_event(old: str, new: str) -> None:
    assert substance(old, new) == {}


@given(st.text(alphabet='ab 1.5"“”«»\n', max_size=200), st.text(alphabet='ab 1.5"“”«»\n', max_size=200))
def test_nothing_changed_and_back_again(old: str, new: str) -> None:
    assert substance(old, old) == {}
    assert set(substance(old, new)) == set(substance(new, old))


def test_hostile_texts_cost_linear_time() -> None:
    for unit in ("“", '"a ', ' "', "«a b", "1.", "correction ", "this article was "):
        text = unit * 300_000
        substance(text, text[:-1])


def test_typed_events_reach_the_archive(archive: Archive, run: str) -> None:
    first = 'The wall costs 1.5 million, engineers said.\n\n"It will hold," the mayor said on Monday.'
    second = first.replace("1.5", "1.8").replace("will hold", "may hold") + "\n\nCorrection: the cost was too low."
    archive.add(look(first), run)
    archive.add(look(second, hour=1), run)
    events = {event.kind: json.loads(event.detail) for event in archive.events()}
    assert list(events) == ["body", "quote", "number", "correction"]
    assert events["body"] == {"words_added": 8, "words_removed": 2}
    assert events["number"] == {"removed": ["1.5"], "added": ["1.8"]}
    assert archive.versions(URL)[1].kinds == ("body", "quote", "number", "correction")
    assert [version.number for version in archive.versions(URL, kinds=("quote",))] == [2]
    assert [version.number for version in archive.versions(URL, min_words=10)] == [2]
    assert archive.versions(URL, kinds=("headline",)) == archive.versions(URL, min_words=11) == []
    assert {event.kind for event in archive.events(kinds=tuple(event_weights()))} == set(events)
