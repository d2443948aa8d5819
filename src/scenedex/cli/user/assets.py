"""``scenedex assets``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from scenedex.cli.user.rendering import clock_time, facts, plain, size_text, table
from scenedex.cli.user.session import AssetId, ProjectSession, TimeLimit, Wait, Yes, project_command, sub_app
from scenedex.client import Asset, ImportStatus, MetaData, Registration, Upload
from scenedex.client.assets import Assets

app = sub_app("Assets: the registered videos and images of a project.")

_MEDIA: Final = ("Length", "Resolution", "Format", "Size")


@project_command(app, "list")
def list_assets(session: ProjectSession) -> None:
    """List the assets of a project, oldest first."""
    session.screen.many(_assets(session).list(), render_assets)


@project_command(app, "import")
def import_object(
    session: ProjectSession,
    bucket: Annotated[str, typer.Argument(help="Bucket of the object.", show_default=False)],
    key: Annotated[str, typer.Argument(help="Full name of the object in its bucket.", show_default=False)],
    *,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Register an object of a bucket as an asset."""
    registration = _assets(session).register(bucket, key)
    if wait:
        _wait(session, registration.asset_id, timeout)
    else:
        session.screen.one(registration, _registration)


@project_command(app, "upload")
def upload(
    session: ProjectSession,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, show_default=False)],
    *,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Upload a file and register it as an asset."""
    with session.screen.bar(f"Uploading {file.name}") as bar:
        uploaded = _assets(session).upload(file, on_progress=lambda sent, size: bar.show(100 * sent / size))
    if wait:
        _wait(session, uploaded.asset_id, timeout)
    else:
        session.screen.one(uploaded, _registration)


@project_command(app, "status")
def status(session: ProjectSession, asset_id: AssetId) -> None:
    """Show the state of the import of an asset. The exit status is 0 even if the import has failed."""
    session.screen.one(_assets(session).import_status(asset_id), _import_status)


@project_command(app, "show")
def show(session: ProjectSession, asset_id: AssetId) -> None:
    """Show an asset."""
    session.screen.one(_assets(session).get(asset_id), render_asset)


@project_command(app, "move")
def move(
    session: ProjectSession,
    asset_id: AssetId,
    new_project: Annotated[int, typer.Argument(help="Id of the project to move it to.", show_default=False)],
) -> None:
    """Move an asset and its index to another project of the workspace."""
    moved: Asset = _assets(session).move(asset_id, new_project)
    session.screen.one(moved, render_asset)


@project_command(app, "delete")
def delete(session: ProjectSession, asset_id: AssetId, *, yes: Yes = False) -> None:
    """Delete an asset and its index. The object in your bucket is kept."""
    session.confirm(f"Delete asset {asset_id} and its index?", is_sure=yes)
    _assets(session).delete(asset_id)
    session.screen.note(f"Asset {asset_id} is deleted.")


def _assets(session: ProjectSession) -> Assets:
    return session.client.assets(session.workspace, session.project_id)


def _wait(session: ProjectSession, asset_id: int, timeout: float | None) -> None:
    with session.screen.bar(f"Importing asset {asset_id}") as bar:

        def follow(status: ImportStatus) -> None:
            bar.show(status.progress_percent)

        last = _assets(session).wait_import(asset_id, on_progress=follow, timeout=timeout)
    session.screen.one(last, _import_status)


def render_assets(assets: Sequence[Asset]) -> Table:
    """Render a row per asset."""
    rows = [(item.asset_id, item.file_name, *_media(item.meta_data), item.created_time) for item in assets]
    return table(("Asset", "File", *_MEDIA, "Registered"), rows)


def render_asset(asset: Asset) -> Table:
    """Render an asset."""
    return facts(
        ("Asset", asset.asset_id),
        ("File", asset.file_name),
        ("Key", asset.key),
        ("Project", asset.project_id),
        *zip(_MEDIA, _media(asset.meta_data), strict=True),
        ("Registered", asset.created_time),
        ("Registered by", asset.create_user_name),
        ("Updated", asset.updated_time),
        ("Updated by", asset.update_user_name),
    )


def _registration(registration: Registration | Upload) -> Text:
    return plain(f"Asset {registration.asset_id} is being imported.")


def _import_status(status: ImportStatus) -> Table:
    return facts(
        ("Asset", status.asset_id),
        ("Status", status.upload_status.value),
        ("Result", status.upload_result),
        ("Reason", status.upload_reason),
        ("Done", None if status.progress_percent is None else f"{status.progress_percent:.0f} %"),
        *zip(_MEDIA, _media(status.meta_data), strict=True),
    )


def _media(meta_data: MetaData | None) -> tuple[str | None, str | None, str | None, str | None]:
    if meta_data is None:
        return None, None, None, None
    length = clock_time(meta_data.duration_ms) if meta_data.duration_ms else None
    return length, meta_data.resolution, meta_data.format, None if meta_data.size is None else size_text(meta_data.size)
