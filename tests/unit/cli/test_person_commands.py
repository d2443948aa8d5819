from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import httpx2
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.testing import FakeService, People


class Ended(Protocol):
    status: int
    out: str
    err: str


class CommandLine(Protocol):
    def __call__(self, *words: str, typed: str = "") -> Ended: ...
    def within(self, **environment: str) -> CommandLine: ...


@pytest.fixture
def people(service: FakeService) -> People:
    return service.people["archive"]


@pytest.fixture
def face(tmp_path: Path) -> str:
    """A picture of a face."""
    picture = tmp_path / "face.jpg"
    picture.write_bytes(b"face")
    return str(picture)


def lines(ended: Ended) -> list[Any]:
    assert ended.status == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


def rows(ended: Ended) -> list[list[str]]:
    assert ended.status == 0, ended.err
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in ended.out.splitlines() if line.startswith("│")]


def said(ended: Ended, status: int) -> str:
    """The one line of an error."""
    assert (ended.status, ended.out) == (status, "")
    assert ended.err.count("\n") == 1
    return ended.err


def test_persons_are_listed_with_counts_and_tags(scenedex: CommandLine, people: People) -> None:
    ada, unknown = people.register("Ada", seen=[(1, 1), (1, 2), (2, 1)]), people.register(seen=[(1, 1)])
    ada.tags.add(people.create_tag("pioneer").id)

    listed = scenedex("persons", "list")

    assert rows(listed) == [
        [str(ada.person_id), "Ada", "2", "3", "pioneer"],
        [str(unknown.person_id), "(anonymous)", "1", "1", ""],
    ]
    assert [it["personId"] for it in lines(scenedex("persons", "list", "--json"))] == [ada.person_id, unknown.person_id]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("--named", ["Grace", "Ada"]),
        ("--anonymous", [None]),
        ("--name ada", ["Ada"]),
        ("--tag pioneer", ["Grace"]),
        ("--sort name", ["Ada", "Grace", None]),
        ("--sort person_id", ["Ada", "Grace", None]),
        ("--sort created_at", [None, "Grace", "Ada"]),
        ("--sort asset_count --reverse", ["Ada", None, "Grace"]),
    ],
)
def test_persons_are_filtered_and_sorted(
    scenedex: CommandLine, people: People, words: str, names: list[str | None]
) -> None:
    people.register("Ada")
    people.register("Grace", seen=[(1, 1), (2, 1)]).tags.add(people.create_tag("pioneer").id)
    people.register(seen=[(1, 1)])

    assert [it["name"] for it in lines(scenedex("persons", "list", *words.split(), "--json"))] == names


def test_an_unknown_tag_is_said(scenedex: CommandLine) -> None:
    assert said(scenedex("persons", "list", "--tag", "poet"), 3) == (
        "Error: There is no person tag poet in the workspace.\n"
    )


def test_a_person_is_shown_with_those_alike_and_what_was_done(scenedex: CommandLine, people: People) -> None:
    ada, grace = people.register("Ada", thumbnail_count=2), people.register("Grace")
    people.scores = {grace.person_id: 91.25}
    person = str(ada.person_id)
    scenedex("persons", "name", person, "Ada Lovelace")

    shown = scenedex("persons", "show", person)

    assert "Ada Lovelace" in shown.out
    assert [str(grace.person_id), "Grace", "91.25"] in rows(shown)
    assert [row[2:4] for row in rows(shown)[1:]] == [["named", "Ada → Ada Lovelace"], ["registered", "Ada"]]
    [document] = lines(scenedex("persons", "show", person, "--json"))
    assert len(document["thumbnails"]) == 2


def test_a_person_is_shown_by_a_service_that_keeps_no_history(
    scenedex: CommandLine, people: People, service: FakeService
) -> None:
    ada = people.register("Ada")
    [person] = lines(scenedex("persons", "show", str(ada.person_id), "--json"))
    service.faults.append(httpx2.Response(200, content=json.dumps({"code": "0", "result": person}).encode()))
    service.faults.append(httpx2.Response(200, content=b'{"code":"0","result":{}}'))
    service.faults.append(httpx2.Response(404, content=b'{"error":{"errorCode":"300","message":"Not Found"}}'))

    assert "Ada" in scenedex("persons", "show", str(ada.person_id)).out


def test_a_person_is_created_by_pictures_named_described_and_found_by_a_picture(
    scenedex: CommandLine, people: People, face: str
) -> None:
    [created] = lines(scenedex("persons", "create", face, face, "--description", "Wrote.", "--json"))
    person = str(created["personId"])
    people.scores = {created["personId"]: 99.0}

    assert (created["name"], created["description"], len(created["thumbnails"])) == (None, "Wrote.", 2)
    assert "Ada" in scenedex("persons", "name", person, "Ada").out
    assert "Countess" in scenedex("persons", "describe", person, "Countess").out
    assert rows(scenedex("persons", "recommend", face, "--count", "1", "--score", "90")) == [[person, "Ada", "99"]]
    assert "(anonymous)" in scenedex("persons", "name", person, "--clear").out
    assert "Countess" not in scenedex("persons", "describe", person, "--clear").out


def test_a_picture_of_no_use_is_named_with_the_reason(scenedex: CommandLine, people: People, face: str) -> None:
    people.messages[b"face"] = "NO_FACE: nobody is seen"

    ended = scenedex("persons", "create", face, "--name", "Ada")

    assert said(ended, 1) == "Error: The file was not taken: face.jpg: NO_FACE: nobody is seen\n"
    assert people.states == {}


@pytest.mark.parametrize("verb", ["create", "recommend"])
def test_a_picture_that_is_not_there_is_an_error_of_one_line(
    scenedex: CommandLine, service: FakeService, tmp_path: Path, verb: str
) -> None:
    assert "nobody.jpg" in said(scenedex("persons", verb, str(tmp_path / "nobody.jpg")), 1)
    assert scenedex("persons", verb, str(tmp_path)).status == 2
    assert service.received == []


def test_persons_are_merged_and_taken_apart(scenedex: CommandLine, people: People) -> None:
    ada = people.register("Ada", seen=[(1, 1)])
    other, third = people.register(seen=[(2, 1)]), people.register(seen=[(3, 1)])
    person = str(ada.person_id)

    merged = scenedex("persons", "merge", person, str(other.person_id), str(third.person_id), typed="y\n")
    assert merged.status == 0
    assert "persons split" in merged.err
    assert [row[2] for row in rows(scenedex("persons", "list"))] == ["3"]
    assert scenedex("persons", "show", str(other.person_id)).status == 3

    [split] = lines(scenedex("persons", "split", person, "--merged", str(other.person_id), "--json"))
    assert split["splitPersonId"] == other.person_id
    assert "merged" in scenedex("persons", "history", person).out
    assert said(scenedex("persons", "split", person, "--merged", str(other.person_id)), 5)


def test_what_is_seen_of_a_person_is_given_to_another(
    scenedex: CommandLine, people: People, service: FakeService
) -> None:
    ada, grace = people.register("Ada", seen=[(1, 1), (1, 2), (2, 1), (3, 1)]), people.register("Grace")
    person = str(ada.person_id)

    to_grace = scenedex(
        "persons", "split", person, "--asset", "1", "--scene", "1", "--scene", "2", "--to", str(grace.person_id)
    )
    to_joan = scenedex("persons", "split", person, "--asset", "2", "--name", "Joan", "--json")
    to_nobody = scenedex("persons", "reject", person, "--asset", "3", "--start", "1500", "--json")

    assert "Grace" in to_grace.out
    assert lines(to_joan)[0]["name"] == "Joan"
    [rejection] = lines(to_nobody)
    assert rejection["movedAppearanceCount"] == 1
    assert json.loads(service.received[-1].body) == {"appearances": [{"assetId": 3, "startTimeMs": 1500}]}


def test_somebody_rejected_is_not_similar_any_more(scenedex: CommandLine, people: People) -> None:
    ada, grace = people.register("Ada"), people.register("Grace")
    people.scores = {grace.person_id: 91.0}
    pair = (str(ada.person_id), str(grace.person_id))

    assert rows(scenedex("persons", "similar", pair[0])) == [[pair[1], "Grace", "91"]]
    assert pair[1] in scenedex("persons", "reject", *pair).out
    assert scenedex("persons", "similar", pair[0]).out == "There are none.\n"


def test_tags_are_created_when_they_are_put_on(scenedex: CommandLine, people: People) -> None:
    people.create_tag("poetry")
    ada = people.register("Ada")
    person = str(ada.person_id)

    assert [it["name"] for it in lines(scenedex("persons", "tag", person, "poet", "poet", "pioneer", "--json"))] == [
        "poet",
        "pioneer",
    ]
    assert [row[1] for row in rows(scenedex("persons", "untag", person, "poet"))] == ["pioneer"]
    assert [row[1] for row in rows(scenedex("persons", "tags", "list"))] == ["poetry", "poet", "pioneer"]
    assert scenedex("persons", "tags", "delete", "pioneer", "--yes").out == "The tag pioneer is deleted.\n"
    assert ada.tags == set()
    assert said(scenedex("persons", "untag", person, "pioneer"), 3)


def test_a_tag_that_somebody_else_creates_meanwhile_is_used(
    scenedex: CommandLine, people: People, service: FakeService
) -> None:
    ada = people.register("Ada")
    people.create_tag("poet")
    nothing = b'{"code":"0","result":{"content":[],"totalCount":0,"totalPage":0,"pageNo":1,"pageSize":50}}'
    service.faults.append(httpx2.Response(200, content=nothing))

    assert [row[1] for row in rows(scenedex("persons", "tag", str(ada.person_id), "poet"))] == ["poet"]


def test_pictures_are_added_chosen_and_removed(scenedex: CommandLine, people: People, face: str) -> None:
    ada = people.register("Ada")
    person = str(ada.person_id)

    [first, former] = lines(scenedex("persons", "pictures", "add", person, face, "--primary", "--json"))
    assert (first["isPrimaryThumbnail"], former["id"]) == (True, ada.thumbnails[0])
    assert scenedex("persons", "pictures", "choose", person, str(former["id"])).status == 0
    assert [row[:2] for row in rows(scenedex("persons", "pictures", "list", person))] == [
        [str(former["id"]), "yes"],
        [str(first["id"]), ""],
    ]
    assert len(rows(scenedex("persons", "pictures", "remove", person, str(first["id"]), "--yes"))) == 1
    assert said(scenedex("persons", "pictures", "remove", person, str(former["id"]), "--yes"), 6)


def test_a_person_is_deleted_or_erased(scenedex: CommandLine, people: People) -> None:
    ada, grace = people.register("Ada"), people.register("Grace")

    assert scenedex("persons", "delete", str(ada.person_id), "-y").out == f"Person {ada.person_id} is deleted.\n"
    erased = scenedex("persons", "delete", str(grace.person_id), "--erase", "-y")
    assert rows(erased) == [["person", "1", str(grace.person_id)], ["face", "3", ""]]
    assert scenedex("persons", "list").out == "There are none.\n"


@pytest.mark.parametrize(
    "words",
    [
        "merge 1 2",
        "delete 1",
        "delete 1 --erase",
        "tags delete poet",
        "pictures remove 1 2",
    ],
)
@pytest.mark.parametrize("typed", ["n\n", ""], ids=["no", "nobody"])
def test_what_takes_away_asks_first(scenedex: CommandLine, service: FakeService, words: str, typed: str) -> None:
    ended = scenedex("persons", *words.split(), typed=typed)

    assert ended.status == 1
    assert "?" in ended.err
    assert service.received == []


@pytest.mark.parametrize(
    "words",
    [
        "name 1",
        "name 1 Ada --clear",
        "describe 1",
        "split 1",
        "split 1 --merged 2 --asset 3",
        "split 1 --merged 2 --name Ada",
        "split 1 --asset 3 --scene 1 --start 5",
        "reject 1",
        "reject 1 2 --asset 3",
        "reject 1 2 --scene 3",
        "merge 1",
        "list --sort age",
    ],
)
def test_a_command_line_that_is_not_right_asks_nothing(scenedex: CommandLine, service: FakeService, words: str) -> None:
    assert scenedex("persons", *words.split()).status == 2
    assert service.received == []


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ("show 9", 3, "There is no person of this id in the workspace. [404 40407]"),
        ("name 1002 Grace", 5, "A person of this name exists already in the workspace. [409 40910]"),
        ("merge 1002 1002 -y", 6, "personIds: must not name the person itself"),
    ],
)
def test_refusals_are_one_line_and_an_exit_status(
    scenedex: CommandLine, people: People, words: str, status: int, sentence: str
) -> None:
    assert people.register("Ada").person_id == 1002
    people.register("Grace")

    assert sentence in said(scenedex("persons", *words.split()), status)


@pytest.mark.parametrize("group", [["persons"], ["persons", "tags"], ["persons", "pictures"]], ids=" ".join)
def test_help_tells_every_exit_status(scenedex: CommandLine, group: list[str]) -> None:
    assert "Exit status: 0 done" in " ".join(scenedex(*group, "--help").out.split())


@pytest.fixture
def analysed(scenedex: CommandLine) -> str:
    """The id of an asset with an index."""
    asset = str(lines(scenedex("assets", "import", "footage", "interview.mp4", "--wait", "--json"))[0]["assetId"])
    assert scenedex("index", "request", asset, "--wait").status == 0
    return asset


def test_a_person_of_a_scene_is_corrected(scenedex: CommandLine, people: People, analysed: str) -> None:
    ada, grace = people.register("Ada", seen=[(int(analysed), 1), (int(analysed), 2)]), people.register("Grace")
    person = str(ada.person_id)

    given = scenedex("index", "name-person", analysed, "1", person, "--person", str(grace.person_id))
    created = scenedex("index", "name-person", analysed, "2", person, "--name", "Joan")

    assert rows(given) == [[str(grace.person_id), "Grace", ""]]
    assert [row[1] for row in rows(created)] == ["Joan"]
    assert said(scenedex("index", "name-person", analysed, "2", person, "--name", "Joan"), 3)


def test_lines_and_speakers_are_corrected(scenedex: CommandLine, people: People, analysed: str) -> None:
    ada = people.register("Ada")

    assert "Good evening." in scenedex("index", "correct", analysed, "2", "--text", "Good evening.").out
    assert "Anchor" in scenedex("index", "correct", analysed, "2", "--speaker", "Anchor").out
    named = scenedex("index", "name-speaker", analysed, "Speaker 1", "--name", "Host", "--json")
    assert lines(named)[0]["scriptCount"] == 2
    linked = scenedex("index", "name-speaker", analysed, "Anchor", "--person", str(ada.person_id), "--json")
    assert lines(linked)[0]["personId"] == ada.person_id
    assert lines(scenedex("index", "name-speaker", analysed, "Ada", "--nobody", "--json"))[0]["personId"] is None
    shown = scenedex("index", "show", analysed, "--ids").out
    assert "0:00:10.000 ID 2 Ada: Good evening." in shown
    assert "ID 1 Host: Line 1." in shown


@pytest.mark.parametrize(
    "words",
    [
        "name-person 1 1 1",
        "name-person 1 1 1 --person 2 --name Ada",
        "correct 1 1",
        "name-speaker 1 Anchor",
        "name-speaker 1 Anchor --name Host --nobody",
    ],
)
def test_a_correction_that_is_not_one_asks_nothing(scenedex: CommandLine, service: FakeService, words: str) -> None:
    assert scenedex("index", *words.split()).status == 2
    assert service.received == []
