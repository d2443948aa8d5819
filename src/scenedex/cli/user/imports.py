"""``scenedex imports``, and bulk imports of ``scenedex assets import``."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.exit_codes import ExitCode
from scenedex.cli.user.rendering import facts, size_text, table
from scenedex.cli.user.session import ProjectSession, TimeLimit, Wait, project_command, sub_app
from scenedex.client import AnalysisOptions, BulkImport, NotFound, SkippedObject
from scenedex.client.bulk_imports import BulkImports

_NO_BUCKET = "40414"
app = sub_app("Bulk imports: what lies below a prefix of a bucket. `assets import --recursive` requests one.")

ImportId = Annotated[int, typer.Argument(metavar="IMPORT", help="Id of the bulk import.", show_default=False)]


@project_command(app, "list")
def list_imports(session: ProjectSession) -> None:
    """List the bulk imports of a project with their progress, the latest first."""
    session.screen.many(_imports(session).list(), _table)


@project_command(app, "show")
def show(session: ProjectSession, import_id: ImportId, *, wait: Wait = False, timeout: TimeLimit = None) -> None:
    """Show a bulk import. The exit status is 0 even if it has failed, unless you wait."""
    if wait:
        _wait(session, import_id, timeout)
    else:
        session.screen.one(_imports(session).get(import_id), _facts)


@project_command(app, "skipped")
def skipped(
    session: ProjectSession,
    import_id: ImportId,
    *,
    reason: Annotated[
        str | None, typer.Option(help="Only objects that were skipped for this reason.", metavar="REASON")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print a spreadsheet.")] = False,
) -> None:
    """List the objects that a bulk import has skipped, and why."""
    imports = _imports(session)
    if csv:
        typer.echo(imports.skipped_spreadsheet(import_id, reason), nl=False)
    else:
        session.screen.many(imports.skipped(import_id, reason), _skipped_table)


@project_command(app, "pause")
def pause(session: ProjectSession, import_id: ImportId) -> None:
    """Register no more objects for now. Imports of registered assets go on."""
    session.screen.one(_imports(session).pause(import_id), _facts)


@project_command(app, "resume")
def resume(session: ProjectSession, import_id: ImportId) -> None:
    """Continue a bulk import that is paused or has failed."""
    session.screen.one(_imports(session).resume(import_id), _facts)


@project_command(app, "cancel")
def cancel(session: ProjectSession, import_id: ImportId) -> None:
    """End a bulk import. Assets that it has registered stay."""
    session.screen.one(_imports(session).cancel(import_id), _facts)


def import_prefixes(  # the options of a bulk import
    session: ProjectSession,
    bucket: str,
    prefixes: Sequence[str],
    *,
    include: Sequence[str],
    exclude: Sequence[str],
    skip_known: bool,
    analysis: AnalysisOptions | None,
    wait: bool,
    timeout: float | None,
) -> None:
    """Request a bulk import of each prefix, and print or await it.

    Raises:
        UnknownRoute: the service is not Scenedex.
    """
    for prefix in prefixes:
        try:
            made = _imports(session).request(
                bucket, prefix, include=include, exclude=exclude, skip_known=skip_known, analysis=analysis
            )
        except NotFound as error:
            if error.code != _NO_BUCKET:
                raise
            session.screen.error(f'There is no bucket "{bucket}", or no permission to import from it.')
            raise typer.Exit(ExitCode.NOT_FOUND) from error
        if wait:
            _wait(session, made.import_id, timeout)
        else:
            session.screen.one(made, _facts)
            session.screen.note(f"Follow it: {session.hint(f'imports show {made.import_id}')}")


def _wait(session: ProjectSession, import_id: int, timeout: float | None) -> None:
    """Wait until all objects have been looked at, and print the result."""
    note = (
        f"Bulk import {import_id} goes on. Follow it: {session.hint(f'imports show {import_id}')} · "
        f"Cancel it: {session.hint(f'imports cancel {import_id}')}"
    )
    with session.interruptible(note), session.screen.bar(f"Bulk import {import_id}") as bar:

        def follow(state: BulkImport) -> None:
            bar.show(None, f"{state.listed} listed, {state.registered} registered")

        ended = _imports(session).wait(import_id, on_progress=follow, timeout=timeout)
    session.screen.one(ended, _facts)
    if ended.skipped.total:
        session.screen.note(f"What was skipped: {session.hint(f'imports skipped {import_id}')}")


def _imports(session: ProjectSession) -> BulkImports:
    return session.client.bulk_imports(session.workspace, session.project_id)


def _facts(one: BulkImport) -> Table:
    counts = one.skipped
    return facts(
        ("Bulk import", one.import_id),
        ("Status", one.status.value),
        ("Message", one.message),
        ("Bucket", one.bucket_name),
        ("Prefix", one.prefix or "(all)"),
        ("Include", ", ".join(one.include)),
        ("Exclude", ", ".join(one.exclude)),
        ("Listed", str(one.listed)),
        ("Registered", str(one.registered)),
        ("Known", counts.known or None),
        ("No video or image", counts.unsupported_format or None),
        ("Excluded", counts.excluded or None),
        ("Too large", counts.too_large or None),
        ("Empty", counts.empty or None),
        ("Beyond the limit", counts.beyond_limit or None),
        ("Name not valid", counts.name_not_valid or None),
    )


def _table(found: Sequence[BulkImport]) -> Table:
    rows = [
        (
            one.import_id,
            one.status.value,
            f"{one.bucket_name}/{one.prefix}",
            one.listed,
            one.registered,
            one.skipped.total,
        )
        for one in found
    ]
    return table(("Import", "Status", "Prefix", "Listed", "Registered", "Skipped"), rows)


def _skipped_table(found: Sequence[SkippedObject]) -> Table:
    rows = [(one.key, one.reason, size_text(one.size), one.asset_id, one.detail) for one in found]
    return table(("Key", "Reason", "Size", "Asset", "Detail"), rows)
