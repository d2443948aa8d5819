"""``scenedex assets playback``."""

from typing import Annotated

import typer
from rich.table import Table

from scenedex.cli.user.rendering import clock_time, facts, size_text
from scenedex.cli.user.session import AssetId, ProjectSession, TimeLimit, Wait
from scenedex.client import Playback, PlaybackStatus, Proxy


def playback(
    session: ProjectSession,
    asset_id: AssetId,
    *,
    request: Annotated[
        bool, typer.Option("--request", help="Request a proxy, a version that browsers play, unless there is one.")
    ] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the proxy. The imported file stays.")] = False,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Show which file of an asset plays in browsers. With --wait, wait for its proxy first."""
    if delete and request:
        raise typer.BadParameter("a proxy is deleted or requested, not both", param_hint="--delete")
    assets = session.client.assets(session.workspace, session.project_id)
    if delete:
        found = assets.delete_proxy(asset_id)
    else:
        found = assets.request_proxy(asset_id) if request else assets.playback(asset_id)
    if wait and found.proxy is not None:
        going_on = f"The proxy is being made. Follow it: {session.hint(f'assets playback {asset_id}')}"
        with session.interruptible(going_on), session.screen.bar(f"Proxy of asset {asset_id}") as bar:

            def follow(proxy: Proxy) -> None:
                bar.show(proxy.progress_percent, "waiting" if proxy.status is PlaybackStatus.WAITING else "")

            found = assets.wait_proxy(asset_id, on_progress=follow, timeout=timeout)
    session.screen.one(found, _facts)


def _facts(found: Playback) -> Table:
    proxy = found.proxy
    made = None
    if proxy is not None:
        sides = f", {proxy.width}x{proxy.height}" if proxy.width else ""
        size = f", {size_text(proxy.size_bytes)}" if proxy.size_bytes else ""
        made = f"{proxy.status.value}{sides}{size}"
    return facts(
        ("Plays", found.source.value),
        ("Status", found.status.value),
        ("Reason", found.reason),
        ("Media", found.media_url),
        ("Type", found.content_type),
        ("Length", clock_time(found.duration_ms) if found.duration_ms else None),
        ("Frame rate", found.frame_rate),
        ("Start timecode", found.start_timecode),
        ("Proxy", made),
    )
