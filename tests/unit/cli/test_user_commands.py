from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import httpx2
import pytest

from scenedex.client.testing import StoredObject

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.testing import FakeService


class Ended(Protocol):
    status: int
    out: str
    err: str


class CommandLine(Protocol):
    def __call__(self, *words: str, typed: str = "") -> Ended: ...
    def within(self, **environment: str) -> CommandLine: ...


def lines(ended: Ended) -> list[Any]:
    assert ended.status == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


def test_workspaces_are_created_listed_shown_and_deleted(scenedex: CommandLine) -> None:
    assert "rushes" in scenedex("workspaces", "create", "rushes", "--bucket", "raw").out
    assert [it["workspaceName"] for it in lines(scenedex("workspaces", "list", "--json"))] == ["archive", "rushes"]
    assert "raw" in scenedex("workspaces", "show", "rushes").out
    assert scenedex("workspaces", "delete", "rushes", "--yes").out == "Workspace rushes is deleted.\n"
    assert scenedex("workspaces", "show", "rushes").status == 3


def test_projects_are_created_listed_renamed_and_deleted(scenedex: CommandLine) -> None:
    [created] = lines(scenedex("projects", "create", "news [bold]", "--json"))
    project = str(created["projectId"])

    assert "news [bold]" in scenedex("projects", "list").out
    assert lines(scenedex("projects", "rename", project, "sports", "--json"))[0]["name"] == "sports"
    assert "sports" in scenedex("projects", "show", project).out
    assert scenedex("projects", "delete", project, "--yes", "--json").out == ""
    assert scenedex("projects", "show", project).status == 3


def test_an_object_is_imported_analysed_moved_and_deleted(scenedex: CommandLine) -> None:
    [imported] = lines(scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--json"))
    asset = str(imported["assetId"])
    other = str(lines(scenedex("projects", "create", "news", "--json"))[0]["projectId"])

    assert imported["uploadStatus"] == "COMPLETED"
    assert "0:00:25.500" in scenedex("assets", "list").out
    assert "interview.mp4" in scenedex("assets", "show", asset).out
    assert "COMPLETED" in scenedex("assets", "status", asset).out

    assert "ANALYZE_COMPLETED" in scenedex("index", "request", asset, "--wait").out
    assert "ANALYZE_COMPLETED" in scenedex("index", "status", asset).out
    assert "0:00:20.000" in scenedex("index", "show", asset).out
    assert len(lines(scenedex("index", "show", asset, "--json"))[0]["scenes"]) == 3
    assert scenedex("index", "delete", asset, "--yes").status == 0
    assert scenedex("index", "show", asset).status == 5

    assert scenedex("assets", "move", asset, other).status == 0
    assert scenedex("assets", "list").out == "There are none.\n"
    assert scenedex("assets", "delete", asset, "-p", other, "-y").status == 0


@pytest.fixture
def analysed(scenedex: CommandLine) -> str:
    """The id of an asset with an index."""
    asset = str(lines(scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--json"))[0]["assetId"])
    assert scenedex("index", "request", asset, "--wait").status == 0
    return asset


def test_an_index_is_shown_with_its_lines_and_what_was_not_analysed(scenedex: CommandLine, analysed: str) -> None:
    shown = scenedex("index", "show", analysed).out

    assert "Speaker 1: Line 2." in shown
    assert "The fake service hears no sounds." in shown


@pytest.mark.parametrize("form", ["srt", "vtt", "csv", "edl", "otio"])
def test_an_index_is_exported_to_standard_output(scenedex: CommandLine, analysed: str, form: str) -> None:
    assert scenedex("index", "export", analysed, "--format", form).out == f"{form}\nLine 1.\nLine 2.\nLine 3.\n"


def test_an_index_is_exported_as_json(scenedex: CommandLine, analysed: str) -> None:
    assert len(json.loads(scenedex("index", "export", analysed, "--format", "json").out)["scenes"]) == 3


def test_an_index_is_exported_to_a_file(scenedex: CommandLine, analysed: str, tmp_path: Path) -> None:
    file = tmp_path / "interview.srt"

    ended = scenedex("index", "export", analysed, "--format", "SRT", "--output", str(file))

    assert (ended.status, ended.out) == (0, f"The index of asset {analysed} is in {file}.\n")
    assert file.read_text(encoding="utf-8") == "srt\nLine 1.\nLine 2.\nLine 3.\n"


def test_a_file_that_cannot_be_written_is_an_error_of_one_line(
    scenedex: CommandLine, analysed: str, tmp_path: Path
) -> None:
    ended = scenedex("index", "export", analysed, "--format", "srt", "-o", str(tmp_path / "none" / "a.srt"))

    assert ended.status == 1
    assert ended.err.startswith("Error: ")
    assert ended.err.count("\n") == 1


def test_every_option_of_an_export_reaches_the_service(scenedex: CommandLine, service: FakeService) -> None:
    ended = scenedex("index", "export", "1", "--format", "edl", "--confidence", "high", "--frame-rate", "29.97")

    assert ended.status == 3
    assert service.received[-1].target.endswith("/index/export?format=edl&confidence_level=HIGH&frameRate=29.97")


@pytest.mark.parametrize("words", [["--format", "mov"], ["--format", "edl", "--frame-rate", "26"], []])
def test_an_export_needs_a_format_and_a_rate_that_exist(
    scenedex: CommandLine, service: FakeService, words: list[str]
) -> None:
    assert scenedex("index", "export", "1", *words).status == 2
    assert service.received == []


def test_a_file_is_uploaded(scenedex: CommandLine, tmp_path: Path) -> None:
    video = tmp_path / "interview.mp4"
    video.write_bytes(b"bytes")

    [upload] = lines(scenedex("assets", "upload", str(video), "--json"))
    assert lines(scenedex("assets", "show", str(upload["assetId"]), "--json"))[0]["fileName"] == "interview.mp4"
    assert "COMPLETED" in scenedex("assets", "upload", str(video), "--wait").out
    assert scenedex("assets", "upload", str(tmp_path / "nothing.mp4")).status == 2


def test_every_option_of_an_analysis_reaches_the_service(scenedex: CommandLine, service: FakeService) -> None:
    scenes = ["--scene-range", "extra_short", "--min-scene", "10", "--max-scene", "60"]
    people = ["--persons", "3", "--tag", "4", "--tag", "5"]

    ended = scenedex("index", "request", "1", *scenes, *people, "--language", "zh-tw", "--audio-effects")

    assert ended.status == 3
    assert json.loads(service.received[-1].body) == {
        "analysisPersonCount": 3,
        "sceneRange": "EXTRA_SHORT",
        "minSceneDurationSec": 10,
        "maxSceneDurationSec": 60,
        "tagIdList": [4, 5],
        "sourceLanguage": "ZH-TW",
        "detectAudioEffects": True,
    }


def test_an_index_is_printed_with_fields_that_the_client_does_not_know(
    scenedex: CommandLine, service: FakeService
) -> None:
    body = b'{"code":"0","message":"success","result":{\n "scenes": [],\n "mood": "calm"}}'
    service.faults.append(httpx2.Response(200, content=body))

    assert scenedex("index", "show", "1", "--json").out == '{"scenes":[],"mood":"calm"}\n'


@pytest.mark.parametrize(
    "words",
    ["workspaces delete archive", "projects delete 1001", "assets delete 1", "index delete 1"],
)
@pytest.mark.parametrize("typed", ["n\n", ""], ids=["no", "nobody"])
def test_deleting_asks_first(scenedex: CommandLine, service: FakeService, words: str, typed: str) -> None:
    ended = scenedex(*words.split(), typed=typed)

    assert ended.status == 1
    assert "?" in ended.err
    assert service.received == []


def test_deleting_goes_on_after_yes(scenedex: CommandLine) -> None:
    assert scenedex("workspaces", "delete", "archive", typed="y\n").status == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("assets show 9", 3, "The asset does not exist. [404 40403] (trace 0123456789abcdef)"),
        ("workspaces create archive", 5, "The workspace exists. [409 40903] (trace 0123456789abcdef)"),
        ("projects rename 1001 x", 6, "The base project cannot be edited. [400 10027] (trace 0123456789abcdef)"),
        (
            "workspaces create A",
            6,
            "Invalid Request. (workspaceName: must be 3-63 of a-z, 0-9 and -) [400 10001] (trace 0123456789abcdef)",
        ),
        ("assets import footage none --wait", 1, "The import of asset 1002 ended with FILE_NOT_EXIST: No file."),
        ("assets import footage bad --wait", 1, "The import of asset 1002 ended with INVALID_METADATA: Too small."),
    ],
)
def test_errors_are_one_line_and_an_exit_status(
    scenedex: CommandLine, service: FakeService, words: str, status: int, said: str
) -> None:
    service.catalogue.objects["footage", "bad"] = StoredObject(invalid_because="Too small")

    ended = scenedex(*words.split())

    assert (ended.status, ended.out, ended.err) == (status, "", f"Error: {said}\n")


def test_a_wrong_secret_is_refused(scenedex: CommandLine) -> None:
    ended = scenedex.within(NCLOUD_SECRET_KEY="wrong")("workspaces", "list")

    assert (ended.status, ended.out) == (4, "")


def test_another_server_is_recognised(scenedex: CommandLine, service: FakeService) -> None:
    service.faults.append(httpx2.Response(200, content=b"<html>It works!</html>"))

    ended = scenedex("workspaces", "show", "archive")

    assert ended.status == 8
    assert ended.err.startswith("Error: The answer is not in the form of this API:")


def test_running_out_of_time_is_said(scenedex: CommandLine, service: FakeService) -> None:
    service.catalogue.questions_until_done = 1

    ended = scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--timeout", "0")

    assert (ended.status, ended.err) == (7, "Error: The time to wait ran out before the work ended; it goes on.\n")


@pytest.mark.parametrize("name", ["NCLOUD_ACCESS_KEY", "NCLOUD_SECRET_KEY"])
def test_missing_keys_are_named(scenedex: CommandLine, service: FakeService, name: str) -> None:
    ended = scenedex.within(**{name: ""})("workspaces", "list")

    assert ended.status == 2
    assert f"set {name} in the environment" in ended.err
    assert service.received == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("SCENEDEX_ENDPOINT", "mi.test"), ("SCENEDEX_PROJECT", "news"), ("NCLOUD_ACCESS_KEY", "ключ")],
)
def test_an_environment_that_is_not_right_is_a_usage_error(scenedex: CommandLine, name: str, value: str) -> None:
    ended = scenedex.within(**{name: value})("assets", "list")

    assert ended.status == 2
    assert "Traceback" not in ended.err


def test_options_win_over_the_environment(scenedex: CommandLine, service: FakeService) -> None:
    scenedex("assets", "show", "7", "-w", "other", "-p", "5")

    assert service.received[-1].target == "/api/v1/workspaces/other/projects/5/assets/7"


def test_names_cannot_command_the_terminal(scenedex: CommandLine, service: FakeService) -> None:
    service.catalogue.register("archive", 1001, "\x1b[31mred\x07.mp4", None)

    ended = scenedex("assets", "list")

    assert "\x1b" not in ended.out
    assert "�[31mred�.mp4" in ended.out


def test_long_names_stay_whole_in_a_pipe(scenedex: CommandLine, service: FakeService) -> None:
    service.catalogue.register("archive", 1001, "n" * 90 + ".mp4", None)

    assert "n" * 90 + ".mp4" in scenedex("assets", "list").out


def test_long_lists_come_in_tables_of_a_thousand(scenedex: CommandLine, service: FakeService) -> None:
    for number in range(1001):
        service.catalogue.register("archive", 1001, f"{number}.mp4", None)

    assert scenedex("assets", "list").out.count("Resolution") == 2
    assert len(lines(scenedex("assets", "list", "--json"))) == 1001


@pytest.mark.parametrize("group", ["workspaces", "projects", "assets", "index", "search"])
def test_help_tells_every_exit_status(scenedex: CommandLine, group: str) -> None:
    words = " ".join(scenedex(group, "--help").out.split())

    assert "Exit status: 0 done · 1 the awaited import" in words
    assert "· 8 the answer is not" in words
