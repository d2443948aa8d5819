"""``scenedex persons``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user import person_identity, person_pictures, person_suggestions, person_tags
from scenedex.cli.user.person_tags import tag_named
from scenedex.cli.user.rendering import ANONYMOUS, names_of, render_person, table
from scenedex.cli.user.session import PersonId, WorkspaceSession, Yes, sub_app, workspace_command
from scenedex.client import (
    NameType,
    Person,
    PersonErasure,
    PersonEvent,
    PersonQuery,
    SimilarPerson,
    SortColumn,
    SortType,
    UnknownRoute,
)
from scenedex.client.persons import Persons

app = sub_app("Persons in the assets of a workspace.")

Count = Annotated[int | None, typer.Option(help="Maximum number of persons, 1-10. Default: 3.", metavar="N")]
Score = Annotated[int | None, typer.Option(help="Minimum score, 80-100. Default: 80.", metavar="N")]

_ASCENDING = {SortColumn.NAME, SortColumn.PERSON_ID}
_EVENTS_SHOWN = 5


@workspace_command(app, "list")
def list_persons(
    session: WorkspaceSession,
    *,
    named: Annotated[
        bool | None,
        typer.Option("--named/--anonymous", help="Only persons with a name, or without one.", show_default=False),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Part of the name, 2-50 characters.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only persons with one of these tags.", metavar="NAME")] = None,
    sort: Annotated[
        SortColumn, typer.Option(case_sensitive=False, help="Assets and creation descending, ids and names ascending.")
    ] = SortColumn.ASSET_COUNT,
    reverse: Annotated[bool, typer.Option("--reverse", help="Reverse the order.")] = False,
) -> None:
    """List persons with their numbers of assets and scenes, most assets first."""
    persons = _persons(session)
    query = PersonQuery(
        name=name,
        tag_ids=tuple(tag_named(session, given).id for given in tag) if tag else None,
        name_type=None if named is None else NameType.NAMED if named else NameType.ANONYMOUS,
        sort_column=sort,
        sort_type=SortType.ASC if (sort in _ASCENDING) != reverse else SortType.DESC,
    )
    session.screen.many(persons.search(query), _table)


@workspace_command(app, "show")
def show(session: WorkspaceSession, person_id: PersonId) -> None:
    """Show a person with similar persons and the latest events. With --json, print the person alone."""
    persons = _persons(session)
    session.screen.one(persons.get(person_id), render_person)
    if session.screen.as_json:
        return
    if similar := persons.similar(person_id):
        session.screen.many(similar, _similar_table)
    try:
        events = persons.identity.history_page(person_id, 1, _EVENTS_SHOWN).content
    except UnknownRoute:
        # Other services of this API keep no history.
        return
    if events:
        session.screen.many(events, _events_table)


@workspace_command(app, "create")
def create(
    session: WorkspaceSession,
    pictures: Annotated[
        list[Path],
        typer.Argument(
            metavar="PICTURE...",
            help="JPG, PNG or WebP with exactly one face. The first one becomes the primary picture.",
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ],
    *,
    name: Annotated[str | None, typer.Option(help="Name, 1-50 characters. Default: anonymous.")] = None,
    description: Annotated[str | None, typer.Option(help="Description, 1-700 characters.")] = None,
) -> None:
    """Create a person from pictures of its face. Later analyses find the person."""
    created = _persons(session).create(pictures, name=name, description=description, on_remark=session.screen.remark)
    session.screen.one(created, render_person)


@workspace_command(app, "name")
def name_person(
    session: WorkspaceSession,
    person_id: PersonId,
    name: Annotated[str | None, typer.Argument(help="Name, 1-50 characters.", show_default=False)] = None,
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Make the person anonymous.")] = False,
) -> None:
    """Name a person in all indexes."""
    if (name is None) != clear:
        raise typer.BadParameter("give either a name or --clear")
    session.screen.one(_persons(session).rename(person_id, name), render_person)


@workspace_command(app, "describe")
def describe(
    session: WorkspaceSession,
    person_id: PersonId,
    description: Annotated[
        str | None, typer.Argument(help="Description, 1-700 characters.", show_default=False)
    ] = None,
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the description.")] = False,
) -> None:
    """Describe a person in a few words."""
    if (description is None) != clear:
        raise typer.BadParameter("give either a description or --clear")
    session.screen.one(_persons(session).describe(person_id, description), render_person)


@workspace_command(app, "similar")
def similar(session: WorkspaceSession, person_id: PersonId, *, count: Count = None, score: Score = None) -> None:
    """List persons with similar faces, best first."""
    found = _persons(session).similar(person_id, person_count=count, score_threshold=score)
    session.screen.many(found, _similar_table)


@workspace_command(app, "recommend")
def recommend(
    session: WorkspaceSession,
    picture: Annotated[
        Path,
        typer.Argument(
            help="JPG, PNG or WebP with exactly one face.", dir_okay=False, readable=True, show_default=False
        ),
    ],
    *,
    count: Count = None,
    score: Score = None,
) -> None:
    """List persons with faces similar to the one in a picture, best first. The picture is deleted after a day."""
    found = _persons(session).recommend(
        picture, person_count=count, score_threshold=score, on_remark=session.screen.remark
    )
    session.screen.many(found, _similar_table)


@workspace_command(app, "history")
def history(session: WorkspaceSession, person_id: PersonId) -> None:
    """List the events of a person and of persons merged into it, newest first."""
    session.screen.many(_persons(session).identity.history(person_id), _events_table)


@workspace_command(app, "delete")
def delete(
    session: WorkspaceSession,
    person_id: PersonId,
    *,
    erase: Annotated[
        bool,
        typer.Option(
            "--erase", help="Remove every trace, including those in indexes and history. Also for deleted persons."
        ),
    ] = False,
    yes: Yes = False,
) -> None:
    """Delete a person with pictures, faces and name. Indexes show an anonymous person in its place."""
    persons = _persons(session)
    if erase:
        session.confirm(f"Remove every trace of person {person_id}? This cannot be undone.", is_sure=yes)
        session.screen.one(persons.erase(person_id), _erasure_table)
        return
    session.confirm(f"Delete person {person_id} with its pictures and faces?", is_sure=yes)
    persons.delete(person_id)
    session.screen.note(f"Person {person_id} is deleted.")


workspace_command(app, "merge")(person_identity.merge)
workspace_command(app, "split")(person_identity.split)
workspace_command(app, "reject")(person_identity.reject)
workspace_command(app, "tag")(person_tags.tag)
workspace_command(app, "untag")(person_tags.untag)
app.add_typer(person_tags.app, name="tags")
app.add_typer(person_pictures.app, name="pictures")
app.add_typer(person_suggestions.app, name="suggestions")


def _persons(session: WorkspaceSession) -> Persons:
    return session.client.persons(session.workspace)


def _erasure_table(erasure: PersonErasure) -> Table:
    return table(
        ("Removed", "Number", "Ids"),
        [
            (trace.kind.lower().replace("_", " "), trace.count, ", ".join(map(str, trace.ids)))
            for trace in erasure.removed
        ],
    )


def _table(persons: Sequence[Person]) -> Table:
    return table(
        ("Person", "Name", "Assets", "Scenes", "Tags"),
        [
            (person.person_id, person.name or ANONYMOUS, person.asset_count, person.scene_count, names_of(person.tags))
            for person in persons
        ],
    )


def _similar_table(similar: Sequence[SimilarPerson]) -> Table:
    return table(
        ("Similar", "Name", "Score"),
        [(it.person_id, it.name or ANONYMOUS, None if it.score is None else f"{it.score:g}") for it in similar],
    )


def _events_table(events: Sequence[PersonEvent]) -> Table:
    return table(
        ("Time", "Person", "Event", "", "By"),
        [
            (event.created_time, event.person_id, event.type.lower(), _event_text(event), event.created_user_name)
            for event in events
        ],
    )


def _event_text(event: PersonEvent) -> str:
    """Return the details of an event."""
    name = event.name if event.former_name is None else f"{event.former_name} → {event.name or ANONYMOUS}"
    numbers = (
        (event.asset_count, "assets"),
        (event.thumbnail_count, "pictures"),
        (event.appearance_count, "appearances"),
    )
    parts = [
        None if event.other_person_id is None else f"person {event.other_person_id}",
        name,
        None if event.asset_id is None else f"asset {event.asset_id}",
        *(f"{number} {what}" for number, what in numbers if number is not None),
    ]
    return ", ".join(part for part in parts if part)
