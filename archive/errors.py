"""What can go wrong with an archive.

ArchiveError
├── ArchiveBusy       another process writes this archive
├── ArchiveUnwritable the disk is full, read-only or failing; what was committed is kept
├── NotAnArchive      the file is something else
├── NewerArchive      the file was written by a later presskeep
├── DamagedBody       stored bytes do not give the body that their key promises
├── KeyCollision      two different contents share one key
├── RemovedBody       a takedown removed this body; it does not come back
├── QueryError        a search or a query that cannot be run
└── UnknownArticle    no article, version, text or raw of that name (also a LookupError)
"""


class ArchiveError(Exception):
    """The base of every error that this package raises on purpose; the message says what was found and the cure."""


class ArchiveBusy(ArchiveError):
    """Another presskeep process holds the lock of this archive."""


class ArchiveUnwritable(ArchiveError):
    """The disk under an archive refused a write: it is full, read-only or failing. The transaction left nothing."""


class NotAnArchive(ArchiveError):
    """The file exists and is not a presskeep archive."""


class NewerArchive(ArchiveError):
    """The schema of the file is newer than this presskeep knows."""


class DamagedBody(ArchiveError):
    """A stored body is missing, is no valid frame, is larger than allowed, or has another digest."""


class KeyCollision(ArchiveError):
    """Two contents with different SHA-256 digests have one key; costs the look that brought the second."""


class RemovedBody(ArchiveError):
    """A body that ``presskeep forget`` removed; only its digest is kept."""


class QueryError(ArchiveError):
    """A search that means nothing to the full-text index, or SQL that an export cannot use."""


class UnknownArticle(ArchiveError, LookupError):
    """Nothing in this archive has that URL or key; the message names near matches."""
