"""Commands about many assets: imports by globs and prefixes, folders, states, deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from app_transport import BROKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Service, Site

    from command_line import CommandLine


@pytest.fixture
def films(footage: Path) -> Path:
    """A folder of the bucket with two films and a text."""
    folder = footage / "films"
    folder.mkdir(exist_ok=True)
    for name in ("one.mp4", "two.mov", "notes.txt"):
        (folder / name).write_bytes(b"bytes")
    return folder


@pytest.mark.parametrize("words", [("films/*",), ("films/one.mp4", "films/two.mov"), ("films/**", "films/one.mp4")])
def test_several_objects_are_imported(scenedex: CommandLine, films: Path, words: tuple[str, ...]) -> None:
    assert films.is_dir()

    ended = scenedex("assets", "import", "footage", *words, "--json")

    assert [one["key"] for one in ended.lines()] == ["films/one.mp4", "films/two.mov"]
    listed = scenedex("assets", "list", "--json").lines()
    assert [(one["key"], one["bucketName"]) for one in listed] == [
        ("films/one.mp4", "footage"),
        ("films/two.mov", "footage"),
    ]


def test_other_files_than_media_are_skipped_and_named(scenedex: CommandLine, films: Path) -> None:
    assert films.is_dir()

    ended = scenedex("assets", "import", "footage", "films/*", "--wait")

    assert "Note: Skipped, no videos or images: films/notes.txt." in ended.err
    assert [row[1] for row in ended.rows()] == ["COMPLETED", "COMPLETED"]


def test_nothing_is_registered_if_a_key_does_not_exist(scenedex: CommandLine) -> None:
    ended = scenedex("assets", "import", "footage", "interview.mp4", "intervew.mp4")

    assert ended.status == 3
    assert 'has no object "intervew.mp4". Keys like it: interview.mp4.' in ended.err
    assert scenedex("assets", "list").out == "There are none.\n"


def test_a_key_is_found_in_either_normal_form(scenedex: CommandLine, footage: Path) -> None:
    (footage / normalize("NFD", "é.mp4")).write_bytes(b"bytes")

    ended = scenedex("assets", "import", "footage", normalize("NFC", "é.mp4"), "--json")

    assert [one["key"] for one in ended.lines()] == [normalize("NFC", "é.mp4")]


def test_an_import_that_fails_is_listed_with_its_reason(scenedex: CommandLine) -> None:
    ended = scenedex("assets", "import", "footage", "interview.mp4", BROKEN, "--wait")

    assert ended.status == 1
    assert "1 of 2 imports failed." in ended.err
    [row] = scenedex("assets", "list", "--failed").rows()
    assert row[1:4] == [BROKEN, "failed: not accepted", "Unsupported file format"]
    [waiting] = scenedex("assets", "list", "--not-analysed").rows()
    assert waiting[1:4] == ["interview.mp4", "completed", "no"]


def test_files_and_folders_are_uploaded(scenedex: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "rushes"
    (folder / "day 2").mkdir(parents=True)
    for name in ("one.mp4", "day 2/two.MOV", "notes.txt", ".hidden.mp4"):
        (folder / name).write_bytes(b"bytes")
    single = tmp_path / "odd.name"
    single.write_bytes(b"bytes")

    ended = scenedex("assets", "upload", str(folder), str(single), "--json")

    assert sorted(one["fileName"] for one in ended.lines()) == ["odd.name", "one.mp4", "two.MOV"]
    assert f"Skipped, no videos or images: {folder / 'notes.txt'}." in ended.err
    assert scenedex("assets", "upload", str(folder / "day 2")).status == 0
    (tmp_path / "empty").mkdir()
    assert "no videos and images" in scenedex("assets", "upload", str(tmp_path / "empty")).error(3)


def test_assets_are_deleted_by_ids_and_filters(scenedex: CommandLine) -> None:
    for _ in range(3):
        scenedex("assets", "import", "footage", "interview.mp4")
    scenedex("assets", "import", "footage", BROKEN, "--wait")
    first, second, *_ = (str(one["assetId"]) for one in scenedex("assets", "list", "--json").lines())

    asked = scenedex("assets", "delete", first, second, typed="n\n")
    assert f"Delete 2 assets and their indexes: {first} interview.mp4, {second} interview.mp4?" in asked.err
    assert asked.status == 1
    assert scenedex("assets", "delete", first, "999999999", "--yes").status == 3
    assert scenedex("assets", "delete", "--failed", "--yes").status == 0
    assert [one["key"] for one in scenedex("assets", "list", "--json").lines()] == ["interview.mp4", "interview.mp4"]
    assert scenedex("assets", "delete", "--name", "interview", "--yes").out.count("is deleted") == 2
    assert scenedex("assets", "delete", "--name", "interview", "--yes").out == "There are none.\n"


def test_the_request_of_an_analysis_names_the_asset(scenedex: CommandLine) -> None:
    [imported] = scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--json").lines()
    asset = str(imported["assetId"])

    shown = scenedex("index", "request", asset).out
    assert f"{asset} interview.mp4" in shown
    assert f"index status {asset} -w " in shown
    assert scenedex("index", "status", asset, "--json").lines()[0]["assetId"] == imported["assetId"]


def test_playback_is_shown_and_its_proxy_is_waited_for(scenedex: CommandLine, service: Service, site: Site) -> None:
    item = site.base.imported()
    shown = scenedex("assets", "playback", str(item.asset_id))
    requested = scenedex("assets", "playback", str(item.asset_id), "--request", "--json")
    service.rows(
        "UPDATE proxies SET status = 'READY', object_key = 'assets/1/proxy-1/proxy.webm', width = 640, height = 360,"
        " content_type = 'video/webm', size_bytes = 5000000 WHERE asset_id = %s",
        item.asset_id,
    )
    waited = scenedex("assets", "playback", str(item.asset_id), "--wait")

    assert "ORIGINAL" in shown.out
    assert requested.lines()[0]["proxy"]["status"] == "WAITING"
    assert "PROXY" in waited.out
    assert "READY, 640x360, 5.0 MB" in waited.out


def test_a_proxy_is_deleted(scenedex: CommandLine, site: Site) -> None:
    item = site.base.imported()
    scenedex("assets", "playback", str(item.asset_id), "--request")

    deleted = scenedex("assets", "playback", str(item.asset_id), "--delete", "--json")
    again = scenedex("assets", "playback", str(item.asset_id), "--delete")
    both = scenedex("assets", "playback", str(item.asset_id), "--delete", "--request")

    assert deleted.status == 0
    assert deleted.lines()[0].get("proxy") is None
    assert (again.status, "The asset has no proxy." in again.err) == (3, True)
    assert (both.status, "not both" in both.err) == (2, True)


def test_a_proxy_that_fails_is_said_with_its_reason(scenedex: CommandLine, service: Service, site: Site) -> None:
    item = site.base.imported()
    scenedex("assets", "playback", str(item.asset_id), "--request")
    service.rows("UPDATE proxies SET status = 'FAILED', reason = 'The file is broken.'")

    ended = scenedex("assets", "playback", str(item.asset_id), "--wait")

    assert ended.status == 1
    assert f"The proxy of asset {item.asset_id} ended with FAILED: The file is broken." in ended.err
