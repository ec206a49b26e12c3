"""``metadata.toml`` in the shapes that Datasette takes."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "metadata.toml").read_text("utf-8"))


def table_metadata() -> dict[str, dict[str, Any]]:
    """For each table its title, description, columns, facets, order and page size; hidden tables say so."""
    shown = {name: dict(table) for name, table in _file()["tables"].items()}
    return shown | {name: {"hidden": True} for name in _file()["hidden"]}


def database_metadata() -> dict[str, Any]:
    """The metadata of a database that is an archive."""
    return {"title": _file()["title"], "description": _file()["description"], "tables": table_metadata()}


def ready_queries() -> dict[str, dict[str, Any]]:
    """The ready questions by name."""
    return {name: dict(query) for name, query in _file()["queries"].items()}
