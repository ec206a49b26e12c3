"""Work that takes Python's time, such as a diff: in threads of its own, so that the server goes on answering."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from archive.browse.reading import TookTooLong

T = TypeVar("T")

_THREADS = 2
_SECONDS = 8.0


async def work(cache: dict[Any, Any], task: Callable[[], T], seconds: float = _SECONDS) -> T:
    """What a task gives, which must be bounded in itself; raises TookTooLong when the reader should wait no longer."""
    pool = cache.get("workers")
    if pool is None:
        pool = cache["workers"] = ThreadPoolExecutor(_THREADS, thread_name_prefix="presskeep-pages")
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(pool, task), seconds)
    except TimeoutError as error:
        raise TookTooLong("this page takes more work than the server does for one reader; try again later") from error
