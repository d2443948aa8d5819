"""``scenedex reconcile``: check and repair of stored data. It works while the server runs."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from scenedex.cli.folders import existing_settings
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import AsJson, DataDir, operator
from scenedex.cli.user.rendering import size_text

if TYPE_CHECKING:
    from scenedex.reconciliation.records import ReconcileOptions, Report
    from scenedex.settings import Settings

_MAX_MINUTES = 119


def reconcile(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Repair without losing anything that has a row.")] = False,
    objects: Annotated[
        bool, typer.Option("--objects/--no-objects", help="List managed storage and compare it with the database.")
    ] = True,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every copy, and compare it with the hash of the analysed content.")
    ] = False,
    min_age: Annotated[
        float, typer.Option(help="Age in minutes. Younger objects may belong to running work.", min=0)
    ] = 10,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt", help="First mark the storage as that of this database, after it was moved or restored."
        ),
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Compare rows, objects, jobs and folders: nothing lost, duplicated or left behind.

    Exit status 1 for any difference, or for one that remains after a repair.
    """
    from scenedex.reconciliation.records import ReconcileOptions

    options = ReconcileOptions(
        repair=repair, has_objects=objects, is_deep=deep, cutoff=datetime.now(UTC) - timedelta(minutes=min_age)
    )
    report = asyncio.run(_run(existing_settings(data_dir), options, adopt=adopt))
    if as_json:
        typer.echo(json.dumps(_values(report), indent=2))
    else:
        _print(report)
    if report.left:
        raise typer.Exit(1)


async def _run(settings: Settings, options: ReconcileOptions, *, adopt: bool) -> Report:
    from scenedex.audit.events import STORE_REPAIRED
    from scenedex.audit.records import AuditEntry
    from scenedex.audit.service import record
    from scenedex.reconciliation import ownership
    from scenedex.reconciliation.reconciler import Installation, Reconciler
    from scenedex.wiring import open_platform
    from scenedex.worker import sweep
    from scenedex.worker.options import work_folder

    async with open_platform(settings) as platform:
        installation = Installation(
            platform.database,
            platform.queue,
            platform.managed,
            work=work_folder(settings),
            stalled_after_seconds=settings.workers.stalled_after_seconds,
            sweep=lambda: sweep(platform),
        )
        entry = AuditEntry(STORE_REPAIRED, operator())
        if adopt:
            await ownership.adopt(platform.database, platform.managed, entry)
        else:
            if options.has_objects:
                await ownership.check(platform.database, platform.managed)
            if options.repair:
                # Repairs are many transactions. The event precedes all of them, so that none is without it.
                async with platform.database.transaction() as tx:
                    await record(tx, entry)
        return await Reconciler(installation, options).run()


def _print(report: Report) -> None:
    for kind, tally in report.tallies.items():
        repaired = f", {tally.repaired} repaired" if tally.repaired else ""
        typer.echo(f"{tally.found:>9}  {kind.title}{repaired}")
        for example in tally.examples:
            typer.echo(f"             {example}")
        if tally.found > len(tally.examples):
            typer.echo("             …")
        if tally.left:
            typer.echo(f"           → {Invocation.of_process().typed(kind.advice)}")
    pending = report.pending
    age = "" if pending.oldest is None else f", the oldest for {_age(datetime.now(UTC) - pending.oldest)}"
    typer.echo(f"{report.objects} objects ({size_text(report.size_bytes)}) in managed storage,")
    typer.echo(f"of which {pending.objects} ({size_text(pending.size_bytes)}) wait for their erasure{age}.")
    typer.echo("Nothing is lost, duplicated or left behind." if not report.left else f"{report.left} findings.")


def _values(report: Report) -> dict[str, object]:
    pending = report.pending
    return {
        "findings": {
            kind.name.lower(): {
                "count": tally.found,
                "repaired": tally.repaired,
                "examples": tally.examples,
                "advice": kind.advice if tally.left else None,
            }
            for kind, tally in report.tallies.items()
        },
        "left": report.left,
        "objects": report.objects,
        "sizeBytes": report.size_bytes,
        "going": {
            "objects": pending.objects,
            "sizeBytes": pending.size_bytes,
            "oldest": None if pending.oldest is None else pending.oldest.isoformat(),
        },
    }


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} min" if minutes <= _MAX_MINUTES else f"{minutes // 60} h"
