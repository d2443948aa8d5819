"""The commands of ``scenedex persons`` that say who is who: merge, split, reject."""

from typing import Annotated

import typer

from scenedex.cli.user.person_rendering import render_merge, render_rejection, render_split
from scenedex.cli.user.session import WorkspaceSession, Yes, workspace_command
from scenedex.client import ChosenAppearance
from scenedex.client.person_identity import PersonIdentity

PersonId = Annotated[int, typer.Argument(metavar="PERSON", help="Id of the person.", show_default=False)]
Asset = Annotated[int | None, typer.Option(help="Where it is seen: an asset.", metavar="ID")]
Scenes = Annotated[
    list[int] | None, typer.Option("--scene", help="Only in this scene of the asset; more than once.", metavar="ID")
]
Starts = Annotated[
    list[int] | None,
    typer.Option("--start", help="Only the appearance that starts there; more than once.", metavar="MS"),
]


def merge(
    session: WorkspaceSession,
    person_id: Annotated[int, typer.Argument(metavar="INTO", help="Person that stays.", show_default=False)],
    others: Annotated[
        list[int], typer.Argument(metavar="PERSON...", help="Persons that are the same, 1-10.", show_default=False)
    ],
    *,
    yes: Yes = False,
) -> None:
    """Make persons one, under the name of the first; `persons split INTO --merged PERSON` undoes it."""
    named = ", ".join(map(str, others))
    session.confirm(f"Merge {named} into person {person_id}? It can be undone with persons split.", is_sure=yes)
    session.screen.one(_identity(session).merge(person_id, others), render_merge)


def split(
    session: WorkspaceSession,
    person_id: PersonId,
    *,
    merged: Annotated[
        int | None, typer.Option(help="Undo the merge of this person into the other.", metavar="ID")
    ] = None,
    asset: Asset = None,
    scene: Scenes = None,
    start: Starts = None,
    to: Annotated[int | None, typer.Option(help="Whose the appearances are; else someone new.", metavar="ID")] = None,
    name: Annotated[str | None, typer.Option(help="Name of who is created for them.")] = None,
) -> None:
    """Take somebody out of a person: one who was merged into it, or the one seen in an asset or scene."""
    if (merged is None) == (asset is None):
        raise typer.BadParameter("give either --merged or --asset")
    if merged is None:
        chosen = _chosen(asset, scene, start)
        done = _identity(session).split(person_id, chosen, to_person_id=to, name=name)
    elif any((scene, start, to, name)):
        raise typer.BadParameter("--merged goes without other options")
    else:
        done = _identity(session).undo_merge(person_id, merged)
    session.screen.one(done, render_split)


def reject(
    session: WorkspaceSession,
    person_id: PersonId,
    others: Annotated[
        list[int] | None, typer.Argument(metavar="OTHER...", help="Persons that are others, 1-10.", show_default=False)
    ] = None,
    *,
    asset: Asset = None,
    scene: Scenes = None,
    start: Starts = None,
) -> None:
    """Say that others are not that person, or that it is not that person there; they are never matched again."""
    if bool(others) == (asset is not None) or (others and (scene or start)):
        raise typer.BadParameter("give either other persons or --asset")
    if others:
        done = _identity(session).reject(person_id, others)
    else:
        done = _identity(session).reject_appearances(person_id, _chosen(asset, scene, start))
    session.screen.one(done, render_rejection)


def add_to(app: typer.Typer) -> None:
    """Adds these commands to a group."""
    workspace_command(app, "merge")(merge)
    workspace_command(app, "split")(split)
    workspace_command(app, "reject")(reject)


def _chosen(asset: int | None, scenes: list[int] | None, starts: list[int] | None) -> list[ChosenAppearance]:
    if asset is None:
        return []
    if scenes and starts:
        raise typer.BadParameter("give --scene or --start")
    if scenes:
        return [ChosenAppearance(asset_id=asset, scene_id=scene) for scene in scenes]
    if starts:
        return [ChosenAppearance(asset_id=asset, start_time_ms=start) for start in starts]
    return [ChosenAppearance(asset_id=asset)]


def _identity(session: WorkspaceSession) -> PersonIdentity:
    return session.client.persons(session.workspace).identity
