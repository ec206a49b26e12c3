"""The folder of an export: filled beside its place, digested file by file, and moved there when it is whole."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.errors import ArchiveError

SUMS = "SHA256SUMS"
"""The digests of all other files, as ``sha256sum -c`` reads them."""

CARD = "card.json"
_CHUNK = 1 << 20


class Out:
    """A file under way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Appends bytes."""
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    @property
    def sha256(self) -> str:
        """Of all that was written."""
        return self._digest.hexdigest()


class Folder:
    """Files on their way to ``path``. Raises ArchiveError that names the file when the disk does not take it."""

    def __init__(self, path: Path, place: Path, sums: BinaryIO) -> None:
        self.path = path
        self._place = place
        self._sums = sums
        self.files = 0
        self.bytes = 0

    def write(self, name: str, content: bytes) -> None:
        """One file at once."""
        with self.open(name) as out:
            out.write(content)

    @contextmanager
    def open(self, name: str) -> Iterator[Out]:
        """One file bit by bit."""
        with _naming(self.path / name):
            place = self._made(name)
            with place.open("xb") as file:
                out = Out(file)
                yield out
        self._noted(name, out.sha256, out.size)

    @contextmanager
    def written(self, name: str) -> Iterator[Path]:
        """One file that another library writes at the path given."""
        with _naming(self.path / name):
            place = self._made(name)
            yield place
            digest = hashlib.sha256()
            with place.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
            size = place.stat().st_size
        self._noted(name, digest.hexdigest(), size)

    def _made(self, name: str) -> Path:
        place = self._place / name
        place.parent.mkdir(exist_ok=True)
        return place

    def _noted(self, name: str, sha256: str, size: int) -> None:
        line = f"{sha256}  {name}\n".encode()
        with _naming(self.path / SUMS):
            self._sums.write(line)
        self.files += 1
        self.bytes += size


@contextmanager
def folder(path: Path, *, force: bool, same: dict[str, object]) -> Iterator[Folder]:
    """A folder that appears at ``path`` when the block ends well; nothing is left when it does not.

    Raises ArchiveError when ``path`` holds anything; with ``force`` an earlier export gives way whose card says
    ``same`` and which holds nothing else.
    """
    path = path.resolve()
    replaces = _check(path, force=force, same=same)
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with _naming(path):
        place.mkdir()
    try:
        with _naming(path / SUMS):
            sums = (place / SUMS).open("xb")
        with sums:
            made = Folder(path, place, sums)
            yield made
            with _naming(path / SUMS):
                sums.flush()
        made.files += 1
        made.bytes += (place / SUMS).stat().st_size
        with _naming(path):
            _move(place, path, replaces=replaces)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _move(place: Path, path: Path, *, replaces: bool) -> None:
    if not replaces:
        os.replace(place, path)  # over an empty folder too (POSIX rename)
        return
    old = place.with_suffix(".old")
    os.replace(path, old)
    try:
        os.replace(place, path)
    except BaseException:
        os.replace(old, path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _check(path: Path, *, force: bool, same: dict[str, object]) -> bool:
    """Whether an earlier export gives way."""
    if not path.parent.is_dir():
        raise ArchiveError(f"{path.parent} is no folder; make it, or name another place for the export")
    if not path.exists():
        return False
    with _naming(path, "read"):
        if not path.is_dir():
            raise ArchiveError(f"{path} is a file; name a folder for the export")
        if next(path.iterdir(), None) is None:
            return False
        if not force:
            raise ArchiveError(
                f"{path} is not empty; name another folder, or replace an earlier export of the same with --force"
            )
        _check_earlier(path, same)
    return True


def _check_earlier(path: Path, same: dict[str, object]) -> None:
    try:
        card = json.loads((path / CARD).read_bytes())
        lines = (path / SUMS).read_text("utf-8").splitlines()
    except (FileNotFoundError, ValueError) as error:
        raise ArchiveError(f"{path} holds no whole export of presskeep; empty it, or name another folder") from error
    for name, value in same.items():
        if not isinstance(card, dict) or card.get(name) != value:
            raise ArchiveError(
                f"{path} holds an export of something else (its {CARD} has another {name!r}); name another folder"
            )
    ours = {line.partition("  ")[2] for line in lines} | {SUMS}
    for found in path.rglob("*"):
        if not found.is_dir() and found.relative_to(path).as_posix() not in ours:
            raise ArchiveError(f"{found} is not part of the export that is to be replaced; move it away first")


@contextmanager
def _naming(path: Path, verb: str = "written") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise ArchiveError(f"{path} cannot be {verb} ({why}); check the folder and the disk") from error
