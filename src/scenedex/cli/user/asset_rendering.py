"""Tables of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.cli.user.rendering import clock_time, facts, size_text, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from scenedex.client import Asset, AssetState, AudioTrack, ImportStatus, MetaData

MEDIA: Final = ("Length", "Resolution", "Format", "Size")
_IN_PROGRESS: Final = "IN_PROGRESS"
_COMPLETED: Final = "COMPLETED"
_IMPORTS: Final = {
    "COMPLETED": "completed",
    "FAILED": "failed",
    "FILE_NOT_EXIST": "failed: no file",
    "INVALID_METADATA": "failed: not accepted",
}
_ANALYSES: Final = {
    "BEFORE_ANALYZE": "no",
    "WAIT_ANALYZE": "waits",
    "ANALYZE_COMPLETED": "completed",
    "ANALYZE_FAIL": "failed",
    "ANALYZE_CANCEL": "cancelled",
}


def media_cells(meta_data: MetaData | None) -> tuple[str | None, str | None, str | None, str | None]:
    """Return length, resolution, format and size of a file."""
    if meta_data is None:
        return None, None, None, None
    length = clock_time(meta_data.duration_ms) if meta_data.duration_ms else None
    return length, meta_data.resolution, meta_data.format, None if meta_data.size is None else size_text(meta_data.size)


def render_assets(assets: Sequence[Asset]) -> Table:
    """Render a row per asset."""
    rows = [
        (item.asset_id, item.key or item.file_name, *media_cells(item.meta_data), item.created_time) for item in assets
    ]
    return table(("Asset", "Key", *MEDIA, "Registered"), rows)


def render_states(states: Sequence[AssetState]) -> Table:
    """Render a row per asset with its states. Columns that all rows leave empty are left out."""
    names = ("Asset", "Key", "Import", "Analysis", "Reason", "Same as", *MEDIA, "Registered")
    rows = [
        (
            one.asset_id,
            one.key or one.file_name,
            _import_text(one),
            _analysis_text(one),
            _reason(one),
            one.duplicate_of,
            *media_cells(one.meta_data),
            one.created_time,
        )
        for one in states
    ]
    shown = [number for number in range(len(names)) if any(row[number] not in {None, ""} for row in rows)]
    return table([names[number] for number in shown], [[row[number] for number in shown] for row in rows])


def _track_text(track: AudioTrack) -> str:
    channels = f"{track.channels} channel{'' if track.channels == 1 else 's'}" if track.channels else ""
    parts = (f"track {track.track}: {track.codec}", channels, track.language, track.title)
    return ", ".join(part for part in parts if part)


def render_asset(asset: Asset) -> Table:
    """Render an asset."""
    return facts(
        ("Asset", asset.asset_id),
        ("File", asset.file_name),
        ("Key", asset.key),
        ("Project", asset.project_id),
        *zip(MEDIA, media_cells(asset.meta_data), strict=True),
        ("Frame rate", asset.frame_rate),
        ("Start timecode", asset.start_timecode),
        ("Sound", "\n".join(map(_track_text, asset.audio_tracks)) or None),
        ("Registered", asset.created_time),
        ("Registered by", asset.create_user_name),
        ("Updated", asset.updated_time),
        ("Updated by", asset.update_user_name),
    )


def import_facts(status: ImportStatus) -> Table:
    """Render the state of an import."""
    return facts(
        ("Asset", status.asset_id),
        ("Status", status.upload_status.value),
        ("Result", status.upload_result),
        ("Reason", status.upload_reason),
        ("Done", None if status.progress_percent is None else f"{status.progress_percent:.0f} %"),
        *zip(MEDIA, media_cells(status.meta_data), strict=True),
    )


def _import_text(state: AssetState) -> str:
    if state.import_status.value == _IN_PROGRESS:
        return f"runs, {state.import_percent or 0:.0f} %"
    return _IMPORTS.get(state.import_status.value, state.import_status.value.lower())


def _analysis_text(state: AssetState) -> str | None:
    if state.import_status.value != _COMPLETED:
        return None
    status = state.analysis_status or ""
    if status == "ANALYZING":
        return f"runs, {state.analysis_percent or 0:.0f} %"
    shown = _ANALYSES.get(status, status.lower())
    # After a failure, a cancel or during the next analysis, the former index is served.
    has_former = state.analysed_time is not None and status != "ANALYZE_COMPLETED"
    return f"{shown}, has an index" if has_former else shown


def _reason(state: AssetState) -> str | None:
    if state.import_status.value not in {_IN_PROGRESS, _COMPLETED}:
        reasons = (state.import_result, state.import_reason)
        return ". ".join(reason.rstrip(".") for reason in reasons if reason) or None
    return state.analysis_message if state.analysis_status == "ANALYZE_FAIL" else None
