"""``scenedex persons tag``, ``untag`` and ``tags``."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.exit_codes import ExitCode
from scenedex.cli.user.rendering import table
from scenedex.cli.user.session import PersonId, WorkspaceSession, Yes, sub_app, workspace_command
from scenedex.client import Conflict, PersonTag, Tag
from scenedex.client.person_tags import PersonTags

app = sub_app("Tags: labels of the persons of a workspace.")

Name = Annotated[str, typer.Argument(help="Name of the tag, 1-30 characters.", show_default=False)]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of tags.", show_default=False)]


@workspace_command(app, "list")
def list_tags(session: WorkspaceSession) -> None:
    """List the tags of the workspace with their ids, which `index request --tag` takes."""
    session.screen.many(_tags(session).list(), _table)


@workspace_command(app, "delete")
def delete(session: WorkspaceSession, name: Name, *, yes: Yes = False) -> None:
    """Delete a tag and remove it from all persons."""
    session.confirm(f"Delete the tag {name} and remove it from all persons?", is_sure=yes)
    _tags(session).delete(tag_named(session, name).id)
    session.screen.note(f"The tag {name} is deleted.")


def tag(session: WorkspaceSession, person_id: PersonId, names: Names) -> None:
    """Add tags to a person. Missing tags are created."""
    tags = _tags(session)
    chosen = [_found(tags, name) or _created(tags, name) for name in dict.fromkeys(names)]
    session.screen.many(tags.put_on(person_id, [it.id for it in chosen]), _table_of_person)


def untag(session: WorkspaceSession, person_id: PersonId, names: Names) -> None:
    """Remove tags from a person."""
    tags = _tags(session)
    chosen = [tag_named(session, name).id for name in dict.fromkeys(names)]
    session.screen.many(tags.take_off(person_id, chosen), _table_of_person)


def tag_named(session: WorkspaceSession, name: str) -> PersonTag:
    """Find a tag by name.

    Raises:
        typer.Exit: the tag does not exist. An error has been printed.
    """
    found = _found(_tags(session), name)
    if found is None:
        session.screen.error(f"There is no person tag {name} in the workspace.")
        raise typer.Exit(ExitCode.NOT_FOUND)
    return found


def _found(tags: PersonTags, name: str) -> PersonTag | None:
    return next((it for it in tags.list(name=name) if it.name == name), None)


def _created(tags: PersonTags, name: str) -> PersonTag:
    try:
        return tags.create(name)
    except Conflict:
        # Another user has created the tag at the same time.
        found = _found(tags, name)
        if found is None:
            raise
        return found


def _tags(session: WorkspaceSession) -> PersonTags:
    return session.client.persons(session.workspace).tags


def _table(tags: Sequence[PersonTag]) -> Table:
    return table(
        ("Tag", "Name", "Created by", "Created"),
        [(tag.id, tag.name, tag.created_user_name, tag.created_time) for tag in tags],
    )


def _table_of_person(tags: Sequence[Tag]) -> Table:
    return table(("Tag", "Name"), [(tag.id, tag.name) for tag in tags])
