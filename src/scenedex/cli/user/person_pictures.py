"""``scenedex persons pictures``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.rendering import render_person, table, yes
from scenedex.cli.user.session import PersonId, WorkspaceSession, Yes, sub_app, workspace_command
from scenedex.client import Thumbnail

app = sub_app("Pictures of a person's face. The primary one is shown in indexes and lists.")


@workspace_command(app, "list")
def list_pictures(session: WorkspaceSession, person_id: PersonId) -> None:
    """List the pictures of a person, primary first."""
    session.screen.many(session.client.persons(session.workspace).get(person_id).thumbnails, _table)


@workspace_command(app, "add")
def add(
    session: WorkspaceSession,
    person_id: PersonId,
    pictures: Annotated[
        list[Path],
        typer.Argument(
            metavar="PICTURE...",
            help="JPG, PNG or WebP with exactly one face.",
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ],
    *,
    primary: Annotated[bool, typer.Option("--primary", help="Make the first of them the primary picture.")] = False,
) -> None:
    """Add pictures to a person, which makes matches more certain."""
    added = session.client.persons(session.workspace).pictures.add(
        person_id, pictures, is_primary=primary, on_remark=session.screen.remark
    )
    session.screen.many(added, _table)


@workspace_command(app, "choose")
def choose(
    session: WorkspaceSession,
    person_id: PersonId,
    picture: Annotated[int, typer.Argument(help="Id of the picture.", show_default=False)],
) -> None:
    """Make a picture of a person its primary one."""
    session.screen.one(session.client.persons(session.workspace).set_primary(person_id, picture), render_person)


@workspace_command(app, "remove")
def remove(
    session: WorkspaceSession,
    person_id: PersonId,
    pictures: Annotated[
        list[int], typer.Argument(metavar="PICTURE...", help="Ids of the pictures.", show_default=False)
    ],
    *,
    yes: Yes = False,
) -> None:
    """Remove pictures of a person and the faces in them. One picture must be left."""
    named = ", ".join(map(str, pictures))
    session.confirm(f"Remove pictures {named} of person {person_id}?", is_sure=yes)
    remaining = session.client.persons(session.workspace).pictures.remove(person_id, pictures)
    session.screen.many(remaining, _table)


def _table(pictures: Sequence[Thumbnail]) -> Table:
    return table(
        ("Picture", "Primary", "URL"),
        [(picture.id, yes(picture.is_primary_thumbnail), picture.url) for picture in pictures],
    )
