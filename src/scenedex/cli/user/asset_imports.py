"""``scenedex assets import`` and ``upload``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from scenedex.cli.user.arrival_options import Analyse, Exclude, Include, Language, Persons, arrival_options
from scenedex.cli.user.asset_rendering import import_facts, media_cells
from scenedex.cli.user.bucket_keys import choose_keys
from scenedex.cli.user.exit_codes import ExitCode, exit_code
from scenedex.cli.user.imports import import_prefixes
from scenedex.cli.user.local_files import choose_files
from scenedex.cli.user.rendering import plain, table
from scenedex.cli.user.session import ProjectSession, TimeLimit, Wait
from scenedex.client import ImportFailed, ImportStatus, NotFound, Registration, ScenedexError, UnknownRoute, Upload
from scenedex.client.assets import Assets

_MAX_SKIPPED: Final = 5
_CHECK_FROM: Final = 99
_NO_BUCKET: Final = "40414"


def import_objects(  # noqa: PLR0913  # every option of a bulk import
    session: ProjectSession,
    bucket: Annotated[str, typer.Argument(help="Bucket of the objects.", show_default=False)],
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY...",
            help="Full names of objects, or globs in quotes such as 'films/*.mp4'. ** also crosses slashes.",
            show_default=False,
        ),
    ] = None,
    *,
    recursive: Annotated[
        bool,
        typer.Option(
            "--recursive",
            "-r",
            help="Import all videos and images whose keys start with KEY, or all, in a job of the service.",
        ),
    ] = False,
    include: Include = None,
    exclude: Exclude = None,
    again: Annotated[
        bool, typer.Option("--again", help="With --recursive: import known objects again, as further assets.")
    ] = False,
    analyse: Analyse = False,
    persons: Persons = 0,
    language: Language = None,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Register objects of a bucket as assets. Nothing is registered if a key does not exist."""
    if not keys and not recursive:
        raise typer.BadParameter("give keys, globs or --recursive")
    analysis = arrival_options(analyse=analyse, persons=persons, language=language)
    if recursive:
        try:
            import_prefixes(
                session,
                bucket,
                keys or [""],
                include=include or (),
                exclude=exclude or (),
                skip_known=not again,
                analysis=analysis,
                wait=wait,
                timeout=timeout,
            )
        except UnknownRoute:
            # Other services of this API have no bulk imports.
            if include or exclude or again or analysis:
                raise
        else:
            return
    elif include or exclude or again or analysis:
        raise typer.BadParameter("--include, --exclude, --again and --analyse need --recursive")
    chosen = _chosen_keys(session, bucket, keys or [""], is_recursive=recursive)
    assets = _assets(session)
    new = [assets.register(bucket, key) for key in chosen]
    if wait:
        _wait(session, [one.asset_id for one in new], timeout)
    else:
        _print_new(session, new)


def _chosen_keys(session: ProjectSession, bucket: str, names: Sequence[str], *, is_recursive: bool) -> Sequence[str]:
    """Return the keys that names stand for, or exit if one stands for none."""
    try:
        chosen = choose_keys(session.client.buckets(session.workspace), bucket, names, is_recursive=is_recursive)
    except NotFound as error:
        if error.code != _NO_BUCKET:
            raise
        session.screen.error(f'There is no bucket "{bucket}", or no permission to import from it.')
        raise typer.Exit(ExitCode.NOT_FOUND) from error
    for problem in chosen.problems:
        session.screen.error(problem)
    if chosen.problems:
        raise typer.Exit(ExitCode.NOT_FOUND)
    _note_skipped(session, chosen.skipped)
    if not chosen.keys:
        session.screen.error(f'Bucket "{bucket}" has no videos and images there.')
        raise typer.Exit(ExitCode.NOT_FOUND)
    return chosen.keys


def upload(
    session: ProjectSession,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files, or folders with videos and images.", show_default=False),
    ],
    *,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Upload files and register them as assets."""
    for path in paths:
        if not path.exists():
            raise typer.BadParameter(f'there is no file or folder "{path}"')
    chosen = choose_files(paths)
    _note_skipped(session, [str(path) for path in chosen.skipped])
    if not chosen.files:
        session.screen.error("There are no videos and images in these folders.")
        raise typer.Exit(ExitCode.NOT_FOUND)
    new: list[Upload] = []
    status = ExitCode.OK
    for number, file in enumerate(chosen.files, 1):
        count = f" ({number} of {len(chosen.files)})" if len(chosen.files) > 1 else ""
        try:
            with session.screen.bar(f"Uploading {file.name}{count}") as bar:
                new.append(
                    _assets(session).upload(file, on_progress=lambda sent, size, bar=bar: bar.show(100 * sent / size))
                )
        except (ScenedexError, OSError) as error:
            if len(chosen.files) == 1:
                raise
            status = status or (exit_code(error) if isinstance(error, ScenedexError) else ExitCode.FAILED)
            session.screen.error(f"{file}: {error}")
    if wait and new:
        _wait(session, [one.asset_id for one in new], timeout)
    elif new:
        _print_new(session, new)
    if status:
        raise typer.Exit(status)


def _assets(session: ProjectSession) -> Assets:
    return session.client.assets(session.workspace, session.project_id)


def _note_skipped(session: ProjectSession, skipped: Sequence[str]) -> None:
    if skipped:
        more = f" and {len(skipped) - _MAX_SKIPPED} more" if len(skipped) > _MAX_SKIPPED else ""
        session.screen.remark(f"Skipped, no videos or images: {', '.join(skipped[:_MAX_SKIPPED])}{more}.")


def _print_new(session: ProjectSession, new: Sequence[Registration] | Sequence[Upload]) -> None:
    if len(new) == 1:
        session.screen.one(new[0], _registration)
    else:
        session.screen.many(new, _new_table)
    if not session.screen.as_json:
        session.screen.note(f"Follow {'it' if len(new) == 1 else 'them'}: {session.hint('assets list')}")


def _wait(session: ProjectSession, asset_ids: Sequence[int], timeout: float | None) -> None:
    """Wait for imports, and print their results. Exit with the status of the first that failed."""
    ended: list[ImportStatus] = []
    failures: list[ImportFailed] = []
    for number, asset_id in enumerate(asset_ids, 1):
        count = f" ({number} of {len(asset_ids)})" if len(asset_ids) > 1 else ""
        try:
            with session.interruptible(_goes_on(session, asset_ids[number - 1 :])):
                ended.append(_wait_for(session, asset_id, count, timeout))
        except ImportFailed as error:
            if len(asset_ids) == 1:
                raise
            failures.append(error)
            ended.append(error.status)
    if len(ended) == 1:
        session.screen.one(ended[0], import_facts)
    else:
        session.screen.many(ended, _ended_table)
    if failures:
        session.screen.error(f"{len(failures)} of {len(asset_ids)} imports failed.")
        raise typer.Exit(exit_code(failures[0]))


def _wait_for(session: ProjectSession, asset_id: int, count: str, timeout: float | None) -> ImportStatus:
    with session.screen.bar(f"Importing asset {asset_id}{count}") as bar:

        def follow(status: ImportStatus) -> None:
            percent = status.progress_percent
            stage = "checking" if percent is not None and percent >= _CHECK_FROM else "copying"
            bar.show(percent, "" if status.upload_status.is_final else stage)

        return _assets(session).wait_import(asset_id, on_progress=follow, timeout=timeout)


def _goes_on(session: ProjectSession, asset_ids: Sequence[int]) -> str:
    first = asset_ids[0]
    if len(asset_ids) == 1:
        return (
            f"The import of asset {first} goes on. Follow it: {session.hint(f'assets status {first}')} · "
            f"Cancel it: {session.hint(f'assets delete {first}')}"
        )
    every = " ".join(map(str, asset_ids))
    return (
        f"{len(asset_ids)} imports go on. Follow them: {session.hint('assets list')} · "
        f"Cancel them: {session.hint(f'assets delete {every}')}"
    )


def _registration(registration: Registration | Upload) -> Text:
    name = registration.key if isinstance(registration, Registration) else None
    return plain(f"Asset {registration.asset_id}{f' ({name})' if name else ''} is being imported.")


def _new_table(new: Sequence[Registration | Upload]) -> Table:
    rows = [(one.asset_id, one.key if isinstance(one, Registration) else one.file_name) for one in new]
    return table(("Asset", "Name"), rows)


def _ended_table(ended: Sequence[ImportStatus]) -> Table:
    rows = [
        (one.asset_id, one.upload_status.value, *media_cells(one.meta_data), one.upload_reason or None) for one in ended
    ]
    return table(("Asset", "Import", "Length", "Resolution", "Format", "Size", "Reason"), rows)
