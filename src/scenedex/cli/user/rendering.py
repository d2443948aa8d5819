"""Tables of answers of the service."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from scenedex.client import (
        Asset,
        ImportStatus,
        IndexStatus,
        MetaData,
        Project,
        Registration,
        RequestedIndex,
        Upload,
        Workspace,
    )

    Cell = str | int | datetime | None

_SIZE_STEP: Final = 1000
_SIZE_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def clock_time(milliseconds: int) -> str:
    """Format a time as ``H:MM:SS.mmm``."""
    seconds, millisecond = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}.{millisecond:03}"


def plain(words: str) -> Text:
    """Return text without markup and control characters."""
    return Text("".join(character if character.isprintable() else "�" for character in words))


def render_workspaces(workspaces: Sequence[Workspace]) -> RenderableType:
    """Render a row per workspace."""
    rows = [(item.workspace_name, item.bucket_name, item.created_user_name, item.created_time) for item in workspaces]
    return table(("Workspace", "Bucket", "Created by", "Created"), rows)


def render_workspace(workspace: Workspace) -> RenderableType:
    """Render a workspace."""
    return facts(
        ("Workspace", workspace.workspace_name),
        ("Address", workspace.workspace_url),
        ("Bucket", workspace.bucket_name),
        ("Analyses this month", workspace.monthly_analysis_count),
        ("Created", workspace.created_time),
        ("Created by", workspace.created_user_name),
        ("Updated", workspace.updated_time),
        ("Updated by", workspace.updated_user_name),
    )


def render_projects(projects: Sequence[Project]) -> RenderableType:
    """Render a row per project."""
    rows = [
        (item.project_id, item.name, _yes(item.is_base_project), item.created_user_name, item.created_time)
        for item in projects
    ]
    return table(("Project", "Name", "Base", "Created by", "Created"), rows)


def render_project(project: Project) -> RenderableType:
    """Render a project."""
    return facts(
        ("Project", project.project_id),
        ("Name", project.name),
        ("Base project", _yes(project.is_base_project)),
        ("Created", project.created_time),
        ("Created by", project.created_user_name),
        ("Updated", project.updated_time),
        ("Updated by", project.updated_user_name),
    )


def render_assets(assets: Sequence[Asset]) -> RenderableType:
    """Render a row per asset."""
    rows = [(item.asset_id, item.file_name, *_media(item.meta_data), item.created_time) for item in assets]
    return table(("Asset", "File", "Length", "Resolution", "Format", "Size", "Registered"), rows)


def render_asset(asset: Asset) -> RenderableType:
    """Render an asset."""
    length, resolution, form, size = _media(asset.meta_data)
    return facts(
        ("Asset", asset.asset_id),
        ("File", asset.file_name),
        ("Key", asset.key),
        ("Project", asset.project_id),
        ("Length", length),
        ("Resolution", resolution),
        ("Format", form),
        ("Size", size),
        ("Registered", asset.created_time),
        ("Registered by", asset.create_user_name),
        ("Updated", asset.updated_time),
        ("Updated by", asset.update_user_name),
    )


def render_registration(registration: Registration | Upload) -> RenderableType:
    """Render an asset whose import has started."""
    return plain(f"Asset {registration.asset_id} is being imported.")


def render_import_status(status: ImportStatus) -> RenderableType:
    """Render the state of an import."""
    length, resolution, form, size = _media(status.meta_data)
    return facts(
        ("Asset", status.asset_id),
        ("Status", status.upload_status.value),
        ("Result", status.upload_result),
        ("Reason", status.upload_reason),
        ("Done", None if status.progress_percent is None else f"{status.progress_percent:.0f} %"),
        ("Length", length),
        ("Resolution", resolution),
        ("Format", form),
        ("Size", size),
    )


def render_requested_index(requested: RequestedIndex) -> RenderableType:
    """Render the answer to the request of an analysis."""
    return facts(("Index", requested.index_id), ("Status", requested.status.value if requested.status else "requested"))


def render_index_status(status: IndexStatus) -> RenderableType:
    """Render the state of an analysis."""
    progress = status.progress
    return facts(
        ("Status", status.status.value),
        ("Message", status.message),
        ("Index", status.index_id),
        ("Stage", progress.stage if progress else None),
        ("Done", None if progress is None or progress.percent is None else f"{progress.percent:.0f} %"),
    )


def _yes(fact: bool) -> str | None:  # noqa: FBT001  # a private function of one argument
    return "yes" if fact else None


def _media(meta_data: MetaData | None) -> tuple[str | None, str | None, str | None, str | None]:
    if meta_data is None:
        return None, None, None, None
    length = clock_time(meta_data.duration_ms) if meta_data.duration_ms else None
    return length, meta_data.resolution, meta_data.format, None if meta_data.size is None else _size(meta_data.size)


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in _SIZE_UNITS[:-1]:
        if size < _SIZE_STEP:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= _SIZE_STEP
    return f"{size:.1f} {_SIZE_UNITS[-1]}"


def facts(*facts: tuple[str, Cell]) -> Table:
    """Build a grid of names and values, without empty values."""
    grid = Table.grid(padding=(0, 2))
    for name, value in facts:
        if value not in {None, ""}:
            grid.add_row(Text(name, style="bold"), _cell(value))
    return grid


def table(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """Build a table."""
    built = Table(*(Column(name, overflow="fold") for name in names), header_style="bold")
    for row in rows:
        built.add_row(*map(_cell, row))
    return built


def _cell(value: Cell) -> Text:
    if isinstance(value, datetime):
        return Text(value.isoformat(" ", "seconds"))
    return plain("" if value is None else str(value))
