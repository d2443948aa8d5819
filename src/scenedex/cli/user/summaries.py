"""``scenedex summaries``."""

from functools import partial
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table

from scenedex.cli.user.rendering import clock_time, facts, plain, table
from scenedex.cli.user.session import AssetId, ProjectSession, TimeLimit, Wait, project_command, sub_app
from scenedex.client import (
    RequestedSummary,
    SceneSummaries,
    SummaryCost,
    SummaryEstimate,
    SummaryLocale,
    SummaryState,
    SummaryStatus,
)
from scenedex.client.summaries import AssetSummaries

app = sub_app("Scene summaries: text about each scene of an analysed asset.")


@project_command(app, "request")
def request(
    session: ProjectSession,
    asset_id: AssetId,
    *,
    scene: Annotated[
        list[int] | None, typer.Option(help="Summarise only this scene again. Repeat it for more.", metavar="ID")
    ] = None,
    locale: Annotated[
        SummaryLocale | None,
        typer.Option(case_sensitive=False, help="Language of the text. Default: that of the asset. Not with --scene."),
    ] = None,
    wait: Wait = False,
    timeout: TimeLimit = None,
) -> None:
    """Request a scene summary. Former summaries are kept until it has completed."""
    requested = _summaries(session, asset_id).request(scene_ids=scene or None, locale=locale)
    if wait:
        _wait(session, asset_id, timeout)
    else:
        session.screen.one(requested, partial(_requested, asset_id=asset_id))
        session.screen.note(f"Follow it: {session.hint(f'summaries status {asset_id}')}")


@project_command(app, "estimate")
def estimate(
    session: ProjectSession,
    asset_id: AssetId,
    *,
    scene: Annotated[list[int] | None, typer.Option(help="Only this scene. Repeat it for more.", metavar="ID")] = None,
) -> None:
    """Estimate scenes, pictures, tokens and cost of a scene summary. Nothing is requested."""
    session.screen.one(_summaries(session, asset_id).estimate(scene_ids=scene or None), _estimate_facts)


@project_command(app, "status")
def status(session: ProjectSession, asset_id: AssetId) -> None:
    """Show the state of the latest scene summary. The exit status is 0 even if it has failed."""
    session.screen.one(_summaries(session, asset_id).status(), _status_facts)


@project_command(app, "show")
def show(session: ProjectSession, asset_id: AssetId) -> None:
    """Show the summaries scene by scene. With --json, print them as the service wrote them."""
    summaries = _summaries(session, asset_id)
    if session.screen.as_json:
        session.screen.document(summaries.document())
    else:
        session.screen.one(summaries.get(), _render)


@project_command(app, "cancel")
def cancel(session: ProjectSession, asset_id: AssetId) -> None:
    """Cancel the scene summary. Former summaries are kept."""
    _summaries(session, asset_id).cancel()
    session.screen.note(f"The scene summary of asset {asset_id} is cancelled.")


def _summaries(session: ProjectSession, asset_id: int) -> AssetSummaries:
    return session.client.summaries(session.workspace, session.project_id, asset_id)


def _wait(session: ProjectSession, asset_id: int, timeout: float | None) -> None:
    note = (
        f"The scene summary of asset {asset_id} goes on. Follow it: {session.hint(f'summaries status {asset_id}')} · "
        f"Cancel it: {session.hint(f'summaries cancel {asset_id}')}"
    )
    with session.interruptible(note), session.screen.bar(f"Summarising asset {asset_id}") as bar:

        def follow(status: SummaryStatus) -> None:
            progress = status.progress
            if status.status is SummaryState.WAIT_SUMMARIZE or progress is None:
                bar.show(None, "waiting")
            else:
                bar.show(progress.percent, f"scene {min(progress.scenes_done + 1, progress.scene_count)}")

        last = _summaries(session, asset_id).wait(on_progress=follow, timeout=timeout)
    session.screen.one(last, _status_facts)


def _requested(requested: RequestedSummary, *, asset_id: int) -> Table:
    return facts(
        ("Asset", asset_id),
        ("Status", requested.status.value if requested.status else "requested"),
        ("Scenes", _scenes(requested.scene_ids)),
        ("Language", requested.locale),
    )


def _status_facts(status: SummaryStatus) -> Table:
    progress = status.progress
    usage = progress.usage if progress else None
    return facts(
        ("Asset", status.asset_id),
        ("Status", status.status.value),
        ("Message", status.status_message),
        ("Scenes", _scenes(status.scene_ids) if progress else None),
        ("Done", f"{progress.scenes_done} of {progress.scene_count}" if progress else None),
        ("Language", status.locale),
        ("Engine", " · ".join(filter(None, (status.engine, status.model))) or None),
        ("Sentences dropped", progress.unsupported_sentences or None if progress else None),
        ("Pictures sent", usage.pictures or None if usage else None),
        ("Tokens", _tokens(status)),
        ("Cost", _cost(usage.cost) if usage and usage.cost else None),
    )


def _estimate_facts(found: SummaryEstimate) -> Table:
    month = found.month
    of_scenes = f" of {month.max_scenes}" if month.max_scenes else ""
    of_tokens = f" of {month.max_tokens}" if month.max_tokens else ""
    calls = bool(found.input_tokens)
    return facts(
        ("Asset", found.asset_id),
        ("Engine", found.engine or "none"),
        ("Scenes", found.scene_count),
        ("Pictures to send", found.pictures if calls else None),
        ("Tokens", f"about {found.input_tokens} sent, {found.output_tokens} received" if calls else "none"),
        ("Cost", _cost(found.cost) if calls else "none"),
        ("Time", f"about {clock_time(round(found.seconds * 1000))}" if found.seconds is not None else None),
        ("This month", f"{month.scenes}{of_scenes} scenes, {month.tokens}{of_tokens} tokens" if calls else None),
        ("Refused", found.refused_because),
    )


def _cost(cost: SummaryCost | None) -> str:
    return "no prices are set" if cost is None else f"{cost.amount:.4f} {cost.currency}"


def _tokens(status: SummaryStatus) -> str | None:
    usage = status.progress.usage if status.progress else None
    if usage is None or not (usage.input_tokens or usage.output_tokens):
        return None
    about = "about " if usage.estimated else ""
    return f"{about}{usage.input_tokens} sent, {usage.output_tokens} received"


def _scenes(scene_ids: tuple[int, ...] | None) -> str:
    return "all" if scene_ids is None else ", ".join(str(one) for one in scene_ids)


def _render(found: SceneSummaries) -> RenderableType:
    info = found.scene_summary_info
    engines = dict.fromkeys(" · ".join(filter(None, (one.engine, one.model))) for one in found.scene_summaries)
    head = facts(
        ("Index", found.index_id),
        ("Summarised", info.last_analyzed_at if info else None),
        ("Scenes", _scenes(info.analyzed_scene_ids) if info else None),
        ("Language", ", ".join(dict.fromkeys(one.locale for one in found.scene_summaries if one.locale)) or None),
        ("Engine", ", ".join(filter(None, engines)) or None),
    )
    rows = [
        (one.scene_id, clock_time(one.start_time_ms), clock_time(one.end_time_ms), one.summary or "nothing to say")
        for one in found.scene_summaries
    ]
    return Group(head, table(("Scene", "Start", "End", "Summary"), rows) if rows else plain("No scenes."))
