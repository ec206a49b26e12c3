"""An archive to be exported, and what stands in the files of an export."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive import Archive, ExportFormat, ExportReport, ExportRequest, Selection
from archive.exporting.tables import unguarded
from extractors import OptOut
from tests.archive.looks import bare, look

OTHER = "https://paper.example/other"
SECRET = "https://paper.example/secret"
FORMATS: tuple[ExportFormat, ...] = ("text", "jsonl", "csv")
HOSTILE = (
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "'quoted",
    "\tTab",
    "＝1",
    'line one\nline two, "three"\r\nfour',
    "nul\0inside",
    "right\u202eto\u2066left",
    "ends\u2028of\u2029lines\u0085here",
    "😀 कखग 市议会",
    "| cell | `code` <b>",
)


def fill(archive: Archive) -> None:
    """Two articles in three versions each, beside lists, and a failed day."""
    run = archive.start_run("test")
    for hour in range(3):
        archive.add(look(f"Text {hour} here.", hour=hour, title="A story", items=[f"Item{hour}", "Both"]), run)
        archive.add(look(f"Other {hour} there.", url=OTHER, hour=24 * hour), run)
    archive.add(bare("http-503", hour=24), run)
    archive.add(bare("timeout", url="https://paper.example/never", hour=48), run)


def opt_out(archive: Archive, value: str = "noai") -> None:
    seen = look("A secret text.", url=SECRET, items=["Beside"])
    archive.add(replace(seen, optouts=(OptOut(signal="meta-robots", value=value),)), archive.start_run("test"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "versions.jsonl").read_bytes().splitlines()]


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: unguarded(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def card_of(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / "card.json").read_bytes())
    return card


def jsonl(archive: Archive, folder: Path, **selection: Any) -> ExportReport:
    return archive.export(folder, ExportRequest(format="jsonl", selection=Selection(**selection)))
