"""``scenedex jobs``: list, cancel, retry and pause jobs. It works while the server runs."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import existing_settings
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import AsJson, DataDir, operator
from scenedex.job_control.records import JobName
from scenedex.jobs import JobKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path
    from typing import TypeVar

    from scenedex.job_control import JobLine, Pause
    from scenedex.job_control.service import JobControl

    T = TypeVar("T")

app = typer.Typer(help="Jobs of all workspaces: list, cancel, retry, pause, resume.", no_args_is_help=True)

Kind = Annotated[JobKind | None, typer.Option("--kind", "-k", help="Only jobs of this kind.", show_default="all")]
Workspace = Annotated[
    str | None, typer.Option("--workspace", "-w", help="Only jobs of this workspace.", show_default="all")
]
Names = Annotated[list[str] | None, typer.Argument(help="Jobs as `list` names them, such as analysis:12.")]


@app.command("list")
def list_jobs(
    kind: Kind = None,
    workspace: Workspace = None,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="Imports and analyses that failed, with the reason.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Maximum number of jobs to show.", min=1, max=100_000)] = 50,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List running and waiting jobs, with an estimate of the remaining time."""

    async def look(control: JobControl) -> tuple[Sequence[JobLine], Sequence[Pause]]:
        found = await (control.failed if failed else control.queued)(kind, workspace, limit)
        return found, await control.pauses()

    lines, pauses = _with_job_control(data_dir, look)
    if as_json:
        shown = {
            "jobs": [asdict(line) | {"name": str(line.name)} for line in lines],
            "pauses": [asdict(pause) for pause in pauses],
        }
        typer.echo(json.dumps(shown, default=datetime.isoformat))
        return
    _print(lines, pauses)


@app.command()
def cancel(names: Names = None, data_dir: DataDir = None) -> None:
    """Cancel waiting or running jobs, whose results then have that reason. Earlier indexes and summaries stay."""
    wanted = _parsed(names)

    for name in wanted:
        _with_job_control(data_dir, lambda control, name=name: control.cancel(name))
        typer.echo(f"{name} is cancelled.", err=True)


@app.command()
def retry(
    names: Names = None,
    kind: Kind = None,
    workspace: Workspace = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="All failed jobs of the given kind and workspace.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Retry failed imports, analyses, proxies and summaries with their original options."""
    if failed == bool(names):
        raise typer.BadParameter("name the jobs, or give --failed", param_hint="NAMES")
    wanted = [] if failed else _parsed(names)
    retried: list[dict[str, str]] = []

    async def work(control: JobControl) -> None:
        from scenedex.job_control.records import NoSuchJob

        found = await control.failed(kind, workspace, 100_000) if failed else ()
        for name in [*wanted, *(line.name for line in found)]:
            try:
                again = await control.retry(name)
            except NoSuchJob as error:
                if not failed:
                    raise
                typer.echo(f"{error}", err=True)
            else:
                retried.append({"name": str(name), "retriedAs": str(again)})
                typer.echo(f"{name} is retried as {again}." if again != name else f"{name} is retried.", err=True)

    _with_job_control(data_dir, work)
    if as_json:
        typer.echo(json.dumps(retried))


@app.command()
def pause(kind: Kind = None, workspace: Workspace = None, data_dir: DataDir = None) -> None:
    """Start no more jobs, of a kind, of a workspace or at all. Running jobs continue to their end."""
    _with_job_control(data_dir, lambda control: control.pause(kind, workspace))
    resume_all = Invocation.of_process().command("jobs resume")
    typer.echo(f"{_whose(kind, workspace)} are paused. Resume them: {resume_all}", err=True)


@app.command()
def resume(kind: Kind = None, workspace: Workspace = None, data_dir: DataDir = None) -> None:
    """Remove all pauses, or those of a kind or a workspace."""

    async def work(control: JobControl) -> tuple[int, Sequence[Pause]]:
        return await control.resume(kind, workspace), await control.pauses()

    gone, left = _with_job_control(data_dir, work)
    held = [one for one in left if one.holds(kind, workspace)]
    if not held:
        typer.echo(f"{_whose(kind, workspace)} are resumed." if gone else "No such jobs were paused.", err=True)
    for one in held:
        options = f"{f' -k {one.kind}' if one.kind else ''}{f' -w {one.workspace_name}' if one.workspace_name else ''}"
        command = f"{Invocation.of_process().command('jobs resume')}{options}"
        typer.echo(f"Still paused: {_whose(one.kind, one.workspace_name)}. Resume them: {command}", err=True)


def _whose(kind: JobKind | None, workspace: str | None) -> str:
    what = "All jobs" if kind is None else f"Jobs of kind {kind.value}"
    return what if workspace is None else f"{what} of workspace {workspace}"


def _parsed(names: Sequence[str] | None) -> list[JobName]:
    if not names:
        raise typer.BadParameter("name at least one job, such as analysis:12", param_hint="NAMES")
    return [_name(text) for text in names]


def _name(text: str) -> JobName:
    kind, _, subject = text.partition(":")
    kinds = [one.value for one in JobKind]
    if kind not in kinds or not (subject.isascii() and subject.isdecimal()) or int(subject) >= 2**63:
        raise typer.BadParameter(f"{text} is no job. An example is analysis:12", param_hint="NAMES")
    return JobName(JobKind(kind), int(subject))


def _print(lines: Sequence[JobLine], pauses: Sequence[Pause]) -> None:
    from scenedex.cli.user.rendering import table
    from scenedex.cli.user.screen import output_console

    console = output_console()
    for one in pauses:
        console.print(f"Paused since {one.since:%Y-%m-%d %H:%M}: {_whose(one.kind, one.workspace_name)}.")
    rows = [
        (
            str(line.name),
            line.state.value,
            line.workspace_name,
            None if line.asset_id is None else f"asset {line.asset_id}, {line.file_name}",
            " ".join(filter(None, (None if line.percent is None else f"{line.percent} %", line.stage))),
            None if line.since is None else f"{line.since:%Y-%m-%d %H:%M:%S}",
            line.tries,
            _duration(line.seconds_left),
            line.reason,
        )
        for line in lines
    ]
    names = ("Job", "State", "Workspace", "About", "Done", "Since", "Tries", "Time left", "Why")
    console.print(table(names, rows) if rows else "No jobs.")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _with_job_control(data_dir: Path | None, use: Callable[[JobControl], Awaitable[T]]) -> T:
    """Open the platform and use its jobs."""
    from scenedex.job_control.records import JobControlRefused, NoSuchJob
    from scenedex.job_control.service import JobControl
    from scenedex.wiring import open_platform
    from scenedex.workspaces.errors import WorkspaceNotFound

    async def work() -> T:
        async with open_platform(existing_settings(data_dir)) as platform:
            return await use(JobControl(platform.database, platform.queue, user_name=operator()))

    try:
        return asyncio.run(work())
    except WorkspaceNotFound as error:
        raise typer.BadParameter("there is no such workspace", param_hint="--workspace") from error
    except (NoSuchJob, JobControlRefused) as error:
        typer.echo(f"scenedex: {error}", err=True)
        raise typer.Exit(1) from error
