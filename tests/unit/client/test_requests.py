"""Requests about workspaces and indexes: only what was given is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.client import (
    AnalysisOptions,
    Client,
    ConfidenceLevel,
    ExportFormat,
    FrameRate,
    SceneRange,
    SourceLanguage,
    UnreadableAnswer,
)

if TYPE_CHECKING:
    from scenedex.client.testing import Recorder

INDEX = "/api/v1/workspaces/archive/projects/1001/assets/1/index"


def test_a_workspace_without_bucket_names_none(client: Client, service: Recorder) -> None:
    service.add_result({"workspaceName": "rushes"})

    client.workspaces.create("rushes")

    assert json.loads(service.received[-1].body) == {"workspaceName": "rushes"}


def test_options_of_an_analysis_are_sent_if_given(client: Client, service: Recorder) -> None:
    index = client.index("archive", 1001, 1)
    options = [
        AnalysisOptions(),
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
        service.add_result({})
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


def test_the_confidence_level_is_part_of_the_query(client: Client, service: Recorder) -> None:
    service.add_result({})

    client.index("archive", 1001, 1).get(ConfidenceLevel.LOW)

    assert service.received[0].target == f"{INDEX}?confidence_level=LOW"


def test_an_export_names_format_level_and_frame_rate(client: Client, service: Recorder) -> None:
    service.answers.append(httpx2.Response(200, headers={"Content-Disposition": "attachment"}, content=b"TITLE"))

    exported = client.index("archive", 1001, 1).export(
        ExportFormat.EDL, confidence_level=ConfidenceLevel.HIGH, frame_rate=FrameRate.FPS_24
    )

    assert exported == b"TITLE"
    assert service.received[0].target == f"{INDEX}/export?format=edl&confidence_level=HIGH&frameRate=24"


def test_a_page_in_place_of_an_export_is_recognised(client: Client, service: Recorder) -> None:
    service.answers.append(httpx2.Response(200, content=b"<html>It works!</html>"))

    with pytest.raises(UnreadableAnswer, match="a file was expected"):
        client.index("archive", 1001, 1).export(ExportFormat.SRT)


def test_corrections_name_only_what_is_corrected(client: Client, service: Recorder) -> None:
    index = client.index("archive", 1001, 1)
    line = {"startTimeMs": 0, "endTimeMs": 1, "text": "Hi."}
    for result in (line, line, {"speaker": "Host"}, {"speaker": "Host"}, {}, {}):
        service.add_result(result)

    index.correct_script(1, text="Good evening.")
    index.correct_script(1, speaker="Anchor")
    index.rename_speaker("Anchor / left", "Host")
    index.link_speaker("Host", None)
    index.correct_person(1, 7, name="Grace")
    index.correct_person(2, 7, to_person_id=8)

    assert [(it.target.removeprefix(INDEX), it.body) for it in service.received] == [
        ("/scripts/1", b'{"text":"Good evening."}'),
        ("/scripts/1", b'{"speaker":"Anchor"}'),
        ("/speakers/Anchor%20%2F%20left", b'{"name":"Host"}'),
        ("/speakers/Host", b'{"personId":0}'),
        ("/scenes/1/persons/7", b'{"name":"Grace"}'),
        ("/scenes/2/persons/7", b'{"personId":8}'),
    ]
