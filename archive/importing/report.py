"""What an import tells when it is done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """A file, or a place in one, that was not imported: what was found and the cure."""

    file: str
    found: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import added: new rows by table, looks that were there already, and what could not be imported."""

    run: str
    new: tuple[tuple[str, int], ...]
    skipped: int
    problems: tuple[ImportProblem, ...]

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep import --json`` prints."""
        errors = [{"file": one.file, "found": one.found, "cure": one.cure} for one in self.problems]
        return {"new": dict(self.new), "skipped": self.skipped, "errors": errors}
