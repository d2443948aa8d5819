"""Scene summaries with the SDK and with commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from edited_indexes import indexed
from scenedex.client import (
    Conflict,
    ExportFormat,
    InvalidRequest,
    NotFound,
    SummaryFailed,
    SummaryLocale,
    SummaryState,
    SummaryStatus,
)

if TYPE_CHECKING:
    from tests.conftest import Site

    from app_transport import Worker
    from command_line import CommandLine
    from scenedex.client import Client


def analysed(site: Site) -> int:
    """An asset with an index of two scenes."""
    edited = indexed(site)
    site.service.rows("UPDATE analyses SET status = 'ANALYZE_COMPLETED' WHERE asset_id = %s", edited.item.asset_id)
    return edited.item.asset_id


def test_summaries_are_requested_awaited_and_read(client: Client, site: Site) -> None:
    asset_id = analysed(site)
    summaries = client.summaries(site.name, site.base_project, asset_id)
    seen: list[SummaryStatus] = []

    assert summaries.status().status is SummaryState.BEFORE_SUMMARIZE
    requested = summaries.request(locale=SummaryLocale.JA_JP)
    last = summaries.wait(on_progress=seen.append)

    assert (requested.status, requested.locale, requested.scene_ids) == (SummaryState.WAIT_SUMMARIZE, "ja-JP", None)
    assert last == seen[-1]
    assert (last.asset_id, last.engine, last.model) == (asset_id, "scripted 1", "scripted-model")
    assert last.progress is not None
    assert (last.progress.scenes_done, last.progress.usage.input_tokens) == (2, 200)
    found = summaries.get()
    assert [one.scene_id for one in found.scene_summaries] == [1, 2]
    assert found.scene_summaries[1].summary == "This is scene 2 in ja-JP."
    assert [one.basis for one in found.scene_summaries[1].sentences] == ["seen"]
    assert found.scene_summary_info is not None
    assert found.scene_summary_info.analyzed_scene_ids is None
    assert json.loads(summaries.document())["sceneSummaryInfo"]["analyzedSceneIds"] is None
    index = client.index(site.name, site.base_project, asset_id)
    assert index.get().scenes[1].summary == "This is scene 2 in ja-JP."
    assert b"This is scene 2 in ja-JP." in index.export(ExportFormat.CHAPTERS)


def test_some_scenes_are_summarised_again(client: Client, site: Site) -> None:
    summaries = client.summaries(site.name, site.base_project, analysed(site))
    with pytest.raises(Conflict, match="40921"):
        summaries.request(scene_ids=[1])
    summaries.request()

    assert summaries.request(scene_ids=[2]).scene_ids == (2,)

    info = summaries.get().scene_summary_info
    assert info is not None
    assert info.analyzed_scene_ids == (2,)
    with pytest.raises(InvalidRequest, match="no scene 9"):
        summaries.request(scene_ids=[9])
    with pytest.raises(InvalidRequest, match="locale"):
        summaries.request(scene_ids=[1], locale=SummaryLocale.EN_US)


def test_a_summary_that_does_not_complete_is_an_error(client: Client, site: Site, worker: Worker) -> None:
    summaries = client.summaries(site.name, site.base_project, analysed(site))
    with pytest.raises(SummaryFailed, match="BEFORE_SUMMARIZE"):
        summaries.wait()
    with pytest.raises(NotFound, match="40420"):
        summaries.get()
    with pytest.raises(Conflict, match="40922"):
        summaries.cancel()
    worker.is_idle = True
    summaries.request()
    with pytest.raises(Conflict, match="40920"):
        summaries.request()

    summaries.cancel()

    with pytest.raises(SummaryFailed, match="ended with SUMMARIZE_CANCELED: Scene summary canceled") as failed:
        summaries.wait()
    assert failed.value.status.status is SummaryState.SUMMARIZE_CANCELED


def test_an_estimate_is_made_before_a_request(client: Client, scenedex: CommandLine, site: Site) -> None:
    asset_id = analysed(site)

    found = client.summaries(site.name, site.base_project, asset_id).estimate(scene_ids=[1, 2])

    # Without a service nothing is sent.
    assert (found.asset_id, found.scene_count, found.input_tokens, found.cost) == (asset_id, 2, 0, None)
    assert scenedex("summaries", "estimate", str(asset_id), "--scene", "2").out.count("none") >= 2
    assert scenedex("summaries", "estimate", str(asset_id), "--json").lines()[0]["sceneCount"] == 2
    assert "no scene 9" in scenedex("summaries", "estimate", str(asset_id), "--scene", "9").error(6)


def test_commands_request_show_and_cancel(scenedex: CommandLine, site: Site, worker: Worker) -> None:
    asset = str(analysed(site))
    assert "BEFORE_SUMMARIZE" in scenedex("summaries", "status", asset).out
    assert "40420" in scenedex("summaries", "show", asset).error(3)

    done = scenedex("summaries", "request", asset, "--locale", "en-us", "--wait")

    assert done.status == 0
    assert "SUMMARIZE_COMPLETED" in done.out
    assert "2 of 2" in done.out
    assert "200 sent, 20 received" in done.out
    assert "Summarising asset" in done.err
    shown = scenedex("summaries", "show", asset)
    assert [row[0] for row in shown.rows()] == ["1", "2"]
    assert shown.rows()[1] == ["2", "0:00:01.000", "0:00:02.000", "This is scene 2 in en-US."]
    assert "scripted 1 · scripted-model" in shown.out
    assert len(scenedex("summaries", "show", asset, "--json").lines()[0]["sceneSummaries"]) == 2
    assert "This is scene 2 in en-US." in scenedex("index", "show", asset).out
    assert "This is scene 2 in en-US." in scenedex("index", "export", asset, "--format", "chapters").out

    worker.is_idle = True
    asked = scenedex("summaries", "request", asset, "--scene", "1", "--scene", "2")
    assert "1, 2" in asked.out
    assert f"summaries status {asset}" in asked.out
    assert "WAIT_SUMMARIZE" in scenedex("summaries", "status", asset).out
    assert scenedex("summaries", "status", asset, "--json").lines()[0]["sceneIds"] == [1, 2]
    assert scenedex("summaries", "request", asset).error(5).startswith("Error: A scene summary of this asset waits")
    refused = scenedex("index", "correct", asset, "1", "--text", "Hello.").error(5)
    assert refused.startswith("Error: A scene summary of this index waits or runs. Persons, scripts and speakers")
    assert scenedex("summaries", "cancel", asset).out == f"The scene summary of asset {asset} is cancelled.\n"
    assert scenedex("index", "correct", asset, "1", "--text", "Hello.").status == 0
    assert scenedex("summaries", "cancel", asset).status == 5
    assert scenedex("summaries", "request", asset, "--scene", "7").error(6).count("no scene 7") == 1


def test_a_wait_for_a_summary_that_ends_without_a_result_fails(
    scenedex: CommandLine, site: Site, worker: Worker
) -> None:
    asset = str(analysed(site))
    worker.is_idle = True

    timed_out = scenedex("summaries", "request", asset, "--wait", "--timeout", "0")

    assert timed_out.status == 7
