"""``scenedex assets delete``."""

from typing import Annotated, Final

import typer

from scenedex.cli.user.exit_codes import ExitCode, exit_code
from scenedex.cli.user.session import ProjectSession, Yes
from scenedex.client import Asset, ScenedexError, StateFilter

_MAX_NAMED: Final = 10


def delete(
    session: ProjectSession,
    asset_ids: Annotated[
        list[int] | None, typer.Argument(metavar="ASSET...", help="Ids of the assets.", show_default=False)
    ] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Assets whose import or latest analysis failed.")] = False,
    not_analysed: Annotated[bool, typer.Option("--not-analysed", help="Imported assets without an index.")] = False,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Assets with the same bytes as an earlier asset.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="Assets with this text in their key.", metavar="TEXT")] = None,
    yes: Yes = False,
) -> None:
    """Delete assets and their indexes. The objects in your bucket are kept."""
    state = chosen_state(failed=failed, not_analysed=not_analysed, duplicates=duplicates)
    is_filtered = state is not None or name is not None
    if bool(asset_ids) == is_filtered:
        raise typer.BadParameter("give either ids of assets, or filters")
    assets = session.client.assets(session.workspace, session.project_id)
    found: list[Asset]
    if is_filtered:
        found = list(assets.states(state, name=name))
        if not found:
            session.screen.note("There are none.")
            return
    elif yes or len(asset_ids or ()) == 1:
        found = [Asset(asset_id=asset_id) for asset_id in dict.fromkeys(asset_ids or ())]
    else:
        found = [assets.get(asset_id) for asset_id in dict.fromkeys(asset_ids or ())]
    session.confirm(_question(found), is_sure=yes)
    status = ExitCode.OK
    for asset in found:
        try:
            assets.delete(asset.asset_id)
        except ScenedexError as error:
            if len(found) == 1:
                raise
            session.screen.error(f"Asset {asset.asset_id}: {error}")
            status = status or exit_code(error)
        else:
            session.screen.note(f"Asset {asset.asset_id} is deleted.")
    if status:
        raise typer.Exit(status)


def chosen_state(*, failed: bool, not_analysed: bool, duplicates: bool) -> StateFilter | None:
    """Return the state that options name.

    Raises:
        typer.BadParameter: they name several.
    """
    named = {StateFilter.FAILED: failed, StateFilter.NOT_ANALYSED: not_analysed, StateFilter.DUPLICATE: duplicates}
    chosen = [state for state, is_chosen in named.items() if is_chosen]
    if len(chosen) > 1:
        raise typer.BadParameter("give at most one of --failed, --not-analysed and --duplicates")
    return chosen[0] if chosen else None


def _question(assets: list[Asset]) -> str:
    if len(assets) == 1:
        return f"Delete asset {_name(assets[0])} and its index?"
    named = ", ".join(map(_name, assets[:_MAX_NAMED]))
    more = f" and {len(assets) - _MAX_NAMED} more" if len(assets) > _MAX_NAMED else ""
    return f"Delete {len(assets)} assets and their indexes: {named}{more}?"


def _name(asset: Asset) -> str:
    return " ".join(filter(None, (str(asset.asset_id), asset.file_name)))
