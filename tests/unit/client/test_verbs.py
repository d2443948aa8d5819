from __future__ import annotations

import json

import httpx2
import pytest

from scenedex.client import (
    AnalysisOptions,
    AnalysisStatus,
    AuthenticationFailed,
    Client,
    ConfidenceLevel,
    Conflict,
    ExportFormat,
    InvalidRequest,
    NotFound,
    SceneRange,
    SourceLanguage,
    UnreadableAnswer,
    UploadStatus,
)
from scenedex.client.testing import FakeService, ManualTime


def test_a_workspace_lives_from_creation_to_deletion(client: Client) -> None:
    created = client.workspaces.create("rushes", bucket_name="raw")

    assert client.workspaces.get("rushes") == created
    assert [it.workspace_name for it in client.workspaces.list(page_size=1)] == ["archive", "rushes"]
    client.workspaces.delete("rushes")
    with pytest.raises(NotFound):
        client.workspaces.get("rushes")


def test_a_workspace_without_bucket_names_none(client: Client, service: FakeService) -> None:
    client.workspaces.create("rushes")

    assert json.loads(service.received[-1].body) == {"workspaceName": "rushes"}


def test_a_project_lives_from_creation_to_deletion(client: Client) -> None:
    projects = client.projects("archive")
    created = projects.create("news")

    assert projects.rename(created.project_id, "sports").name == "sports"
    assert [(it.name, it.is_base_project) for it in projects.list()] == [("base", True), ("sports", False)]
    assert projects.get(created.project_id).name == "sports"
    projects.delete(created.project_id)
    assert len(projects.list()) == 1


def test_refusals_are_named(client: Client) -> None:
    projects = client.projects("archive")
    projects.create("news")

    with pytest.raises(Conflict):
        projects.create("news")
    with pytest.raises(InvalidRequest, match="10027"):
        projects.rename(1001, "other")
    with pytest.raises(InvalidRequest, match="name: must not be blank") as caught:
        projects.create(" ")
    assert caught.value.details[0].field == "name"


def test_an_asset_lives_from_registration_to_deletion(client: Client) -> None:
    assets = client.assets("archive", 1001)
    other = client.projects("archive").create("news").project_id

    asset_id = assets.register("footage", "interview.mp4").asset_id
    assert assets.import_status(asset_id).upload_status is UploadStatus.IN_PROGRESS
    assert assets.wait_import(asset_id).upload_status is UploadStatus.COMPLETED
    asset = assets.get(asset_id)
    assert (asset.file_name, asset.meta_data and asset.meta_data.format) == ("interview.mp4", "mp4")
    assert [it.asset_id for it in assets.list()] == [asset_id]

    assert assets.move(asset_id, other).project_id == other
    assert list(assets.list()) == []
    client.assets("archive", other).delete(asset_id)
    with pytest.raises(NotFound):
        client.assets("archive", other).get(asset_id)


def test_an_index_lives_from_request_to_deletion(client: Client) -> None:
    assets = client.assets("archive", 1001)
    asset_id = assets.register("footage", "interview.mp4").asset_id
    index = client.index("archive", 1001, asset_id)
    options = AnalysisOptions(analysis_person_count=0)
    with pytest.raises(InvalidRequest, match="10014"):
        index.request(options)
    assets.wait_import(asset_id)

    assert index.request(options).status is AnalysisStatus.WAIT_ANALYZE
    with pytest.raises(Conflict):
        index.request(options)
    with pytest.raises(Conflict):
        index.get()
    index.wait()
    scenes = index.get(ConfidenceLevel.HIGH).scenes
    assert [(scene.start_time_ms, scene.end_time_ms) for scene in scenes] == [
        (0, 10000),
        (10000, 20000),
        (20000, 25500),
    ]
    assert json.loads(index.document())["scenes"][0]["sceneId"] == 1
    assert index.export(ExportFormat.VTT) == b"vtt\nLine 1.\nLine 2.\nLine 3.\n"
    index.delete()
    with pytest.raises(Conflict):
        index.get()


def test_a_page_in_place_of_an_export_is_recognised(client: Client, service: FakeService) -> None:
    service.faults.append(httpx2.Response(200, content=b"<html>It works!</html>"))

    with pytest.raises(UnreadableAnswer, match="a file was expected"):
        client.index("archive", 1001, 1).export(ExportFormat.SRT)


def test_an_analysis_that_does_not_run_cannot_be_cancelled(client: Client) -> None:
    asset_id = client.assets("archive", 1001).register("footage", "interview.mp4").asset_id

    with pytest.raises(Conflict, match="Cannot cancel"):
        client.index("archive", 1001, asset_id).cancel()


def test_options_are_sent_only_where_they_say_something(client: Client, service: FakeService) -> None:
    index = client.index("archive", 1001, 1)
    options = [
        AnalysisOptions(analysis_person_count=0),
        AnalysisOptions(
            analysis_person_count=3,
            scene_range=SceneRange.EXTRA_SHORT,
            min_scene_duration_sec=10,
            max_scene_duration_sec=60,
            tag_id_list=(4, 5),
            source_language=SourceLanguage.ZH_TW,
            detect_audio_effects=True,
        ),
    ]

    for option in options:
        with pytest.raises(NotFound):
            index.request(option)

    assert [json.loads(received.body) for received in service.received] == [
        {"analysisPersonCount": 0},
        {
            "analysisPersonCount": 3,
            "sceneRange": "EXTRA_SHORT",
            "minSceneDurationSec": 10,
            "maxSceneDurationSec": 60,
            "tagIdList": [4, 5],
            "sourceLanguage": "ZH-TW",
            "detectAudioEffects": True,
        },
    ]


def test_the_confidence_level_is_part_of_the_query(client: Client, service: FakeService) -> None:
    with pytest.raises(NotFound):
        client.index("archive", 1001, 1).get(ConfidenceLevel.LOW)

    target = "/api/v1/workspaces/archive/projects/1001/assets/1/index?confidence_level=LOW"
    assert service.received[0].target == target


def test_a_wrong_secret_is_refused(service: FakeService, manual_time: ManualTime) -> None:
    with (
        Client("https://mi.test", "AK_TEST", "WRONG", transport=service, clock=manual_time.clock()) as client,
        pytest.raises(AuthenticationFailed, match="Invalid authentication information"),
    ):
        client.workspaces.get("archive")


def test_a_clock_that_is_off_is_refused(service: FakeService) -> None:
    late = ManualTime(1_700_000_000.0 - 301)
    with (
        Client("https://mi.test", "AK_TEST", "SK_TEST", transport=service, clock=late.clock()) as client,
        pytest.raises(AuthenticationFailed),
    ):
        client.workspaces.get("archive")
