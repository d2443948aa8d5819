"""Cause of the end of a child that sent no final message."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Final

from scenedex.media import errors

if TYPE_CHECKING:
    from asyncio.subprocess import Process

EXIT_SECONDS: Final = 2
"""Time that an ending child has to end."""
# The last two appear if a thread gets no memory for its stack.
_NO_MEMORY: Final = (
    "MemoryError",
    "bad_alloc",
    "allocate memory",
    "start new thread",
    "Resource temporarily unavailable",
)


async def diagnose(process: Process, stderr_tail: asyncio.Task[bytes]) -> errors.ChildFailed:
    """Return the error of a child that ended without a final message."""
    try:
        async with asyncio.timeout(EXIT_SECONDS):
            status = await process.wait()
            stderr = (await stderr_tail).decode(errors="replace")
    except TimeoutError:
        return errors.ChildCrashed("The process stopped answering.")
    # A child in a namespace of processes ends with the number of the signal.
    if status in {-signal.SIGXCPU, signal.SIGXCPU}:
        return errors.ChildTimedOut("The file needs more processor time than a decoder may use.")
    if any(sign in stderr for sign in _NO_MEMORY):
        return errors.ChildOutOfMemory()
    if status == -signal.SIGKILL:
        # The parent did not send it, so it comes from the system's out-of-memory killer.
        return errors.ChildKilled()
    if status < 0 or status == signal.SIGABRT:
        return errors.ChildCrashed(f"The process crashed on this file ({_signal_name(abs(status))}).")
    last_line = "".join(stderr.strip().splitlines()[-1:])
    return errors.ChildCrashed(f"The process failed on this file: {last_line or f'it ended with status {status}'}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
