"""``presskeep`` and ``python -m crawler``: every outcome as an exit code, every error as one clear line."""

import errno
import os
import sqlite3
import sys
import traceback
from collections.abc import Sequence

import click

from crawler.cli import cli
from crawler.cli.settings import Settings

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REFUSED = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM})
_ROOM = "see whether the disk is full, over its quota, read-only or failing, make room, and run the same command again"
OK, CRASH, WRONG_USE, SOME_SITES_FAILED, BUSY, INTERRUPTED = 0, 1, 2, 3, 4, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command line; ``arguments`` default to the process's own."""
    settings = Settings()
    args = None if arguments is None else list(arguments)
    try:
        code = cli.main(args, prog_name="presskeep", standalone_mode=False, obj=settings)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _say("interrupted", INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return WRONG_USE
    except click.UsageError as error:
        return _say(_with_hint(error), WRONG_USE)
    except click.ClickException as error:
        return _say(error.format_message(), WRONG_USE)
    except BrokenPipeError:
        # The reader of our output has left (`| head`); stdout must not be flushed again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:  # noqa: BLE001 - the last border: no traceback may reach a person unasked
        return _failed(error, settings)
    return code if isinstance(code, int) else OK


def _failed(error: Exception, settings: Settings) -> int:
    """An expected failure by its family; anything else is a crash of ours."""
    from archive import ArchiveBusy, ArchiveError
    from crawler.errors import CrawlerError
    from extractors import ExtractorError

    if isinstance(error, ArchiveBusy):
        return _say(str(error), BUSY)
    if isinstance(error, ArchiveError | ExtractorError | CrawlerError):
        return _say(str(error), WRONG_USE)
    if isinstance(error, sqlite3.DatabaseError) and error.sqlite_errorcode & 0xFF in _DAMAGED:
        cure = "see what `presskeep verify` says, or restore it from a copy"
        return _say(f"the archive is damaged ({error}); {cure}", WRONG_USE)
    if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSED:
        return _say(f"the disk refuses ({error}); {_ROOM}", WRONG_USE)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return _say(f"{error.filename or 'a file'} cannot be written ({error.strerror}); {_ROOM}", WRONG_USE)
    if settings.debug:
        traceback.print_exc()
    cure = "" if settings.debug else " (run again as `presskeep --debug ...` for the traceback)"
    return _say(f"this is a fault in presskeep: {type(error).__name__}: {error}{cure}", CRASH)


def _with_hint(error: click.UsageError) -> str:
    hint = f" Try `{error.ctx.command_path} --help`." if error.ctx else ""
    return f"{error.format_message().rstrip('.')}.{hint}" if hint else error.format_message()


def _say(message: str, code: int) -> int:
    click.echo(f"presskeep: {message}", err=True)
    return code


if __name__ == "__main__":
    main()
