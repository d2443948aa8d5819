"""``scenedex serve`` and ``scenedex worker``: the processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import require_data_folder
from scenedex.cli.greeting import Greeting, address_of, log_lack_of_weights, missing_weights
from scenedex.cli.invocation import Invocation
from scenedex.cli.logs import is_for_people
from scenedex.cli.options import DataDir, operator, settings_with_engines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scenedex.settings import Settings, WorkerSettings
    from scenedex.wiring import Platform

_SECONDS_TO_STOP_WORKERS = 8
_SECONDS_BEFORE_RESTART = 1.0
_SECONDS_FOR_DATABASE = 60
_SECONDS_TO_MARK_STORAGE = 10
_SECONDS_BETWEEN_MARKS = 5
# Variables of users' commands. A worker is no client.
_KEYS_OF_USERS = frozenset({"NCLOUD_ACCESS_KEY", "NCLOUD_SECRET_KEY"})


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8600", min=0, max=65535)] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes.", show_default="1", min=0, max=64)] = None,
    data_dir: DataDir = None,
    *,
    no_workers: Annotated[
        bool, typer.Option("--no-workers", help="Serve the API without workers. Run `scenedex worker` elsewhere.")
    ] = False,
) -> None:
    """Serve the API, with worker processes beside it, until stopped."""
    if no_workers and workers:
        raise typer.BadParameter(f"contradicts --workers {workers}", param_hint="--no-workers")
    import uvloop

    from scenedex.cli.logs import configure_logs
    from scenedex.engines.selection import vocabulary_of

    settings = settings_with_engines(data_dir)
    count = 0 if no_workers else workers
    changed = {
        "server": settings.server.model_copy(
            update={key: value for key, value in (("host", host), ("port", port)) if value is not None}
        ),
        "workers": settings.workers.model_copy(update={} if count is None else {"count": count}),
    }
    settings = settings.model_copy(update=changed)
    # A fault that stops every worker is reported before anything starts.
    vocabulary_of(settings.engines)
    configure_logs(settings.log)
    uvloop.run(_serve(settings, data_dir))


def worker(
    queues: Annotated[
        str | None,
        typer.Option(
            help="Kinds of jobs to run, separated by commas: import, analysis, erasure, picture, search, reindexing, "
            "proxy.",
            show_default="all",
            metavar="KINDS",
        ),
    ] = None,
    data_dir: DataDir = None,
    *,
    supervised: Annotated[
        bool, typer.Option("--supervised", hidden=True, help="Stop when standard input closes.")
    ] = False,
) -> None:
    """Run imports and analyses, until stopped."""
    # NumPy reads it when it is loaded. Its threads wait for each other in a busy loop, which takes twenty times the
    # processor time of the products that embed a query.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from scenedex.cli.logs import configure_logs
    from scenedex.engines.selection import vocabulary_of

    settings = settings_with_engines(data_dir)
    if queues is not None:
        settings = settings.model_copy(update={"workers": _with_queues(settings.workers, queues)})
    if settings.database.url is None:
        require_data_folder(settings)
    vocabulary_of(settings.engines)
    configure_logs(settings.log)
    asyncio.run(_work(settings, supervised=supervised))


def _with_queues(workers: WorkerSettings, queues: str) -> WorkerSettings:
    from scenedex.jobs import JobKind

    try:
        JobKind.named(queues)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--queues") from error
    return workers.model_copy(update={"queues": queues})


async def _serve(settings: Settings, data_dir: Path | None) -> None:
    import structlog

    from scenedex.app import create_app
    from scenedex.app.server import ApiServer, connection_limits
    from scenedex.auth.keys import AccessKeys
    from scenedex.wiring import open_platform

    # The port first: without it nothing can start.
    listener = _listen(settings.server.host, settings.server.port)
    if is_for_people(settings.log):
        # The first start takes some seconds, as it creates the database.
        sys.stderr.write(f"Starting Scenedex, with its data in {settings.data_dir}\n")
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(listener.close)
        platform = await stack.enter_async_context(open_platform(settings, patience_seconds=_SECONDS_FOR_DATABASE))
        await AccessKeys(platform.database, platform.box).require_readable()
        is_marked = await _mark_storage(platform)
        server = ApiServer(create_app(platform), listener, connection_limits(settings))

        def stop() -> None:
            server.should_exit = True

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        greeting = await _greeting(platform, address_of(settings, listener.getsockname()[1]))
        greeting.write(for_people=is_for_people(settings.log))
        supervisor = asyncio.create_task(_supervise(settings.workers.count, data_dir))
        marking = asyncio.create_task(_go_on_marking(platform, stop, is_marked=is_marked))
        log = structlog.get_logger("scenedex.serve")
        if _has_no_address(settings):
            log.warning("no_public_url", remedy="set server.public_url, or only this machine gets presigned URLs")
        try:
            await server.serve()
        finally:
            for task in (supervisor, marking):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await supervisor
        with contextlib.suppress(asyncio.CancelledError):
            await marking
        if not server.started:
            sys.exit(1)
        log.info("stopped")


def _has_no_address(settings: Settings) -> bool:
    """Return whether clients of other machines are served, but get no presigned URLs."""
    from scenedex.wire.hosts import is_loopback

    server = settings.server
    is_named = server.public_url or server.allowed_hosts
    return settings.storage.endpoint is None and not is_named and not is_loopback(server.host)


async def _greeting(platform: Platform, url: str) -> Greeting:
    from scenedex.auth.keys import AccessKeys
    from scenedex.cli.console import sign_in_address
    from scenedex.wire.hosts import is_loopback

    settings = platform.settings
    server = settings.server
    # Others may read the logs of programs.
    has_link = is_for_people(settings.log) and is_loopback(server.host) and not server.public_url
    async with platform.database.transaction() as tx:
        keys = await AccessKeys(platform.database, platform.box).count(tx)
    return Greeting(
        url=url,
        data_dir=settings.data_dir,
        key_count=keys,
        user=shlex.quote(operator()),
        sign_in=await sign_in_address(platform.database, url) if has_link else None,
        weights=await asyncio.to_thread(missing_weights, settings) if settings.workers.count else None,
        invocation=Invocation.of_process(settings.data_dir),
    )


async def _go_on_marking(platform: Platform, stop: Callable[[], None], *, is_marked: bool) -> None:
    """Mark storage that did not answer at the start. Stop the server if it belongs to another database."""
    from scenedex.reconciliation.ownership import StorageOfAnother

    while not is_marked:
        await asyncio.sleep(_SECONDS_BETWEEN_MARKS)
        try:
            is_marked = await _mark_storage(platform)
        except StorageOfAnother:
            stop()
            raise


async def _mark_storage(platform: Platform) -> bool:
    """Refuse storage of another database. Return `False` if it does not answer."""
    import structlog

    from scenedex.db.database import DatabaseUnavailable
    from scenedex.reconciliation.ownership import StorageOfAnother, mark
    from scenedex.storage.errors import StorageError

    try:
        async with asyncio.timeout(_SECONDS_TO_MARK_STORAGE):
            await mark(platform.database, platform.managed)
    except StorageOfAnother:
        raise
    except (DatabaseUnavailable, StorageError, TimeoutError) as error:
        structlog.get_logger("scenedex.storage").warning("storage.unchecked", reason=str(error) or "no answer")
        return False
    return True


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        raise OSError(f"cannot listen on {host} port {port}: {error.strerror}. Choose another with --port") from error


async def _supervise(count: int, data_dir: Path | None) -> None:
    """Keep a number of worker processes running, and stop all of them at the end."""
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(_keep_worker(data_dir))


async def _keep_worker(data_dir: Path | None) -> None:
    # The option as given to this process, so that the worker finds the same file of settings.
    folder = () if data_dir is None else ("--data-dir", str(data_dir))
    while True:
        # The worker reads nothing. Its standard input closes when this process ends, in whatever way.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scenedex",
            "worker",
            "--supervised",
            *folder,
            env={name: value for name, value in os.environ.items() if name not in _KEYS_OF_USERS},
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            await process.wait()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _SECONDS_TO_STOP_WORKERS)
            except TimeoutError:
                process.kill()
                await process.wait()
            raise
        await asyncio.sleep(_SECONDS_BEFORE_RESTART)


async def _work(settings: Settings, *, supervised: bool) -> None:
    from scenedex.auth.keys import AccessKeys
    from scenedex.wiring import open_platform
    from scenedex.worker import run_worker

    async with open_platform(settings, process="worker", patience_seconds=_SECONDS_FOR_DATABASE) as platform:
        await AccessKeys(platform.database, platform.box).require_readable()
        # The server logs the weights that its workers lack.
        running = asyncio.create_task(
            run_worker(platform, on_start=(lambda: None) if supervised else lambda: log_lack_of_weights(settings))
        )
        loop = asyncio.get_running_loop()

        def stop() -> None:
            running.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        if supervised:
            threading.Thread(target=_await_end_of_input, args=(loop, stop), daemon=True).start()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def _await_end_of_input(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    while os.read(0, 1024):
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop)
