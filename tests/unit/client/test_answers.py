from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.client import (
    Appearance,
    Asset,
    BoundingBox,
    Client,
    Engine,
    Index,
    IndexStatus,
    MetaData,
    Project,
    ScenePerson,
    UnreadableAnswer,
    UploadStatus,
    Workspace,
)

if TYPE_CHECKING:
    from scenedex.client.testing import Recorder

DIGITS = st.text("0123456789", max_size=9)
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001  # the wire has none


def test_reads_the_published_answer_to_a_created_project(client: Client, service: Recorder) -> None:
    service.add_result(
        {
            "projectId": 1234,
            "name": "project_name",
            "isBaseProject": False,
            "createdUserName": "username",
            "createdTime": "2025-04-23T14:15:19.563829873",
            "updatedUserName": "username",
            "updatedTime": "2025-04-23T14:15:19.56389036",
        }
    )

    project = client.projects("archive").create("project_name")

    assert project == Project(
        project_id=1234,
        name="project_name",
        created_user_name="username",
        created_time=datetime(2025, 4, 23, 14, 15, 19, 563830),  # noqa: DTZ001  # the wire has no zone
        updated_user_name="username",
        updated_time=datetime(2025, 4, 23, 14, 15, 19, 563890),  # noqa: DTZ001  # the wire has no zone
    )
    assert json.loads(service.received[0].body) == {"name": "project_name"}


@pytest.mark.parametrize(("asset_id", "file_name"), [("assetId", "fileName"), ("videoId", "videoName")])
def test_reads_a_moved_asset_in_both_spellings(
    client: Client, service: Recorder, asset_id: str, file_name: str
) -> None:
    service.add_result(
        {
            asset_id: 1001,
            file_name: "sample-video.mp4",
            "projectId": 5678,
            "metaData": {"resolution": "1280x720", "durationMs": 242161, "size": 35064178, "format": "mp4"},
            "key": "sample-video.mp4",
            "createUserName": "username",
            "createdTime": "2025-04-23T17:14:11",
            "updateUserName": "username",
            "updatedTime": "2025-04-23T17:21:56",
        }
    )

    moved = client.assets("my-workspace", 1234).move(1001, 5678)

    assert moved == Asset(
        asset_id=1001,
        file_name="sample-video.mp4",
        project_id=5678,
        meta_data=MetaData(resolution="1280x720", duration_ms=242161, size=35064178, format="mp4"),
        key="sample-video.mp4",
        create_user_name="username",
        created_time=datetime(2025, 4, 23, 17, 14, 11),  # noqa: DTZ001  # the wire has no zone
        update_user_name="username",
        updated_time=datetime(2025, 4, 23, 17, 21, 56),  # noqa: DTZ001  # the wire has no zone
    )
    target = "/api/v1/workspaces/my-workspace/projects/1234/assets/1001?new_project_id=5678"
    assert service.received[0].target == target


def test_an_asset_needs_an_id_in_one_of_its_spellings(client: Client, service: Recorder) -> None:
    service.add_result({"fileName": "sample-video.mp4"})

    with pytest.raises(UnreadableAnswer, match="assetId"):
        client.assets("archive", 1001).get(1)


def test_reads_answers_with_nothing_but_ids(client: Client, service: Recorder) -> None:
    service.add_result({"content": [{"assetId": 1}], "totalCount": 1, "totalPage": 1, "pageNo": 1, "pageSize": 1000})

    assert client.assets("archive", 1001).page(1).content == (Asset(asset_id=1),)


def test_ignores_fields_that_it_does_not_know(client: Client, service: Recorder) -> None:
    service.add_result({"workspaceName": "archive", "color": {"deep": ["blue"]}})

    assert client.workspaces.get("archive") == Workspace(workspace_name="archive")


def test_takes_numbers_written_as_texts(client: Client, service: Recorder) -> None:
    service.add_result({"assetId": "5678", "uploadStatus": "COMPLETED", "metaData": {"size": "12"}})

    status = client.assets("archive", 1001).import_status(5678)

    assert (status.asset_id, status.meta_data) == (5678, MetaData(size=12))


def test_a_status_that_it_does_not_know_is_not_final(client: Client, service: Recorder) -> None:
    service.add_result({"assetId": 1, "uploadStatus": "TRANSCODING"})

    status = client.assets("archive", 1001).import_status(1)

    assert status.upload_status is UploadStatus.UNKNOWN
    assert not status.upload_status.is_final


@given(MOMENTS, DIGITS, st.sampled_from(["", "Z", "+09:00"]))
def test_reads_times_with_any_fraction_and_zone(moment: datetime, fraction: str, zone: str) -> None:
    whole = moment.replace(microsecond=0)
    written = f"{whole.isoformat()}{'.' + fraction if fraction else ''}{zone}"

    project = msgspec.json.decode(
        json.dumps({"projectId": 1, "name": "a", "createdTime": written}), type=Project, strict=False
    )

    assert project.created_time is not None
    assert (project.created_time.tzinfo is None) is (zone == "")
    exact = whole + timedelta(seconds=float(f"0.{fraction or 0}"))
    assert abs(project.created_time.replace(tzinfo=None) - exact) <= timedelta(microseconds=1)


@pytest.mark.parametrize("name", ["analyzeStatusMessage", "analysisStatusMessage"])
def test_reads_the_words_for_a_status_in_both_spellings(client: Client, service: Recorder, name: str) -> None:
    service.add_result({"status": "ANALYZING", name: "Analysing."})

    assert client.index("archive", 1001, 1).status().message == "Analysing."


def test_lists_that_an_index_does_not_have_are_empty() -> None:
    index = msgspec.json.decode(
        b'{"indexId":"ix-1","type":"VIDEO","analysisSetting":{"tagIdList":["1",2]},'
        b'"scenes":[{"sceneId":1,"startTimeMs":0,"endTimeMs":5,"persons":[{"personId":7}],'
        b'"texts":[{"text":"EXIT","boundingBox":{"x":0.5},"startTimeMs":0,"endTimeMs":5}]}]}',
        type=Index,
        strict=False,
    )

    scene = index.scenes[0]
    assert index.index_id == "ix-1"
    assert index.analysis_setting is not None
    assert index.analysis_setting.tag_id_list == (1, 2)
    assert (scene.shots, scene.keywords, scene.scripts, scene.audio_effects) == ((), (), (), ())
    assert scene.persons == (ScenePerson(person_id=7),)
    assert scene.texts[0].bounding_box == {"x": 0.5}
    assert scene.texts[0].box is None


def test_reads_every_finding_of_an_index() -> None:
    index = msgspec.json.decode(
        b'{"analysisSetting":{"engines":[{"stage":"sounds","notAnalysed":"No weights."}]},'
        b'"scenes":[{"sceneId":1,"startTimeMs":0,"endTimeMs":5,'
        b'"persons":[{"personId":7,"name":"Jane","thumbnailUrl":"http://t/1.jpg",'
        b'"appearances":[{"startTimeMs":1,"endTimeMs":2,"confidence":0.5}]}],'
        b'"keywords":[{"keyword":"sea","category":"SCENE","confidence":0.5,'
        b'"appearances":[{"startTimeMs":1,"endTimeMs":2}]}],'
        b'"texts":[{"text":"EXIT","boundingBox":{"left":0.1,"top":0.2,"width":0.3,"height":0.4},"confidence":0.5,'
        b'"startTimeMs":0,"endTimeMs":5}],'
        b'"scripts":[{"scriptId":3,"speaker":"Speaker 1","text":"Hi.","confidence":0.5,"startTimeMs":0,"endTimeMs":5}],'
        b'"audioEffects":[{"type":"LAUGHTER","confidence":0.5,"startTimeMs":0,"endTimeMs":5}]}]}',
        type=Index,
        strict=False,
    )

    assert index.analysis_setting
    assert index.analysis_setting.engines == (Engine(stage="sounds", not_analysed="No weights."),)
    scene = index.scenes[0]
    seen = Appearance(start_time_ms=1, end_time_ms=2, confidence=0.5)
    assert scene.persons == (
        ScenePerson(person_id=7, name="Jane", thumbnail_url="http://t/1.jpg", appearances=(seen,)),
    )
    assert scene.keywords[0].appearances == (Appearance(start_time_ms=1, end_time_ms=2),)
    assert scene.texts[0].box == BoundingBox(left=0.1, top=0.2, width=0.3, height=0.4)
    assert (scene.scripts[0].speaker, scene.audio_effects[0].type) == ("Speaker 1", "LAUGHTER")


def test_answers_are_frozen() -> None:
    status = msgspec.json.decode(b'{"status":"ANALYZING"}', type=IndexStatus)

    with pytest.raises(AttributeError):
        status.index_id = 3  # pyright: ignore[reportAttributeAccessIssue]  # what must not work
