"""One message to one hook: a POST through the guarded client, or a program with the message on its standard input.

What comes back is "" or the reason of the failure in a few words. These name no address and no header: they may be
secret.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import aiohttp
import httpx

from archive import Outcome, http_outcome
from crawler.causes import translated
from crawler.guard import ALLOWED, AddressRefusedError, check_literal
from crawler.hooks import Target
from crawler.retry import persistently, retry_after
from crawler.wire import Failure

RETRIES = 3
"""After the first attempt, where the failure is one that goes away: see :data:`crawler.retry.TRANSIENT`."""

_REFUSED = f"{Outcome.ADDRESS_REFUSED}: it is no public address; allow its network with allow_private if it is yours"


async def post(
    client: httpx.AsyncClient,
    target: Target,
    body: bytes,
    *,
    agent: str,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> str:
    """POST a JSON document to a webhook; up to three more attempts after transient failures. Follows no redirect."""

    async def attempt() -> Failure | None:
        return await _posted(client, target, body, agent)

    result, attempts = await persistently(attempt, retries=RETRIES, sleep=sleep)
    if result is None:
        return ""
    if result.outcome == Outcome.ADDRESS_REFUSED:
        return _REFUSED
    return result.outcome + (f" after {attempts} attempts" if attempts > 1 else "")


async def _posted(client: httpx.AsyncClient, target: Target, body: bytes, agent: str) -> Failure | None:
    headers = {"User-Agent": agent, "Content-Type": "application/json; charset=utf-8", "Accept": "*/*"}
    token = ALLOWED.set(target.allow_private)
    try:
        check_literal(target.url, target.allow_private)
        async with (
            asyncio.timeout(target.timeout),
            client.stream("POST", target.url, content=body, headers={**headers, **dict(target.headers)}) as response,
        ):
            if response.is_success:
                return None
            wait = retry_after(response.headers.get("retry-after"), datetime.now(UTC))
            return Failure(url="", outcome=http_outcome(response.status_code), retry_after=wait)
    except AddressRefusedError:
        return Failure(url="", outcome=Outcome.ADDRESS_REFUSED)
    except (TimeoutError, aiohttp.ClientError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Failure(url="", outcome=translated("", error).outcome)
    finally:
        ALLOWED.reset(token)


async def run(target: Target, body: bytes) -> str:
    """Give a JSON document, as a line, to a program, without a shell. It has ``timeout`` seconds; then its whole group
    is ended."""
    try:
        process = await asyncio.create_subprocess_exec(
            *target.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C on the crawl is not for it, and its children end with it
        )
    except (OSError, ValueError) as error:
        return f"it cannot be started ({getattr(error, 'strerror', None) or type(error).__name__})"
    try:
        async with asyncio.timeout(target.timeout):
            await process.communicate(body + b"\n")
    except TimeoutError:
        return f"not done after {target.timeout:g} s"
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return f"it left with code {process.returncode}" if process.returncode else ""
