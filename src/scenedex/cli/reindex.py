"""``scenedex search reindex``: rebuilding of search data, with progress. It works while the server runs."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import existing_settings
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import AsJson, DataDir, operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.search.records import ReindexProgress
    from scenedex.wiring import Platform

_SECONDS_BETWEEN_LOOKS = 0.3
_SECONDS_WITHOUT_WORKER = 10.0


def reindex(
    workspace: Annotated[
        list[str] | None,
        typer.Option("--workspace", "-w", help="Only this workspace. May be repeated.", metavar="NAME"),
    ] = None,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Rebuild missing words and vectors of scenes, such as vectors after a change of engine.

    A worker does it and resumes after an interruption. This command may be interrupted too. Searches continue:
    vectors of another engine are used until those of the selected engine are complete.
    """
    from scenedex.wiring import open_platform

    async def work() -> list[ReindexProgress]:
        settings = existing_settings(data_dir)
        async with open_platform(settings) as platform:
            wanted = await _begin(platform, workspace)
            if not wanted:
                typer.echo(
                    f"There is no workspace in {settings.data_dir}. Name another folder with --data-dir.", err=True
                )
                raise typer.Exit(1)
            return await _watch(platform, wanted)

    ended = asyncio.run(work())
    if as_json:
        shown = [
            {"workspaceName": one.workspace_name, "state": one.state, "scenes": one.done, "message": one.message}
            for one in ended
        ]
        typer.echo(json.dumps(shown))
    for one in () if as_json else ended:
        scenes = f"{one.done} scenes" if one.done else "nothing was missing"
        reason = f" ({one.message})" if one.message else ""
        typer.echo(f"{one.workspace_name}: {scenes if one.state == 'COMPLETED' else 'failed'}{reason}")
    if any(one.state != "COMPLETED" for one in ended):
        raise typer.Exit(1)


async def _begin(platform: Platform, names: Sequence[str] | None) -> list[int]:
    """Request it in these workspaces, or in all, and return their ids."""
    from scenedex.audit.events import SEARCH_REINDEXED
    from scenedex.audit.records import AuditEntry
    from scenedex.audit.service import record
    from scenedex.search.reindex_requests import request_reindexing
    from scenedex.workspaces.service import all_workspaces

    resource = " ".join(f"workspaces/{name}" for name in names or ["all"])
    only = names[0] if names and len(names) == 1 else None
    entry = AuditEntry(SEARCH_REINDEXED, operator(), workspace_name=only, resource=resource)
    wanted: list[int] = []
    is_changed = False
    async with platform.database.transaction() as tx:
        workspaces = {one.workspace_name: one.workspace_id for one in await all_workspaces(tx)}
        for name in workspaces if names is None else dict.fromkeys(names):
            if name not in workspaces:
                raise typer.BadParameter(f"there is no workspace {name}", param_hint="--workspace")
            is_changed |= await request_reindexing(tx, platform.queue, workspaces[name])
            wanted.append(workspaces[name])
        if is_changed:
            await record(tx, entry)
    return wanted


async def _watch(platform: Platform, wanted: Sequence[int]) -> list[ReindexProgress]:
    """Show the progress until all have ended."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from scenedex.search.reindex_requests import reindexing_progress

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    clock = asyncio.get_running_loop()
    silent_since, last = clock.time(), -1
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("Scenes", total=None)
        while True:
            async with platform.database.transaction() as tx:
                found = await reindexing_progress(tx, wanted)
            done = sum(one.done for one in found)
            progress.update(bar, completed=done, total=sum(one.total for one in found) or None)
            if all(one.state != "RUNNING" for one in found):
                return found
            if done != last:
                silent_since, last = clock.time(), done
            elif clock.time() - silent_since > _SECONDS_WITHOUT_WORKER:
                hint = "Waiting for a worker. Start one: scenedex serve or scenedex worker"
                typer.echo(Invocation.of_process().typed(hint), err=True)
                silent_since = float("inf")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
