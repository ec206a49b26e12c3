"""What every format is given, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlite_utils import Database

from archive.exporting.columns import Table
from archive.exporting.folder import Folder
from archive.exporting.selection import Chosen, Selection


@dataclass(slots=True)
class Job:
    """One export under way. ``damaged`` collects the keys of bodies that cannot be read; ``seen`` counts versions."""

    db: Database
    read: Callable[[str], bytes]
    out: Folder
    selection: Selection
    chosen: Chosen
    software: str
    raw: bool
    seen: Callable[[int], object]
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What a format wrote: the files as the dataset card describes them, and for WARC how many records."""

    files: tuple[tuple[str, str, Table | None], ...]
    records: int | None = None
