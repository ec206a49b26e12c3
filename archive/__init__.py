"""The archive: facts that never change, and versions, events and lists derived from them, in one SQLite file."""

from archive.answers import Diff
from archive.coverage import DayCoverage
from archive.derive import event_weights
from archive.diff import DiffBlock, TextDiff, WordRun, diff_texts
from archive.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveUnwritable,
    DamagedBody,
    KeyCollision,
    NewerArchive,
    NotAnArchive,
    QueryError,
    RemovedBody,
    UnknownArticle,
)
from archive.evidence import EvidenceReport
from archive.exporting.export import ExportFormat, ExportReport, ExportRequest
from archive.exporting.selection import Selection
from archive.files import import_paths
from archive.fold import fold
from archive.happened import Happening
from archive.health import DeadSource, KindHealth, SiteHealth
from archive.importing.report import ImportProblem, ImportReport
from archive.keys import raw_key, text_key, url_key
from archive.look import Discovery, FetchKind, Look, Outcome, Saved, http_outcome
from archive.merge import MergeProblem, MergeReport
from archive.problems import Problem
from archive.publish import PublishReport
from archive.removal import Removal
from archive.rereading import ReextractReport, Reread, SiteReread
from archive.roots import DayRoot
from archive.rows import (
    ArticleRow,
    Event,
    Headline,
    Hit,
    LookRow,
    SearchCount,
    SiteStats,
    Stats,
    StoredItem,
    StoredText,
)
from archive.schema import APPLICATION_ID
from archive.store import Archive
from archive.verify import VerifyReport
from archive.version import Version

__all__ = [
    "APPLICATION_ID",
    "Archive",
    "ArchiveBusy",
    "ArchiveError",
    "ArchiveUnwritable",
    "ArticleRow",
    "DamagedBody",
    "DayCoverage",
    "DayRoot",
    "DeadSource",
    "Diff",
    "DiffBlock",
    "Discovery",
    "Event",
    "EvidenceReport",
    "ExportFormat",
    "ExportReport",
    "ExportRequest",
    "FetchKind",
    "Happening",
    "Headline",
    "Hit",
    "ImportProblem",
    "ImportReport",
    "KeyCollision",
    "KindHealth",
    "Look",
    "LookRow",
    "MergeProblem",
    "MergeReport",
    "NewerArchive",
    "NotAnArchive",
    "Outcome",
    "Problem",
    "PublishReport",
    "QueryError",
    "ReextractReport",
    "Removal",
    "RemovedBody",
    "Reread",
    "Saved",
    "SearchCount",
    "Selection",
    "SiteHealth",
    "SiteReread",
    "SiteStats",
    "Stats",
    "StoredItem",
    "StoredText",
    "TextDiff",
    "UnknownArticle",
    "VerifyReport",
    "Version",
    "WordRun",
    "diff_texts",
    "event_weights",
    "fold",
    "http_outcome",
    "import_paths",
    "raw_key",
    "text_key",
    "url_key",
]
