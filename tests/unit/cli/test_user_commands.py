"""Command lines of users: requests, refusals and exit statuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from scenedex.cli.user import apps

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine
    from scenedex.client.testing import Recorder


@pytest.mark.parametrize(
    "words",
    [
        "workspaces delete archive",
        "projects delete 1001",
        "assets delete 1",
        "index delete 1",
        "persons merge 1 2",
        "persons delete 1",
        "persons delete 1 --erase",
        "persons tags delete poet",
        "persons pictures remove 1 2",
        "persons suggestions accept 1",
    ],
)
def test_what_takes_away_asks_first(scenedex: CommandLine, service: Recorder, words: str) -> None:
    for typed in ("n\n", ""):
        ended = scenedex(*words.split(), typed=typed)

        assert ended.status == 1
        assert "?" in ended.err
        assert ("Answer with --yes" in ended.err) == (not typed)
    assert service.received == []


@pytest.mark.parametrize(
    "words",
    [
        "index export 1 --format mov",
        "index export 1 --format edl --frame-rate 26",
        "index export 1",
        "index name-person 1 1 1",
        "index name-person 1 1 1 --person 2 --name Ada",
        "index correct 1 1",
        "index name-speaker 1 Anchor",
        "index name-speaker 1 Anchor --name Host --nobody",
        "assets upload nothing.mp4",
        "assets import footage",
        "assets delete",
        "assets delete 1 --failed",
        "assets list --failed --duplicates",
        "persons name 1",
        "persons name 1 Ada --clear",
        "persons describe 1",
        "persons split 1",
        "persons split 1 --merged 2 --asset 3",
        "persons split 1 --merged 2 --name Ada",
        "persons split 1 --asset 3 --scene 1 --start 5",
        "persons reject 1",
        "persons reject 1 2 --asset 3",
        "persons reject 1 2 --scene 3",
        "persons merge 1",
        "persons list --sort age",
        "persons create /",
        "persons recommend /",
        "search find",
        "search --level low",
        "search --project 7",
        "search ship --image ship.jpg",
        "search --image /",
        "search ship --export ships.mp4",
        "search ship --frame-rate 25",
        "search ship --level certain",
        "search ship --type sound",
        "search ship --limit 0",
        "search ship --project news",
    ],
)
def test_a_command_line_that_is_not_right_sends_nothing(scenedex: CommandLine, service: Recorder, words: str) -> None:
    ended = scenedex(*words.split())

    assert (ended.status, ended.out) == (2, "")
    assert service.received == []


@pytest.mark.parametrize("words", ["persons create", "persons recommend", "search --image"])
def test_a_picture_that_is_not_there_is_an_error_of_one_line(
    scenedex: CommandLine, service: Recorder, tmp_path: Path, words: str
) -> None:
    assert "nobody.jpg" in scenedex(*words.split(), str(tmp_path / "nobody.jpg")).error(1)
    assert service.received == []


@pytest.mark.parametrize("name", ["NCLOUD_ACCESS_KEY", "NCLOUD_SECRET_KEY"])
def test_missing_keys_are_named(scenedex: CommandLine, service: Recorder, name: str) -> None:
    ended = scenedex.within(**{name: ""})("workspaces", "list")

    assert ended.status == 2
    assert f"set {name} in the environment" in ended.err
    assert service.received == []


@pytest.mark.parametrize(
    ("name", "value"), [("SCENEDEX_ENDPOINT", "mi.test"), ("SCENEDEX_PROJECT", "news"), ("NCLOUD_ACCESS_KEY", "ключ")]
)
def test_an_environment_that_is_not_right_is_a_usage_error(scenedex: CommandLine, name: str, value: str) -> None:
    ended = scenedex.within(**{name: value})("assets", "list")

    assert ended.status == 2
    assert "Traceback" not in ended.err


def test_options_win_over_the_environment(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"assetId": 7})

    scenedex("assets", "show", "7", "-w", "other", "-p", "5")

    assert service.received[-1].target == "/api/v1/workspaces/other/projects/5/assets/7"


@pytest.mark.parametrize("group", [*(name for name, _ in apps), "persons tags", "persons pictures"])
def test_help_explains_every_exit_status(scenedex: CommandLine, group: str) -> None:
    words = " ".join(scenedex(*group.split(), "--help").out.split())

    assert "Exit status: 0 done · 1 the awaited import" in words
    assert "· 8 the answer is not" in words


def test_every_option_of_an_analysis_reaches_the_service(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"status": "WAIT_ANALYZE"})
    service.add_result({"assetId": 1, "fileName": "interview.mp4"})
    scenes = ["--scene-range", "extra_short", "--min-scene", "10", "--max-scene", "60"]
    people = ["--persons", "3", "--tag", "4", "--tag", "5"]

    ended = scenedex("index", "request", "1", *scenes, *people, "--language", "zh-tw", "--audio-effects")

    assert "WAIT_ANALYZE" in ended.out
    assert "1 interview.mp4" in ended.out
    assert json.loads(service.received[0].body) == {
        "analysisPersonCount": 3,
        "sceneRange": "EXTRA_SHORT",
        "minSceneDurationSec": 10,
        "maxSceneDurationSec": 60,
        "tagIdList": [4, 5],
        "sourceLanguage": "ZH-TW",
        "detectAudioEffects": True,
    }


def test_every_option_of_an_export_reaches_the_service(scenedex: CommandLine, service: Recorder) -> None:
    service.answers.append(httpx2.Response(200, headers={"content-disposition": "attachment"}, content=b"TITLE"))

    ended = scenedex("index", "export", "1", "--format", "edl", "--confidence", "high", "--frame-rate", "29.97")

    assert ended.out == "TITLE"
    assert service.received[-1].target.endswith("/index/export?format=edl&confidence_level=HIGH&frameRate=29.97")


def test_an_index_is_printed_with_fields_that_the_client_does_not_know(
    scenedex: CommandLine, service: Recorder
) -> None:
    body = b'{"code":"0","message":"success","result":{\n "scenes": [],\n "mood": "calm"}}'
    service.answers.append(httpx2.Response(200, content=body))

    assert scenedex("index", "show", "1", "--json").out == '{"scenes":[],"mood":"calm"}\n'


def test_another_server_is_recognised(scenedex: CommandLine, service: Recorder) -> None:
    service.answers.append(httpx2.Response(200, content=b"<html>It works!</html>"))

    error = scenedex("workspaces", "show", "archive").error(8)

    assert error.startswith("Error: The answer is not in the form of this API:")


def test_running_out_of_time_is_an_error_of_one_line(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"objects": [{"key": "interview.mp4"}], "hasMore": False})
    service.add_result({"assetId": 7})
    service.add_result({"assetId": 7, "uploadStatus": "IN_PROGRESS"})

    ended = scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--timeout", "0")

    assert (ended.status, ended.out) == (7, "")
    assert ended.err == "Importing asset 7: copying\nError: The wait timed out. The work goes on.\n"


def test_names_are_shown_whole_and_cannot_command_the_terminal(scenedex: CommandLine, service: Recorder) -> None:
    names = ["\x1b[31mred\x07.mp4", "n" * 90 + ".mp4"]
    assets = [{"assetId": number, "fileName": name} for number, name in enumerate(names)]
    service.add_result({"content": assets, "totalCount": 2, "totalPage": 1, "pageNo": 1, "pageSize": 1000})

    shown = scenedex("assets", "list").out

    assert "\x1b" not in shown
    assert "�[31mred�.mp4" in shown
    assert names[1] in shown


def test_a_person_is_shown_by_a_service_that_keeps_no_history(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"personId": 1, "name": "Ada"})
    service.add_result({})
    service.answers.append(httpx2.Response(404, content=b'{"error":{"errorCode":"300","message":"Not Found"}}'))

    ended = scenedex("persons", "show", "1")

    assert ended.status == 0
    assert "Ada" in ended.out


def test_a_tag_that_another_user_creates_meanwhile_is_used(scenedex: CommandLine, service: Recorder) -> None:
    page: dict[str, Any] = {"content": [], "totalCount": 0, "totalPage": 1, "pageNo": 1, "pageSize": 50}
    service.add_result(page)
    service.answers.append(httpx2.Response(409, content=b'{"code":"40911","message":"It exists."}'))
    service.add_result(page | {"content": [{"id": 3, "name": "poets"}, {"id": 4, "name": "poet"}]})
    service.add_result({"personId": 1, "tagList": [{"id": 4, "name": "poet"}]})

    assert scenedex("persons", "tag", "1", "poet").rows() == [["4", "poet"]]
    assert json.loads(service.received[-1].body) == {"tagIds": [4]}


def test_an_appearance_is_rejected_by_its_start(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result({"personId": 1, "rejectedPersonIds": [2], "movedAppearanceCount": 1})

    scenedex("persons", "reject", "1", "--asset", "3", "--start", "1500")

    assert json.loads(service.received[-1].body) == {"appearances": [{"assetId": 3, "startTimeMs": 1500}]}


def states(*assets: dict[str, Any]) -> dict[str, Any]:
    return {"content": assets, "totalCount": len(assets), "totalPage": 1, "pageNo": 1, "pageSize": 1000}


def test_assets_are_listed_with_their_states(scenedex: CommandLine, service: Recorder) -> None:
    done = {"assetId": 1, "key": "a/b.mp4", "importStatus": "COMPLETED", "analysisStatus": "ANALYZE_COMPLETED"}
    again = {
        "assetId": 2,
        "key": "c.mp4",
        "importStatus": "COMPLETED",
        "analysisStatus": "BEFORE_ANALYZE",
        "duplicateOf": 1,
    }
    lost = {
        "assetId": 3,
        "key": "lost.mp4",
        "importStatus": "FILE_NOT_EXIST",
        "importResult": "No file",
        "importReason": 'There is no bucket "films".',
    }
    service.add_result(states(done, again, lost))

    rows = scenedex("assets", "list", "--name", "b").rows()

    assert rows == [
        ["1", "a/b.mp4", "completed", "completed", "", ""],
        ["2", "c.mp4", "completed", "no", "", "1"],
        ["3", "lost.mp4", "failed: no file", "", 'No file. There is no bucket "films"', ""],
    ]
    assert service.received[-1].target.endswith("/projects/1001/asset-states?pageNum=1&pageSize=1000&name=b")


def test_a_service_without_states_lists_its_assets(scenedex: CommandLine, service: Recorder) -> None:
    service.answers.append(httpx2.Response(404, content=b'{"error":{"errorCode":"300","message":"Not Found"}}'))
    service.add_result(states({"assetId": 1, "key": "a.mp4"}))
    service.answers.append(httpx2.Response(404, content=b'{"error":{"errorCode":"300","message":"Not Found"}}'))

    assert scenedex("assets", "list").rows()[0][:2] == ["1", "a.mp4"]
    assert "Check the address https://mi.test" in scenedex("assets", "list", "--failed").error(8)


def test_several_assets_are_deleted_after_one_question(scenedex: CommandLine, service: Recorder) -> None:
    service.add_result(states({"assetId": 1, "fileName": "a.mp4"}, {"assetId": 2, "fileName": "b.mp4"}))
    service.answers.append(httpx2.Response(409, content=b'{"code":"40906","message":"It runs."}'))
    service.add_result({})

    ended = scenedex("assets", "delete", "--failed", typed="y\n")

    assert "Delete 2 assets and their indexes: 1 a.mp4, 2 b.mp4?" in ended.err
    assert "Asset 1: It runs." in ended.err
    assert (ended.status, ended.out.splitlines()[-1]) == (5, "Asset 2 is deleted.")


def test_a_workspace_that_is_misspelt_is_named_with_names_like_it(scenedex: CommandLine, service: Recorder) -> None:
    service.answers.append(httpx2.Response(404, content=b'{"code":"40401","message":"There is none."}'))
    service.add_result({**states(), "content": [{"workspaceName": "archives"}, {"workspaceName": "rushes"}]})

    error = scenedex("assets", "list").error(3)

    assert error == 'Error: There is none. [404 40401] The command names "archive". Names like it: archives.\n'


def test_a_server_that_does_not_run_is_an_error_at_once(scenedex: CommandLine, service: Recorder) -> None:
    refused = httpx2.ConnectError("refused")
    refused.__cause__ = ConnectionRefusedError()
    service.answers.append(refused)

    error = scenedex.within(SCENEDEX_ENDPOINT="http://127.0.0.1:8699")("workspaces", "list").error(7)

    assert "nothing listens at http://127.0.0.1:8699" in error
    assert "scenedex serve" in error
    assert len(service.received) == 1


def test_an_anonymous_person_is_named_everywhere(scenedex: CommandLine, service: Recorder) -> None:
    def index(name: str | None) -> dict[str, Any]:
        person = {"personId": 7} | ({"name": name} if name else {})
        return {"scenes": [{"sceneId": 2, "startTimeMs": 0, "endTimeMs": 1, "persons": [person]}]}

    service.add_result(index(None))
    service.add_result({"personId": 7, "name": "Ada"})
    service.add_result(index("Ada"))

    ended = scenedex("index", "name-person", "1", "2", "7", "--name", "Ada")

    assert ended.rows() == [["7", "Ada", ""]]
    assert "Person 7 is named Ada in all indexes." in ended.out
    assert (service.received[1].method, service.received[1].target) == ("PATCH", "/api/v1/workspaces/archive/persons/7")
