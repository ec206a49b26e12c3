"""Datasette 1.0: metadata, table configuration and queries are set once, when it starts."""

from typing import Any

from archive.browse.metadata import database_metadata, ready_queries, table_metadata

_CONFIGURATION = ("facets", "sort_desc", "size", "label_column", "hidden")


async def explain(datasette: Any, name: str) -> None:
    """Fill in what the user's own metadata and configuration leave open for one archive."""
    await _describe(datasette, name)
    _configure(datasette, name)
    for query, shape in ready_queries().items():
        await datasette.add_query(
            name, query, shape["sql"].strip(), title=shape["title"], description=shape["description"], is_trusted=True
        )


async def _describe(datasette: Any, name: str) -> None:
    said = await datasette.get_database_metadata(name)
    for key in ("title", "description"):
        if not said.get(key):
            await datasette.set_database_metadata(name, key, database_metadata()[key])
    for table, shape in table_metadata().items():
        said = await datasette.get_resource_metadata(name, table)
        for key in ("title", "description"):
            if key in shape and not said.get(key):
                await datasette.set_resource_metadata(name, table, key, shape[key])
        for column, text in shape.get("columns", {}).items():
            if not (await datasette.get_column_metadata(name, table, column)).get("description"):
                await datasette.set_column_metadata(name, table, column, "description", text)


def _configure(datasette: Any, name: str) -> None:
    """Datasette 1.0 has no setter for facets and orders; it reads them from its configuration at each request."""
    if not isinstance(getattr(datasette, "config", None), dict):
        return
    tables = datasette.config.setdefault("databases", {}).setdefault(name, {}).setdefault("tables", {})
    for table, shape in table_metadata().items():
        wanted = {key: shape[key] for key in _CONFIGURATION if key in shape}
        tables[table] = wanted | tables.get(table, {})
