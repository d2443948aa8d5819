"""``scenedex assets``."""

from typing import Annotated

import typer

from scenedex.cli.user import asset_deletion, asset_imports, asset_playback
from scenedex.cli.user.asset_deletion import chosen_state
from scenedex.cli.user.asset_rendering import import_facts, render_asset, render_assets, render_states
from scenedex.cli.user.session import AssetId, ProjectSession, project_command, sub_app
from scenedex.client import Asset, UnknownRoute
from scenedex.client.assets import Assets

app = sub_app("Assets: the registered videos and images of a project.")


@project_command(app, "list")
def list_assets(
    session: ProjectSession,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only assets whose import or latest analysis failed.")
    ] = False,
    not_analysed: Annotated[
        bool, typer.Option("--not-analysed", help="Only imported assets without an index.")
    ] = False,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Only assets with the same bytes as an earlier asset of the workspace.")
    ] = False,
    name: Annotated[
        str | None,
        typer.Option(help="Only assets with this text in their key, in upper or lower case.", metavar="TEXT"),
    ] = None,
) -> None:
    """List the assets of a project with the states of their imports and analyses, oldest first."""
    state = chosen_state(failed=failed, not_analysed=not_analysed, duplicates=duplicates)
    assets = _assets(session)
    try:
        session.screen.many(assets.states(state, name=name), render_states)
    except UnknownRoute:
        if state is not None or name is not None:
            raise
        # Other services of this API have no list of states.
        session.screen.many(assets.list(), render_assets)


project_command(app, "import")(asset_imports.import_objects)
project_command(app, "upload")(asset_imports.upload)


@project_command(app, "status")
def status(session: ProjectSession, asset_id: AssetId) -> None:
    """Show the state of the import of an asset. The exit status is 0 even if the import has failed."""
    session.screen.one(_assets(session).import_status(asset_id), import_facts)


@project_command(app, "show")
def show(session: ProjectSession, asset_id: AssetId) -> None:
    """Show an asset."""
    session.screen.one(_assets(session).get(asset_id), render_asset)


project_command(app, "playback")(asset_playback.playback)


@project_command(app, "move")
def move(
    session: ProjectSession,
    asset_id: AssetId,
    new_project: Annotated[int, typer.Argument(help="Id of the project to move it to.", show_default=False)],
) -> None:
    """Move an asset and its index to another project of the workspace."""
    moved: Asset = _assets(session).move(asset_id, new_project)
    session.screen.one(moved, render_asset)


project_command(app, "delete")(asset_deletion.delete)


def _assets(session: ProjectSession) -> Assets:
    return session.client.assets(session.workspace, session.project_id)
