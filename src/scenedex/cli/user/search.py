"""``scenedex search``."""

from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer

from scenedex.cli.user.default_command import DefaultCommandGroup
from scenedex.cli.user.edit_options import EditHandles, EditRate
from scenedex.cli.user.exit_codes import HELP, ExitCode
from scenedex.cli.user.search_rendering import render_hits
from scenedex.cli.user.session import TimeLimit, WorkspaceSession, workspace_command
from scenedex.client import (
    AssetType,
    Conditions,
    ConfidenceLevel,
    NameType,
    PersonQuery,
    Search,
    SearchExportFormat,
    SearchQuery,
)
from scenedex.client.searches import MAX_HIT_PAGE_SIZE

DEFAULT_ROWS: Final = 20
# Minimum length of a part of a name in a search for persons.
_MIN_PART_LENGTH: Final = 2
_FORMATS: Final = {f".{form.value}": form for form in SearchExportFormat}


class _Search(DefaultCommandGroup):
    default_command = "find"


app = typer.Typer(
    cls=_Search,
    help="Search for scenes by what is seen, said or written. The word find is optional.",
    epilog=HELP,
    no_args_is_help=True,
)


@workspace_command(app, "find")
def find(  # noqa: PLR0913  # every option of a search
    session: WorkspaceSession,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT...", help="Text to find.", show_default=False)
    ] = None,
    *,
    image: Annotated[
        Path | None,
        typer.Option(help="Picture for a search by similarity: JPG, PNG, WebP or HEIC.", dir_okay=False, readable=True),
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option(help="Person in the scene, by id or exact name. If repeated, all of them.", metavar="PERSON"),
    ] = None,
    any_person: Annotated[
        list[str] | None, typer.Option(help="Persons, at least one of which is in the scene.", metavar="PERSON")
    ] = None,
    without_person: Annotated[list[str] | None, typer.Option(help="Person not in the scene.", metavar="PERSON")] = None,
    said: Annotated[
        list[str] | None, typer.Option(help="Words in a line of the scene. If repeated, all of them.", metavar="TEXT")
    ] = None,
    any_said: Annotated[
        list[str] | None, typer.Option(help="Words, at least one of which is in a line of the scene.", metavar="TEXT")
    ] = None,
    not_said: Annotated[list[str] | None, typer.Option(help="Words in no line of the scene.", metavar="TEXT")] = None,
    project: Annotated[
        list[int] | None,
        typer.Option("--project", "-p", help="Project to search. May be repeated. Default: all.", metavar="ID"),
    ] = None,
    asset: Annotated[list[int] | None, typer.Option(help="Asset to search. May be repeated.", metavar="ID")] = None,
    kind: Annotated[
        AssetType | None, typer.Option("--type", case_sensitive=False, help="Only images, or only videos.")
    ] = None,
    level: Annotated[
        ConfidenceLevel | None,
        typer.Option(
            case_sensitive=False, help="Minimum confidence: low finds more scenes, high only the most certain ones."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Maximum number of scenes. Default: 20, or all with --json.", metavar="N")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            help="Write all hits to this .csv, .edl, .otio or .fcpxml file. An existing file is replaced.",
            metavar="FILE",
            dir_okay=False,
        ),
    ] = None,
    frame_rate: EditRate = None,
    handles: EditHandles = None,
    timeout: TimeLimit = None,
) -> None:
    """Find scenes by a text, by a picture, or by persons and speech, best first."""
    export_format = None if export is None else _export_format(export)
    if frame_rate and export is None:
        raise typer.BadParameter("--frame-rate requires --export")
    if handles is not None and export is None:
        raise typer.BadParameter("--handles requires --export")
    if text and image:
        raise typer.BadParameter("give either a text or --image")
    if not any((text, image, person, any_person, without_person, said, any_said, not_said)):
        raise typer.BadParameter("give a text, --image, persons or words of speech")
    search = session.client.search(session.workspace)
    query = SearchQuery(
        persons=Conditions(
            must=_persons(session, person), any=_persons(session, any_person), none=_persons(session, without_person)
        ),
        dialogues=Conditions(must=tuple(said or ()), any=tuple(any_said or ()), none=tuple(not_said or ())),
        text=" ".join(text) if text else None,
        image=search.upload_picture(image) if image else None,
        level=level,
        project_ids=tuple(project) if project else None,
        asset_ids=tuple(asset) if asset else None,
        asset_types=(kind,) if kind else None,
    )
    shown = limit or (None if session.screen.as_json else DEFAULT_ROWS)
    with session.screen.bar("Searching", is_kept=False):
        page_size = min(shown or MAX_HIT_PAGE_SIZE, MAX_HIT_PAGE_SIZE)
        first = search.wait(search.request(query), timeout=timeout, page_size=page_size)
    if first.status_message:
        session.screen.remark(first.status_message)
    if first.results:
        session.screen.many(islice(search.hits_from(first), shown), render_hits)
        _note_next_step(session, first, shown)
    else:
        _note_nothing_found(session, query)
    if export is not None and export_format is not None:
        file = search.export(first.search_id, export_format, frame_rate=frame_rate, handles=handles)
        export.write_bytes(file)
        session.screen.note(f"All hits are in {export}.")


def _export_format(file: Path) -> SearchExportFormat:
    export_format = _FORMATS.get(file.suffix.lower())
    if export_format is None:
        raise typer.BadParameter(f"the name of the file of --export must end in {', '.join(_FORMATS)}")
    return export_format


def _persons(session: WorkspaceSession, named: list[str] | None) -> tuple[int, ...]:
    return tuple(int(words) if words.isdecimal() else _person_named(session, words) for words in named or ())


def _person_named(session: WorkspaceSession, name: str) -> int:
    """Return the id of the person of a name.

    Raises:
        typer.Exit: there is no such person, or there are several. An error has been printed.
    """
    query = PersonQuery(name=name if len(name) >= _MIN_PART_LENGTH else None, name_type=NameType.NAMED)
    found = [it.person_id for it in session.client.persons(session.workspace).search(query) if it.name == name]
    if not found:
        session.screen.error(f"There is no person named {name} in the workspace.")
        raise typer.Exit(ExitCode.NOT_FOUND)
    if len(found) > 1:
        session.screen.error(f"Several persons are named {name}. Give the id: {', '.join(map(str, found))}.")
        raise typer.Exit(ExitCode.USAGE)
    return found[0]


def _note_next_step(session: WorkspaceSession, first: Search, shown: int | None) -> None:
    if shown is not None and first.total_count is not None and first.total_count > shown:
        session.screen.note(f"{shown} of {first.total_count} scenes. --limit N shows more.")
    best = first.results[0]
    project = "" if best.project_id is None else f" -p {best.project_id}"
    session.screen.note(f"Next: {session.hint(f'index show {best.asset_id}{project}')}")


def _note_nothing_found(session: WorkspaceSession, query: SearchQuery) -> None:
    # The level has no effect on conditions alone.
    is_scored = query.text is not None or query.image is not None
    hint = " Less certain scenes: --level low" if is_scored and query.level is not ConfidenceLevel.LOW else ""
    session.screen.note(f"Nothing found.{hint}")
