"""Who may see what: Datasette's own permissions, asked in the way of each of its lines."""

from collections.abc import Iterable
from typing import Any


async def may_view(datasette: Any, actor: Any, database: str, tables: Iterable[str]) -> bool:
    """Whether an actor may view the database and every one of those tables of it.

    Stricter than Datasette, where a table may be open in a closed database: a page of ours shows many at once.
    """
    if hasattr(datasette, "ensure_permissions"):
        return await _in_0(datasette, actor, database, tables)
    return await _in_1(datasette, actor, database, tables)


async def _in_0(datasette: Any, actor: Any, database: str, tables: Iterable[str]) -> bool:
    chain: list[Any] = [("view-database", database), "view-instance"]
    visible, _ = await datasette.check_visibility(actor, permissions=chain)
    for table in tables:
        if not visible:
            break
        own = [("view-table", (database, table)), *chain]
        visible, _ = await datasette.check_visibility(actor, permissions=own)
    return bool(visible)


async def _in_1(datasette: Any, actor: Any, database: str, tables: Iterable[str]) -> bool:
    from datasette.resources import DatabaseResource, TableResource

    allowed = await datasette.allowed(action="view-database", resource=DatabaseResource(database=database), actor=actor)
    for table in tables:
        if not allowed:
            break
        resource = TableResource(database=database, table=table)
        allowed = await datasette.allowed(action="view-table", resource=resource, actor=actor)
    return bool(allowed)
