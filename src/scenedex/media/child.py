"""Execution of one function on one media file in a child process with limits. Parent's side.

When `run_in_child` returns, for whatever reason, the child and its descendants are killed and reaped, and every
descriptor is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from scenedex.media import errors
from scenedex.media.control_groups import enclose, remove_group
from scenedex.media.diagnosis import EXIT_SECONDS, diagnose
from scenedex.media.limits import ChildLimits
from scenedex.media.messages import HEAD_BYTES, ChildRequest, Message, Progressed, Refused, Succeeded, message_length
from scenedex.media.quarters import take_back
from scenedex.media.source import LocalFile, RangedObject, serve_ranges
from scenedex.media.totals import exceeded_total, excess_on_disk, family, measure_folder

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable, Generator, Sequence
    from pathlib import Path

    from scenedex.media.source import MediaSource

    OnProgress = Callable[[float], Awaitable[None]]

__all__ = ["ChildLimits", "run_in_child"]

T = TypeVar("T")
_STDERR_TAIL_BYTES, _STDERR_CHUNK_BYTES = 4096, 64 * 1024
_SECONDS_BETWEEN_MESSAGES = 0.001
# Less to import than with -m. The name tells the process to people.
_PROGRAM = "from scenedex.media.launch import main; main()"
_PROGRAM_NAME = "scenedex.media.launch"
# No settings, keys or paths of the parent. The variables keep libraries from reserving threads and address space. With
# the policy, threads of OpenMP sleep while they wait. Other stages need the processors. With the thresholds, in bytes,
# networks use the memory of a former run again instead of new pages.
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "passive",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "67108864",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
}


async def run_in_child(
    entry: str,
    source: MediaSource,
    params: msgspec.Struct,
    result_type: type[T],
    *,
    limits: ChildLimits,
    work_dir: Path | None = None,
    on_progress: OnProgress | None = None,
    import_paths: Sequence[Path] = (),
    readable: Sequence[Path] = (),
) -> T:
    """Call ``module:function`` with the opened media and the parameters in a child process.

    Args:
        entry: function as ``package.module:name``, which takes an `OpenedMedia` and the encoded parameters.
        source: media file.
        params: parameters of the function.
        result_type: type of its result, which the child's answer is validated against.
        limits: limits of the child.
        work_dir: only folder that the child may write to.
        on_progress: awaited with the progress, 0 to 1, never decreasing. An exception from it stops the child and is
            raised.
        import_paths: folders with modules, besides the installed packages.
        readable: folders with weights that the function may read.

    Raises:
        MediaUnreadable: the file cannot be used, for the reason in the message.
        ChildFailed: the child exceeded a limit, or died.
        FileNotFoundError: the local file does not exist.
        Exception: raised by the ``read`` of a ranged object.
    """
    with _reporting_failures(limits.on_failure), _media_descriptor(source) as (media_fd, our_end):
        request = ChildRequest(
            entry=entry,
            params=msgspec.Raw(msgspec.json.encode(params)),
            media_fd=media_fd,
            size_bytes=source.size_bytes if isinstance(source, RangedObject) else None,
            work_dir=None if work_dir is None else str(work_dir),
            memory_bytes=limits.memory_bytes,
            cpu_seconds=limits.cpu_seconds,
            file_size_bytes=limits.file_size_bytes,
            max_pixels=limits.max_pixels,
            max_threads=limits.max_threads,
            first_user_id=limits.first_user_id,
            import_paths=tuple(str(path) for path in import_paths),
            readable=tuple(str(path) for path in readable),
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _PROGRAM,
            _PROGRAM_NAME,
            str(os.getpid()),
            str(media_fd),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=(media_fd,),
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            limit=1024**2,
        )
        # The child has read nothing yet.
        group = enclose(process.pid, limits)
        watching = asyncio.create_task(exceeded_total(process.pid, limits, work_dir))
        watching.add_done_callback(lambda done: None if done.cancelled() else _kill(process))
        ranges: asyncio.Task[None] | None = None
        if our_end is not None and isinstance(source, RangedObject):
            ranges = asyncio.create_task(serve_ranges(our_end, source))
            # Without its media the child cannot produce a result.
            ranges.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else _kill(process))
        try:
            outcome = await _exchange(process, request, limits, on_progress)
        finally:
            _kill(process)
            await asyncio.shield(_reap(process, ranges, watching))
            if group is not None:
                remove_group(group)
            if work_dir is not None:
                take_back(work_dir)
        if not watching.cancelled():
            raise watching.result()
        if work_dir is not None and (excess := excess_on_disk(measure_folder(work_dir), limits)) is not None:
            raise excess
        if ranges is not None and not ranges.cancelled() and (failure := ranges.exception()) is not None:
            raise failure
        if isinstance(outcome, errors.MediaError):
            raise outcome
        try:
            return msgspec.json.decode(outcome.result, type=result_type)
        except msgspec.MsgspecError as error:
            raise errors.ChildCrashed(f"The process gave an impossible answer: {error}") from error


@contextlib.contextmanager
def _reporting_failures(on_failure: Callable[[str], None]) -> Generator[None]:
    try:
        yield
    except errors.ChildFailed as error:
        on_failure(error.reason)
        raise


@contextlib.contextmanager
def _media_descriptor(source: MediaSource) -> Generator[tuple[int, socket.socket | None]]:
    """Open the descriptor for the child, and the parent's end if the parent reads ranges for it."""
    if not isinstance(source, RangedObject):
        path = source.path if isinstance(source, LocalFile) else os.devnull
        # Non-blocking, so that a pipe in place of the file does not block the parent.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            yield descriptor, None
        finally:
            os.close(descriptor)
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield theirs.fileno(), ours


async def _exchange(
    process: Process, request: ChildRequest, limits: ChildLimits, on_progress: OnProgress | None
) -> Succeeded | errors.MediaError:
    """Send the request and return the child's result, refusal or cause of failure."""
    stderr_tail = asyncio.create_task(_tail(process))
    wall = asyncio.timeout(limits.wall_seconds)
    try:
        async with wall:
            assert process.stdin is not None  # noqa: S101  # it is a pipe
            process.stdin.write(msgspec.json.encode(request))
            process.stdin.close()
            message = await _read_outcome(process, limits, on_progress)
    except TimeoutError as error:
        if not wall.expired():
            raise
        raise errors.ChildTimedOut(f"The file could not be processed in {limits.wall_seconds:g} s.") from error
    else:
        match message:
            case Succeeded():
                return message
            case Refused(error=name, detail=detail):
                return errors.REPORTABLE_ERRORS.get(name, errors.ChildCrashed)(detail)
            case None:
                return await diagnose(process, stderr_tail)
    finally:
        stderr_tail.cancel()
        await asyncio.gather(stderr_tail, return_exceptions=True)


async def _read_outcome(
    process: Process, limits: ChildLimits, on_progress: OnProgress | None
) -> Succeeded | Refused | None:
    """Return the final message of the child, or `None` if it ended without one.

    Raises:
        ChildStalled: neither its position in the media nor its work grew for too long.
    """
    clock = asyncio.get_running_loop()
    stalls_at = clock.time() + limits.stall_seconds
    max_fraction, max_done = -1.0, 0
    while True:
        try:
            async with asyncio.timeout_at(stalls_at):
                message = await _read_message(process)
        except TimeoutError as error:
            raise errors.ChildStalled(
                f"The process made no progress for {limits.stall_seconds:g} s and was stopped."
            ) from error
        if not isinstance(message, Progressed):
            return message
        # A flood of messages must not keep other jobs of this worker waiting.
        await asyncio.sleep(_SECONDS_BETWEEN_MESSAGES)
        is_further = max_fraction < message.fraction <= 1
        if is_further:
            max_fraction = message.fraction
            if on_progress is not None:
                await on_progress(max_fraction)
        if is_further or message.done > max_done:
            max_done = max(max_done, message.done)
            stalls_at = clock.time() + limits.stall_seconds


async def _read_message(process: Process) -> Message | None:
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    try:
        length = message_length(await process.stdout.readexactly(HEAD_BYTES))
        return msgspec.json.decode(await process.stdout.readexactly(length), type=Message)
    except (asyncio.IncompleteReadError, ValueError):
        return None


async def _tail(process: Process) -> bytes:
    """Return the last bytes on standard error, reading all of it."""
    assert process.stderr is not None  # noqa: S101  # it is a pipe
    tail = b""
    while chunk := await process.stderr.read(_STDERR_CHUNK_BYTES):
        tail = (tail + chunk)[-_STDERR_TAIL_BYTES:]
        await asyncio.sleep(_SECONDS_BETWEEN_MESSAGES)
    return tail


def _kill(process: Process) -> None:
    """Kill the child and its descendants."""
    inside = family(process.pid)[1:] if process.returncode is None else []
    for pid in inside:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    if not inside:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


async def _reap(
    process: Process, ranges: asyncio.Task[None] | None, watching: asyncio.Task[errors.ChildFailed]
) -> None:
    """Wait for the end of a killed child, and close its pipes."""
    tasks: list[asyncio.Task[Any]] = [watching] if ranges is None else [watching, ranges]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    # The process that waits for a child in namespaces ends after it.
    try:
        async with asyncio.timeout(EXIT_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    # asyncio closes pipes only after they have been read, and these may hold unread output.
    transport: asyncio.SubprocessTransport | None = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
