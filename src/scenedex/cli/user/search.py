"""``scenedex search``."""

from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer

from scenedex.cli.user.default_command import DefaultCommandGroup
from scenedex.cli.user.exit_codes import HELP, ExitCode
from scenedex.cli.user.search_rendering import render_hits
from scenedex.cli.user.session import TimeLimit, WorkspaceSession, workspace_command
from scenedex.client import (
    AssetType,
    Conditions,
    ConfidenceLevel,
    FrameRate,
    NameType,
    PersonQuery,
    Search,
    SearchExportFormat,
    SearchQuery,
)
from scenedex.client.searches import LARGEST_HIT_PAGE

ROWS_UNASKED: Final = 20
# Services look for parts of names from this length on.
_SHORTEST_PART: Final = 2
_FORMATS: Final = {f".{form.value}": form for form in SearchExportFormat}


class _Search(DefaultCommandGroup):
    default_command = "find"


app = typer.Typer(
    cls=_Search,
    help="Search: in which scenes something is seen, said or written. The word find may be left out.",
    epilog=HELP,
    no_args_is_help=True,
)


@workspace_command(app, "find")
def find(  # noqa: PLR0913  # every option of a search
    session: WorkspaceSession,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT...", help="What to find.", show_default=False)
    ] = None,
    *,
    image: Annotated[
        Path | None,
        typer.Option(help="Find what is like this JPG, PNG, WebP or HEIC.", dir_okay=False, readable=True),
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(help="Who is seen, by id or exact name; more than once: all.", metavar="PERSON")
    ] = None,
    any_person: Annotated[
        list[str] | None, typer.Option(help="Who may be seen; at least one of them is.", metavar="PERSON")
    ] = None,
    without_person: Annotated[list[str] | None, typer.Option(help="Who is not seen.", metavar="PERSON")] = None,
    said: Annotated[list[str] | None, typer.Option(help="What is said; more than once: all.", metavar="TEXT")] = None,
    any_said: Annotated[
        list[str] | None, typer.Option(help="What may be said; at least one of them is.", metavar="TEXT")
    ] = None,
    not_said: Annotated[list[str] | None, typer.Option(help="What is not said.", metavar="TEXT")] = None,
    project: Annotated[
        list[int] | None,
        typer.Option("--project", "-p", help="Only in this project; more than once; all if not given.", metavar="ID"),
    ] = None,
    asset: Annotated[list[int] | None, typer.Option(help="Only in this asset; more than once.", metavar="ID")] = None,
    kind: Annotated[
        AssetType | None, typer.Option("--type", case_sensitive=False, help="Only in images, or in videos.")
    ] = None,
    level: Annotated[
        ConfidenceLevel | None,
        typer.Option(case_sensitive=False, help="Fewer and surer scenes, or more and less certain ones."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most scenes to show; 20, or all with --json, if not given.", metavar="N")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            help="Write all scenes to this .csv, .edl or .otio; it is replaced.", metavar="FILE", dir_okay=False
        ),
    ] = None,
    frame_rate: Annotated[
        FrameRate | None, typer.Option(help="Frames a second that edl and otio count in; 25 if not given.")
    ] = None,
    timeout: TimeLimit = None,
) -> None:
    """Find scenes by a text, by a picture, or by who is seen and what is said, the surest first."""
    form = None if export is None else _form(export)
    if frame_rate and export is None:
        raise typer.BadParameter("--frame-rate goes with --export")
    if text and image:
        raise typer.BadParameter("give either a text or --image")
    if not any((text, image, person, any_person, without_person, said, any_said, not_said)):
        raise typer.BadParameter("give a text, --image, or who is seen or what is said")
    search = session.client.search(session.workspace)
    query = SearchQuery(
        persons=Conditions(
            must=_persons(session, person), any=_persons(session, any_person), none=_persons(session, without_person)
        ),
        dialogues=Conditions(must=tuple(said or ()), any=tuple(any_said or ()), none=tuple(not_said or ())),
        text=" ".join(text) if text else None,
        image=search.upload_picture(image) if image else None,
        level=level,
        project_ids=_projects(session, project, asset),
        asset_ids=tuple(asset) if asset else None,
        asset_types=(kind,) if kind else None,
    )
    shown = limit or (None if session.screen.as_json else ROWS_UNASKED)
    with session.screen.bar("Searching"):
        page_size = min(shown or LARGEST_HIT_PAGE, LARGEST_HIT_PAGE)
        first = search.wait(search.request(query), timeout=timeout, page_size=page_size)
    if first.status_message:
        session.screen.remark(first.status_message)
    if first.results:
        session.screen.many(islice(search.hits_from(first), shown), render_hits)
        _say_how_to_go_on(session, first, shown)
    else:
        _say_nothing_found(session, query)
    if export is not None and form is not None:
        export.write_bytes(search.export(first.search_id, form, frame_rate=frame_rate))
        session.screen.note(f"All scenes that were found are in {export}.")


def _form(file: Path) -> SearchExportFormat:
    form = _FORMATS.get(file.suffix.lower())
    if form is None:
        raise typer.BadParameter(f"--export takes a file that ends in {', '.join(_FORMATS)}")
    return form


def _projects(
    session: WorkspaceSession, projects: list[int] | None, assets: list[int] | None
) -> tuple[int, ...] | None:
    """Where to look; a search needs projects or assets, so without either all projects are named."""
    if projects:
        return tuple(projects)
    if assets:
        return None
    return tuple(project.project_id for project in session.client.projects(session.workspace).list())


def _persons(session: WorkspaceSession, named: list[str] | None) -> tuple[int, ...]:
    return tuple(int(words) if words.isdecimal() else _person_named(session, words) for words in named or ())


def _person_named(session: WorkspaceSession, name: str) -> int:
    """The id of the person of a name.

    Raises:
        typer.Exit: there is none, or there are several, which has been said.
    """
    query = PersonQuery(name=name if len(name) >= _SHORTEST_PART else None, name_type=NameType.NAMED)
    found = [it.person_id for it in session.client.persons(session.workspace).search(query) if it.name == name]
    if not found:
        session.screen.error(f"There is no person named {name} in the workspace.")
        raise typer.Exit(ExitCode.NOT_FOUND)
    if len(found) > 1:
        session.screen.error(f"Several persons are named {name}; give the id: {', '.join(map(str, found))}.")
        raise typer.Exit(ExitCode.USAGE)
    return found[0]


def _say_how_to_go_on(session: WorkspaceSession, first: Search, shown: int | None) -> None:
    if shown is not None and first.total_count is not None and first.total_count > shown:
        session.screen.note(f"{shown} of {first.total_count} scenes; --limit N shows more.")
    best = first.results[0]
    project = "" if best.project_id is None else f" -p {best.project_id}"
    session.screen.note(f"Go on: scenedex index show {best.asset_id} -w {session.workspace}{project}")


def _say_nothing_found(session: WorkspaceSession, query: SearchQuery) -> None:
    # Conditions alone are met or not, at any level.
    is_scored = query.text is not None or query.image is not None
    hint = " Less certain scenes: --level low" if is_scored and query.level is not ConfidenceLevel.LOW else ""
    session.screen.note(f"Nothing found.{hint}")
