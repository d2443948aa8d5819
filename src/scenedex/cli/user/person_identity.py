"""``scenedex persons merge``, ``split`` and ``reject``."""

from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.rendering import ANONYMOUS, facts
from scenedex.cli.user.session import PersonId, WorkspaceSession, Yes
from scenedex.client import ChosenAppearance, PersonMerge, PersonRejection, PersonSplit
from scenedex.client.person_identity import PersonIdentity

Asset = Annotated[int | None, typer.Option(help="Asset of the appearances.", metavar="ID")]
Scenes = Annotated[
    list[int] | None, typer.Option("--scene", help="Only in this scene of the asset. May be repeated.", metavar="ID")
]
Starts = Annotated[
    list[int] | None,
    typer.Option("--start", help="Only the appearance that starts at this time. May be repeated.", metavar="MS"),
]


def merge(
    session: WorkspaceSession,
    person_id: Annotated[int, typer.Argument(metavar="INTO", help="Person to keep.", show_default=False)],
    others: Annotated[
        list[int], typer.Argument(metavar="PERSON...", help="Persons to merge into it, 1-10.", show_default=False)
    ],
    *,
    yes: Yes = False,
) -> None:
    """Merge persons into the first one, which keeps its name. `persons split INTO --merged PERSON` undoes it."""
    named = ", ".join(map(str, others))
    session.confirm(f"Merge {named} into person {person_id}? It can be undone with persons split.", is_sure=yes)
    session.screen.one(_identity(session).merge(person_id, others), merge_facts)


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
    to: Annotated[
        int | None, typer.Option(help="Person who gets the appearances. Default: a new one.", metavar="ID")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the new person.")] = None,
) -> None:
    """Undo a merge into a person, or move appearances of a person to another one."""
    if (merged is None) == (asset is None):
        raise typer.BadParameter("give either --merged or --asset")
    if merged is None:
        chosen = _chosen(asset, scene, start)
        result = _identity(session).split(person_id, chosen, to_person_id=to, name=name)
    elif any((scene, start, to, name)):
        raise typer.BadParameter("--merged excludes all other options")
    else:
        result = _identity(session).undo_merge(person_id, merged)
    session.screen.one(result, _split_facts)


def reject(
    session: WorkspaceSession,
    person_id: PersonId,
    others: Annotated[
        list[int] | None, typer.Argument(metavar="OTHER...", help="Persons to reject, 1-10.", show_default=False)
    ] = None,
    *,
    asset: Asset = None,
    scene: Scenes = None,
    start: Starts = None,
) -> None:
    """Reject other persons, or appearances of a person, so that they are never matched with it again."""
    if bool(others) == (asset is not None) or (others and (scene or start)):
        raise typer.BadParameter("give either other persons or --asset")
    if others:
        result = _identity(session).reject(person_id, others)
    else:
        result = _identity(session).reject_appearances(person_id, _chosen(asset, scene, start))
    session.screen.one(result, rejection_facts)


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


def merge_facts(merge: PersonMerge) -> Table:
    """Return the result of a merge."""
    return facts(
        ("Person", merge.person_id),
        ("Assets added", merge.transferred_asset_count),
        ("Pictures added", merge.transferred_thumbnail_count),
        ("Merged", merge.merged_time),
    )


def _split_facts(split: PersonSplit) -> Table:
    return facts(
        ("From person", split.person_id),
        ("To person", split.split_person_id),
        ("Name", split.name or ANONYMOUS),
        ("Appearances", split.moved_appearance_count),
        ("Split", split.split_time),
    )


def rejection_facts(rejection: PersonRejection) -> Table:
    """Return the result of a rejection."""
    return facts(
        ("Person", rejection.person_id),
        ("Is not", ", ".join(map(str, rejection.rejected_person_ids))),
        ("Appearances", rejection.moved_appearance_count or None),
        ("Rejected", rejection.rejected_time),
    )
