"""Commands about persons, from registration and search to merges, splits, rejections and erasure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from newsroom import open_desk
from processes import PATIENCE_S
from real_speech import real_file
from scenedex.cli import app
from scenedex.client import AnalysisOptions
from sizes import AT_ONE_SIZE

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from typer.testing import Result

    from newsroom import Desk
    from processes import Server

pytestmark = AT_ONE_SIZE
OPTIONS = AnalysisOptions(analysis_person_count=5)
OBAMA, OBAMA_AGAIN, BIDEN = "obama.jpg", "obama2.jpg", "biden.jpg"


@dataclass(frozen=True)
class Office:
    """A workspace, with commands for its persons."""

    server: Server
    desk: Desk
    environment: dict[str, str]

    def run(self, *words: str) -> Result:
        """Run a command to its end in this process, since starting a process takes longer than the command."""
        return CliRunner().invoke(app, words, env=self.environment)

    def answers(self, *words: str) -> list[Any]:
        """Return the JSON lines that a command about persons prints."""
        ended = self.run("persons", *words, "--json")
        assert ended.exit_code == 0, ended.stderr
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def answer(self, *words: str) -> Any:
        (only,) = self.answers(*words)
        return only

    def analysed(self, name: str) -> int:
        """Import and analyse a portrait and return the id of its asset."""
        self.server.put(name, real_file(name).read_bytes())
        asset = self.desk.imported(name)
        self.desk.analysed(asset, OPTIONS)
        return asset

    def seen(self, asset: int) -> list[tuple[int, str | None]]:
        """Return the id and the name of each person in an index."""
        scenes = self.desk.index(asset).get().scenes
        return [(person.person_id, person.name) for scene in scenes for person in scene.persons]


@pytest.fixture
def office(server: Server) -> Generator[Office]:
    for name in (OBAMA, OBAMA_AGAIN, BIDEN):
        real_file(name)
    access_key, secret_key = server.key()
    with open_desk(server) as desk:
        environment = {
            "SCENEDEX_ENDPOINT": server.endpoint,
            "SCENEDEX_WORKSPACE": desk.workspace,
            "SCENEDEX_PROJECT": str(desk.project_id),
            "NCLOUD_ACCESS_KEY": access_key,
            "NCLOUD_SECRET_KEY": secret_key,
        }
        yield Office(server, desk, environment)


def test_persons_are_registered_found_named_merged_split_rejected_and_erased(office: Office) -> None:
    registered = office.answer("create", str(real_file(OBAMA)), "--name", "Barack Obama", "--description", "President")
    obama = registered["personId"]
    again, other = office.analysed(OBAMA_AGAIN), office.analysed(BIDEN)

    # The person registered by a picture is found. An unknown person is registered without a name.
    assert office.seen(again) == [(obama, "Barack Obama")]
    [(biden, nobody)] = office.seen(other)
    assert nobody is None
    assert [it["personId"] for it in office.answers("list", "--anonymous")] == [biden]

    # A name given afterwards is in the index that was there before.
    assert office.answer("name", str(biden), "Joe Biden")["name"] == "Joe Biden"
    assert office.seen(other) == [(biden, "Joe Biden")]
    assert office.run("persons", "name", str(biden), "Barack Obama").exit_code == 5
    assert [tag["name"] for tag in office.answers("tag", str(biden), "senator")] == ["senator"]
    before = people(office)

    # A merge is one person in every index, its undoing brings everything back.
    assert office.answer("merge", str(obama), str(biden), "--yes")["transferredAssetCount"] == 1
    assert office.seen(other) == [(obama, "Barack Obama")]
    [merged] = office.answers("list", "--tag", "senator")
    assert (merged["personId"], merged["assetCount"], len(merged["thumbnails"])) == (obama, 2, 2)
    assert office.run("persons", "show", str(biden)).exit_code == 3
    assert office.answer("split", str(obama), "--merged", str(biden))["splitPersonId"] == biden
    assert people(office) == before
    assert office.seen(other) == [(biden, "Joe Biden")]

    # A picture finds its person, whether it was seen or uploaded.
    [first, *_] = office.answers("recommend", str(real_file(BIDEN)))
    assert (first["personId"], first["score"] >= 80) == (biden, True)

    # What is rejected stays rejected when the asset is analysed again.
    rejection = office.answer("reject", str(obama), "--asset", str(again))
    (stranger,) = rejection["rejectedPersonIds"]
    assert office.seen(again) == [(stranger, None)]
    office.desk.analysed(again, OPTIONS)
    assert obama not in dict(office.seen(again))

    # Two similar persons are not proposed to each other after a rejection.
    alike = {it["personId"] for it in office.answers("recommend", str(real_file(OBAMA_AGAIN)))}
    assert alike == {obama, stranger}
    assert office.answers("similar", str(obama)) == []
    assert office.answer("reject", str(obama), str(biden))["rejectedPersonIds"] == [biden]
    done = [(event["type"], event["otherPersonId"]) for event in office.answers("history", str(obama))]
    assert done == [
        ("REJECTED", biden),
        ("REJECTED", stranger),
        ("SPLIT", biden),
        ("MERGED", biden),
        ("REGISTERED", None),
    ]

    # An erasure leaves no trace, not even in the histories of other persons.
    kinds = {
        trace["kind"]: trace["count"] for trace in office.answer("delete", str(biden), "--erase", "--yes")["removed"]
    }
    assert (kinds["PERSON"], kinds["THUMBNAIL"], kinds["APPEARANCE"]) == (1, 1, 1)
    assert office.seen(other) == []
    assert [event["otherPersonId"] for event in office.answers("history", str(obama))] == [stranger, None]
    assert office.run("persons", "delete", str(biden), "--erase", "--yes").exit_code == 3


def test_a_picture_of_no_use_is_refused_with_a_reason(office: Office, tmp_path: Path) -> None:
    text = tmp_path / "face.jpg"
    text.write_text("no picture")

    refused = subprocess.run(
        [sys.executable, "-m", "scenedex", "persons", "create", str(text), "--name", "Jane Doe"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **office.environment},
        timeout=PATIENCE_S,
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: The file was refused: face.jpg: NOT_AN_IMAGE")
    assert office.answers("list") == []


def people(office: Office) -> list[dict[str, Any]]:
    """Return all persons without links, which are signed again for every answer, and without `updatedTime`."""
    listed = office.answers("list", "--sort", "person_id")
    for person in listed:
        del person["updatedTime"]
        for picture in person["thumbnails"]:
            del picture["url"]
    return listed
