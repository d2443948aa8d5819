"""Commands about bulk imports and watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine


@pytest.fixture
def inbox(footage: Path) -> str:
    """A folder of the bucket with two films and a text."""
    folder = footage / "inbox"
    (folder / "drafts").mkdir(parents=True, exist_ok=True)
    for name in ("one.mp4", "two.mov", "notes.txt", "drafts/three.mp4"):
        (folder / name).write_bytes(b"bytes")
    return "inbox/"


def one(scenedex: CommandLine, *words: str) -> dict[str, Any]:
    """Run a command and return the one document that it prints."""
    [document] = scenedex(*words, "--json").lines()
    return document


def test_a_folder_is_imported_once_with_a_report(scenedex: CommandLine, inbox: str) -> None:
    first = scenedex("assets", "import", "footage", inbox, "-r", "--exclude", "drafts/**", "--wait")
    made = one(scenedex, "assets", "import", "footage", inbox, "--recursive", "--analyse", "--persons", "2")
    number = str(made["importId"])

    assert "COMPLETED" in first.out
    assert "imports skipped" in first.out
    assert [one["key"] for one in scenedex("assets", "list", "--json").lines()] == [
        "inbox/one.mp4",
        "inbox/two.mov",
        "inbox/drafts/three.mp4",
    ]
    assert made["analysis"]["analysisPersonCount"] == 2
    skipped = scenedex("imports", "skipped", number, "--json").lines()
    assert [(one["key"], one["reason"]) for one in skipped] == [
        ("inbox/notes.txt", "unsupportedFormat"),
        ("inbox/one.mp4", "known"),
        ("inbox/two.mov", "known"),
    ]
    sheet = scenedex("imports", "skipped", number, "--csv", "--reason", "known").out.splitlines()
    assert (len(sheet), sheet[1].partition(",")[0]) == (3, "inbox/one.mp4")
    assert [row[1] for row in scenedex("imports", "list").rows()] == ["COMPLETED", "COMPLETED"]
    assert one(scenedex, "imports", "show", number)["skipped"]["known"] == 2
    assert scenedex("imports", "cancel", number).status != 0


def test_options_of_prefixes_need_one(scenedex: CommandLine) -> None:
    assert "need --recursive" in scenedex("assets", "import", "footage", "a.mp4", "--analyse").err
    assert "need --analyse" in scenedex("assets", "import", "footage", "-r", "--persons", "2").err
    assert "include[0]" in scenedex("assets", "import", "footage", "-r", "--include", "[").err
    assert scenedex("assets", "import", "no-such-bucket", "-r").status == 3


def test_a_folder_is_watched(scenedex: CommandLine, inbox: str) -> None:
    made = one(scenedex, "watches", "add", "footage", inbox, "--every", "3600", "--settle", "0", "--flat")
    number = str(made["watchId"])

    assert "/events/s3/" in made["eventUrl"]
    assert one(scenedex, "watches", "show", number)["counts"]["registered"] == 2
    assert one(scenedex, "watches", "pause", number)["status"] == "PAUSED"
    assert one(scenedex, "watches", "resume", number)["status"] == "ACTIVE"
    assert one(scenedex, "watches", "token", number)["eventUrl"] != made["eventUrl"]
    assert [row[2] for row in scenedex("watches", "list").rows()] == ["footage/inbox/"]
    assert scenedex("watches", "delete", number).status == 0
    assert scenedex("watches", "show", number).status == 3
