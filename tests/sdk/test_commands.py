"""Commands about workspaces, projects, assets and indexes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app_transport import BROKEN, NOT_THERE
from edited_indexes import indexed, new_person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from command_line import CommandLine


def test_workspaces_are_created_listed_shown_and_deleted(scenedex: CommandLine, site: Site) -> None:
    name = f"{site.name}-rushes"

    assert name in scenedex("workspaces", "create", name, "--bucket", "raw").out
    listed = {it["workspaceName"] for it in scenedex("workspaces", "list", "--json").lines()}
    assert {site.name, name} <= listed
    assert "raw" in scenedex("workspaces", "show", name).out
    assert scenedex("workspaces", "delete", name, "--yes").out == f"Workspace {name} is deleted.\n"
    assert scenedex("workspaces", "show", name).status == 3


def test_projects_are_created_listed_renamed_and_deleted(scenedex: CommandLine) -> None:
    [created] = scenedex("projects", "create", "news [bold]", "--json").lines()
    project = str(created["projectId"])

    assert "news [bold]" in scenedex("projects", "list").out
    assert scenedex("projects", "rename", project, "sports", "--json").lines()[0]["name"] == "sports"
    assert "sports" in scenedex("projects", "show", project).out
    assert scenedex("projects", "delete", project, "--yes", "--json").out == ""
    assert scenedex("projects", "show", project).status == 3


def test_an_object_is_imported_analysed_moved_and_deleted(scenedex: CommandLine, site: Site) -> None:
    [imported] = scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--json").lines()
    asset, other = str(imported["assetId"]), str(site.project("news").project_id)

    assert imported["uploadStatus"] == "COMPLETED"
    assert "0:00:25.500" in scenedex("assets", "list").out
    assert "interview.mp4" in scenedex("assets", "show", asset).out
    assert "COMPLETED" in scenedex("assets", "status", asset).out

    assert "ANALYZE_COMPLETED" in scenedex("index", "request", asset, "--wait").out
    assert "ANALYZE_COMPLETED" in scenedex("index", "status", asset).out
    shown = scenedex("index", "show", asset).out
    assert "0:00:02.000" in shown
    assert "Speaker 1: Line 2." in shown
    assert "scenedex weights pull" in shown
    assert len(scenedex("index", "show", asset, "--json").lines()[0]["scenes"]) == 3
    assert scenedex("index", "delete", asset, "--yes").status == 0
    assert scenedex("index", "show", asset).status == 5

    assert scenedex("assets", "move", asset, other).status == 0
    assert scenedex("assets", "list").out == "There are none.\n"
    assert scenedex("assets", "delete", asset, "-p", other, typed="y\n").status == 0


def test_an_index_is_exported_to_standard_output_and_to_a_file(scenedex: CommandLine, tmp_path: Path) -> None:
    [imported] = scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--json").lines()
    asset, file = str(imported["assetId"]), tmp_path / "interview.srt"
    scenedex("index", "request", asset, "--wait")

    for form, part in (("vtt", "WEBVTT"), ("csv", "Line 3."), ("edl", "TITLE"), ("otio", "Timeline"), ("srt", "Line")):
        assert part in scenedex("index", "export", asset, "--format", form).out
    assert len(json.loads(scenedex("index", "export", asset, "--format", "json").out)["scenes"]) == 3
    ended = scenedex("index", "export", asset, "--format", "SRT", "--output", str(file))
    assert (ended.status, ended.out) == (0, f"The index of asset {asset} is in {file}.\n")
    assert "Line 3." in file.read_text(encoding="utf-8")
    none = scenedex("index", "export", asset, "--format", "srt", "-o", str(tmp_path / "none" / "a.srt"))
    assert none.error(1).startswith("Error: ")


def test_a_file_is_uploaded(scenedex: CommandLine, tmp_path: Path) -> None:
    video = tmp_path / "interview.mp4"
    video.write_bytes(b"bytes")

    [upload] = scenedex("assets", "upload", str(video), "--json").lines()
    assert scenedex("assets", "show", str(upload["assetId"]), "--json").lines()[0]["fileName"] == "interview.mp4"
    assert "COMPLETED" in scenedex("assets", "upload", str(video), "--wait").out


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        ("assets show 999999999", 3, "[404 40403] (trace "),
        ("workspaces create WORKSPACE", 5, "[409 40902] (trace "),
        ("projects rename PROJECT x", 6, "[400 10027] (trace "),
        ("workspaces create A", 6, "(workspaceName: "),
        (f"assets import footage {NOT_THERE}", 3, f'Bucket "footage" has no object "{NOT_THERE}".'),
        ("assets import footages interview.mp4", 3, 'There is no bucket "footages", or no permission'),
        (f"assets import footage {BROKEN} --wait", 1, "ended with INVALID_METADATA: Unsupported file format."),
        ("workspaces show nowhere", 3, "[404 40401] (trace "),
    ],
)
def test_errors_are_one_line_and_an_exit_status(
    scenedex: CommandLine, site: Site, words: str, status: int, part: str
) -> None:
    given = words.replace("WORKSPACE", site.name).replace("PROJECT", str(site.base_project))

    error = scenedex(*given.split()).error(status)

    assert error.startswith("Error: ")
    assert part in error


def test_a_wrong_secret_is_refused(scenedex: CommandLine) -> None:
    scenedex.within(NCLOUD_SECRET_KEY="wrong")("workspaces", "list").error(4)


def test_a_person_of_a_scene_is_corrected(scenedex: CommandLine, site: Site) -> None:
    edited = indexed(site)
    grace = new_person(site, "Grace")
    asset, person = str(edited.item.asset_id), str(edited.person_id)

    given = scenedex("index", "name-person", asset, "1", person, "--person", str(grace))
    taken = scenedex("index", "name-person", asset, "2", person, "--name", "Grace")

    assert [row[:2] for row in given.rows()] == [[str(grace), "Grace"]]
    assert "Other scenes are unchanged." in given.out
    assert [row[:2] for row in taken.rows()] == [[str(grace), "Grace"]]
    assert f"persons merge {grace} {person} -w {site.name}" in taken.out
    scenedex("index", "name-person", asset, "2", person, "--name", "Joan").error(3)


def test_an_anonymous_person_of_an_index_is_named_everywhere(scenedex: CommandLine, site: Site) -> None:
    edited = indexed(site)
    asset, person = str(edited.item.asset_id), str(edited.person_id)

    named = scenedex("index", "name-person", asset, "2", person, "--name", "Joan")

    assert [row[:2] for row in named.rows()] == [[person, "Joan"]]
    assert f"Person {person} is named Joan in all indexes." in named.out
    assert edited.persons(1)[0][:2] == (edited.person_id, "Joan")
    scenedex("index", "name-person", asset, "9", person, "--name", "Joan").error(3)


def test_lines_and_speakers_are_corrected(scenedex: CommandLine, site: Site) -> None:
    asset, ada = str(indexed(site).item.asset_id), new_person(site, "Ada")

    assert "Good evening." in scenedex("index", "correct", asset, "2", "--text", "Good evening.").out
    assert "Anchor" in scenedex("index", "correct", asset, "2", "--speaker", "Anchor").out
    named = scenedex("index", "name-speaker", asset, "Speaker 1", "--name", "Host", "--json")
    assert named.lines()[0]["scriptCount"] == 2
    linked = scenedex("index", "name-speaker", asset, "Anchor", "--person", str(ada), "--json")
    assert linked.lines()[0]["personId"] == ada
    shown = scenedex("index", "show", asset, "--ids").out
    assert "0:00:00.200 ID 2 Ada: Good evening." in shown
    assert "ID 1 Host: Good morning." in shown
    unlinked = scenedex("index", "name-speaker", asset, "Ada", "--nobody", "--json")
    assert unlinked.lines()[0]["personId"] is None
